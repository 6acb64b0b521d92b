// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: how long each command of Gen8 and Gen9 is (PRM Vol. 2a "Command Reference")
 *
 * A command is put into a batch with nothing but commands that do not exist behind it. The engine
 * stops at the first of these, and its head of execution tells where that is.
 */
#include "gpu-fixture.h"

#define GEN8 1u
#define GEN9 2u
#define BOTH 3u

#define IPEHR 0x68u
#define ACTHD 0x74u
#define EIR   0xb0u
#define GDRST 0x941cu

/*
 * MI opcode 15h is none. As an operand of other commands it is an address, for which a page is
 * there, and a register without meaning.
 */
#define NO_COMMAND 0x0a800000u

#define BB_START   0x18800001u
#define LONG_BATCH 0x400000u
#define BATCH_SIZE 0x50000u

struct command {
	unsigned int generations;
	uint32_t header;
	unsigned int length;
};

static const struct command memory_interface[] = {
	{ BOTH, 0x00000000, 1 }, /* MI_NOOP */
	{ BOTH, 0x007fffff, 1 }, /* MI_NOOP that sets the identification register */
	{ BOTH, 0x00800000, 1 }, /* MI_SET_PREDICATE */
	{ BOTH, 0x01000000, 1 }, /* MI_USER_INTERRUPT */
	{ BOTH, 0x01800000, 1 }, /* MI_WAIT_FOR_EVENT */
	{ BOTH, 0x02000004, 1 }, /* MI_FLUSH */
	{ BOTH, 0x02800000, 1 }, /* MI_ARB_CHECK */
	{ BOTH, 0x03800000, 1 }, /* MI_REPORT_HEAD */
	{ BOTH, 0x04000001, 1 }, /* MI_ARB_ON_OFF */
	{ BOTH, 0x05800000, 1 }, /* MI_SUSPEND_FLUSH */
	{ BOTH, 0x0c000000, 2 }, /* MI_SET_CONTEXT */
	{ GEN8, 0x0d00003f, 65 }, /* MI_MATH */
	{ GEN9, 0x0d0000ff, 257 }, /* MI_MATH */
	{ BOTH, 0x0d800000, 2 }, /* MI_SEMAPHORE_SIGNAL */
	{ BOTH, 0x0e40d002, 4 }, /* MI_SEMAPHORE_WAIT */
	{ GEN9, 0x0e800000, 2 }, /* MI_FORCE_WAKEUP */
	{ BOTH, 0x10400002, 4 }, /* MI_STORE_DATA_IMM */
	{ BOTH, 0x10600003, 5 }, /* MI_STORE_DATA_IMM of a qword */
	{ BOTH, 0x104003ff, 1025 }, /* MI_STORE_DATA_IMM of many dwords */
	{ BOTH, 0x10800001, 3 }, /* MI_STORE_DATA_INDEX */
	{ BOTH, 0x10800002, 4 }, /* MI_STORE_DATA_INDEX of a qword */
	{ BOTH, 0x11000001, 3 }, /* MI_LOAD_REGISTER_IMM */
	{ BOTH, 0x110000ff, 257 }, /* MI_LOAD_REGISTER_IMM of 128 registers */
	{ BOTH, 0x11800001, 3 }, /* MI_UPDATE_GTT */
	{ BOTH, 0x12400002, 4 }, /* MI_STORE_REGISTER_MEM */
	{ BOTH, 0x13000003, 5 }, /* MI_FLUSH_DW */
	{ BOTH, 0x13000002, 4 }, /* MI_FLUSH_DW without the immediate's upper half */
	{ BOTH, 0x14c00002, 4 }, /* MI_LOAD_REGISTER_MEM */
	{ BOTH, 0x15000001, 3 }, /* MI_LOAD_REGISTER_REG */
	{ BOTH, 0x17600003, 5 }, /* MI_COPY_MEM_MEM */
	{ BOTH, 0x17c00501, 3 }, /* MI_ATOMIC */
	{ BOTH, 0x17c40709, 11 }, /* MI_ATOMIC with operands */
	{ BOTH, 0x1b600002, 4 }, /* MI_CONDITIONAL_BATCH_BUFFER_END */
};

static const struct command render_interface[] = {
	{ BOTH, 0x03000000, 1 }, /* MI_RS_CONTROL */
	{ BOTH, 0x04800000, 1 }, /* MI_URB_ATOMIC_ALLOC */
	{ BOTH, 0x06000000, 1 }, /* MI_PREDICATE */
	{ BOTH, 0x06800000, 1 }, /* MI_TOPOLOGY_FILTER */
	{ BOTH, 0x07000000, 1 }, /* MI_SET_APPID */
	{ BOTH, 0x07800000, 1 }, /* MI_RS_CONTEXT */
	{ BOTH, 0x09000000, 2 }, /* MI_LOAD_SCAN_LINES_INCL */
	{ BOTH, 0x09800000, 2 }, /* MI_LOAD_SCAN_LINES_EXCL */
	{ BOTH, 0x0a000001, 3 }, /* MI_DISPLAY_FLIP */
	{ GEN8, 0x0c800000, 2 }, /* MI_URB_CLEAR */
	{ BOTH, 0x13c003ff, 1025 }, /* MI_CLFLUSH */
	{ BOTH, 0x15800002, 4 }, /* MI_RS_STORE_DATA_IMM */
	{ BOTH, 0x16000002, 4 }, /* MI_LOAD_URB_MEM */
	{ BOTH, 0x16800002, 4 }, /* MI_STORE_URB_MEM */
};

static const struct command render[] = {
	{ BOTH, 0x60030000, 2 }, /* STATE_PREFETCH */
	{ GEN8, 0x6101000e, 16 }, /* STATE_BASE_ADDRESS */
	{ GEN9, 0x61010011, 19 }, /* STATE_BASE_ADDRESS */
	{ BOTH, 0x61020001, 3 }, /* STATE_SIP */
	{ GEN8, 0x61030000, 2 }, /* SWTESS_BASE_ADDRESS */
	{ BOTH, 0x61040001, 3 }, /* GPGPU_CSR_BASE_ADDRESS */
	{ BOTH, 0x680b0000, 1 }, /* 3DSTATE_VF_STATISTICS */
	{ BOTH, 0x69040000, 1 }, /* PIPELINE_SELECT */
	{ BOTH, 0x70000007, 9 }, /* MEDIA_VFE_STATE */
	{ BOTH, 0x70010002, 4 }, /* MEDIA_CURBE_LOAD */
	{ BOTH, 0x70020002, 4 }, /* MEDIA_INTERFACE_DESCRIPTOR_LOAD */
	{ BOTH, 0x70040000, 2 }, /* MEDIA_STATE_FLUSH */
	{ BOTH, 0x71000bb7, 3001 }, /* MEDIA_OBJECT */
	{ BOTH, 0x7102000e, 16 }, /* MEDIA_OBJECT_PRT */
	{ BOTH, 0x71030bb7, 3001 }, /* MEDIA_OBJECT_WALKER */
	{ BOTH, 0x7105000d, 15 }, /* GPGPU_WALKER */
	{ BOTH, 0x71060bb7, 3001 }, /* MEDIA_OBJECT_GRPID */
	{ BOTH, 0x78040001, 3 }, /* 3DSTATE_CLEAR_PARAMS */
	{ BOTH, 0x78050006, 8 }, /* 3DSTATE_DEPTH_BUFFER */
	{ BOTH, 0x78060003, 5 }, /* 3DSTATE_STENCIL_BUFFER */
	{ BOTH, 0x78070003, 5 }, /* 3DSTATE_HIER_DEPTH_BUFFER */
	{ BOTH, 0x780800ff, 257 }, /* 3DSTATE_VERTEX_BUFFERS */
	{ BOTH, 0x780900ff, 257 }, /* 3DSTATE_VERTEX_ELEMENTS */
	{ BOTH, 0x780a0003, 5 }, /* 3DSTATE_INDEX_BUFFER */
	{ BOTH, 0x780c0000, 2 }, /* 3DSTATE_VF */
	{ BOTH, 0x780d0000, 2 }, /* 3DSTATE_MULTISAMPLE */
	{ BOTH, 0x780e0000, 2 }, /* 3DSTATE_CC_STATE_POINTERS */
	{ BOTH, 0x780f0000, 2 }, /* 3DSTATE_SCISSOR_STATE_POINTERS */
	{ BOTH, 0x78100007, 9 }, /* 3DSTATE_VS */
	{ BOTH, 0x78110008, 10 }, /* 3DSTATE_GS */
	{ BOTH, 0x78120002, 4 }, /* 3DSTATE_CLIP */
	{ BOTH, 0x78130002, 4 }, /* 3DSTATE_SF */
	{ BOTH, 0x78140000, 2 }, /* 3DSTATE_WM */
	{ BOTH, 0x78150009, 11 }, /* 3DSTATE_CONSTANT_VS */
	{ BOTH, 0x78160009, 11 }, /* 3DSTATE_CONSTANT_GS */
	{ BOTH, 0x78170009, 11 }, /* 3DSTATE_CONSTANT_PS */
	{ BOTH, 0x78180000, 2 }, /* 3DSTATE_SAMPLE_MASK */
	{ BOTH, 0x78190009, 11 }, /* 3DSTATE_CONSTANT_HS */
	{ BOTH, 0x781a0009, 11 }, /* 3DSTATE_CONSTANT_DS */
	{ BOTH, 0x781b0007, 9 }, /* 3DSTATE_HS */
	{ BOTH, 0x781c0002, 4 }, /* 3DSTATE_TE */
	{ GEN8, 0x781d0007, 9 }, /* 3DSTATE_DS */
	{ GEN9, 0x781d0009, 11 }, /* 3DSTATE_DS */
	{ BOTH, 0x781e0003, 5 }, /* 3DSTATE_STREAMOUT */
	{ GEN8, 0x781f0002, 4 }, /* 3DSTATE_SBE */
	{ GEN9, 0x781f0004, 6 }, /* 3DSTATE_SBE */
	{ BOTH, 0x7820000a, 12 }, /* 3DSTATE_PS */
	{ BOTH, 0x78210000, 2 }, /* 3DSTATE_VIEWPORT_STATE_POINTERS_SF_CLIP */
	{ BOTH, 0x78230000, 2 }, /* 3DSTATE_VIEWPORT_STATE_POINTERS_CC */
	{ BOTH, 0x78240000, 2 }, /* 3DSTATE_BLEND_STATE_POINTERS */
	{ BOTH, 0x78260000, 2 }, /* 3DSTATE_BINDING_TABLE_POINTERS_VS */
	{ BOTH, 0x78270000, 2 }, /* 3DSTATE_BINDING_TABLE_POINTERS_HS */
	{ BOTH, 0x78280000, 2 }, /* 3DSTATE_BINDING_TABLE_POINTERS_DS */
	{ BOTH, 0x78290000, 2 }, /* 3DSTATE_BINDING_TABLE_POINTERS_GS */
	{ BOTH, 0x782a0000, 2 }, /* 3DSTATE_BINDING_TABLE_POINTERS_PS */
	{ BOTH, 0x782b0000, 2 }, /* 3DSTATE_SAMPLER_STATE_POINTERS_VS */
	{ BOTH, 0x782c0000, 2 }, /* 3DSTATE_SAMPLER_STATE_POINTERS_HS */
	{ BOTH, 0x782d0000, 2 }, /* 3DSTATE_SAMPLER_STATE_POINTERS_DS */
	{ BOTH, 0x782e0000, 2 }, /* 3DSTATE_SAMPLER_STATE_POINTERS_GS */
	{ BOTH, 0x782f0000, 2 }, /* 3DSTATE_SAMPLER_STATE_POINTERS_PS */
	{ BOTH, 0x78300000, 2 }, /* 3DSTATE_URB_VS */
	{ BOTH, 0x78310000, 2 }, /* 3DSTATE_URB_HS */
	{ BOTH, 0x78320000, 2 }, /* 3DSTATE_URB_DS */
	{ BOTH, 0x78330000, 2 }, /* 3DSTATE_URB_GS */
	{ BOTH, 0x783400ff, 257 }, /* 3DSTATE_GATHER_CONSTANT_VS */
	{ BOTH, 0x783500ff, 257 }, /* 3DSTATE_GATHER_CONSTANT_GS */
	{ BOTH, 0x783600ff, 257 }, /* 3DSTATE_GATHER_CONSTANT_HS */
	{ BOTH, 0x783700ff, 257 }, /* 3DSTATE_GATHER_CONSTANT_DS */
	{ BOTH, 0x783800ff, 257 }, /* 3DSTATE_GATHER_CONSTANT_PS */
	{ BOTH, 0x784301ff, 513 }, /* 3DSTATE_BINDING_TABLE_EDIT_VS */
	{ BOTH, 0x784401ff, 513 }, /* 3DSTATE_BINDING_TABLE_EDIT_GS */
	{ BOTH, 0x784501ff, 513 }, /* 3DSTATE_BINDING_TABLE_EDIT_HS */
	{ BOTH, 0x784601ff, 513 }, /* 3DSTATE_BINDING_TABLE_EDIT_DS */
	{ BOTH, 0x784701ff, 513 }, /* 3DSTATE_BINDING_TABLE_EDIT_PS */
	{ BOTH, 0x78490001, 3 }, /* 3DSTATE_VF_INSTANCING */
	{ BOTH, 0x784a0000, 2 }, /* 3DSTATE_VF_SGVS */
	{ BOTH, 0x784b0000, 2 }, /* 3DSTATE_VF_TOPOLOGY */
	{ BOTH, 0x784c0000, 2 }, /* 3DSTATE_WM_CHROMAKEY */
	{ BOTH, 0x784d0000, 2 }, /* 3DSTATE_PS_BLEND */
	{ GEN8, 0x784e0001, 3 }, /* 3DSTATE_WM_DEPTH_STENCIL */
	{ GEN9, 0x784e0002, 4 }, /* 3DSTATE_WM_DEPTH_STENCIL */
	{ BOTH, 0x784f0000, 2 }, /* 3DSTATE_PS_EXTRA */
	{ BOTH, 0x78500003, 5 }, /* 3DSTATE_RASTER */
	{ BOTH, 0x78510009, 11 }, /* 3DSTATE_SBE_SWIZ */
	{ BOTH, 0x78520003, 5 }, /* 3DSTATE_WM_HZ_OP */
	{ GEN9, 0x78540002, 4 }, /* 3DSTATE_RS_CONSTANT_POINTER */
	{ GEN9, 0x78550003, 5 }, /* 3DSTATE_VF_COMPONENT_PACKING */
	{ BOTH, 0x79000002, 4 }, /* 3DSTATE_DRAWING_RECTANGLE */
	{ BOTH, 0x790200ff, 257 }, /* 3DSTATE_SAMPLER_PALETTE_LOAD0 */
	{ BOTH, 0x79040002, 4 }, /* 3DSTATE_CHROMA_KEY */
	{ BOTH, 0x79060000, 2 }, /* 3DSTATE_POLY_STIPPLE_OFFSET */
	{ BOTH, 0x7907001f, 33 }, /* 3DSTATE_POLY_STIPPLE_PATTERN */
	{ BOTH, 0x79080001, 3 }, /* 3DSTATE_LINE_STIPPLE */
	{ BOTH, 0x790a0001, 3 }, /* 3DSTATE_AA_LINE_PARAMETERS */
	{ BOTH, 0x790c00ff, 257 }, /* 3DSTATE_SAMPLER_PALETTE_LOAD1 */
	{ BOTH, 0x79110000, 2 }, /* 3DSTATE_MONOFILTER_SIZE */
	{ BOTH, 0x79120000, 2 }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_VS */
	{ BOTH, 0x79130000, 2 }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_HS */
	{ BOTH, 0x79140000, 2 }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_DS */
	{ BOTH, 0x79150000, 2 }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_GS */
	{ BOTH, 0x79160000, 2 }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_PS */
	{ BOTH, 0x791701ff, 513 }, /* 3DSTATE_SO_DECL_LIST */
	{ BOTH, 0x79180006, 8 }, /* 3DSTATE_SO_BUFFER */
	{ BOTH, 0x79190002, 4 }, /* 3DSTATE_BINDING_TABLE_POOL_ALLOC */
	{ BOTH, 0x791a0002, 4 }, /* 3DSTATE_GATHER_POOL_ALLOC */
	{ BOTH, 0x791c0007, 9 }, /* 3DSTATE_SAMPLE_PATTERN */
	{ GEN9, 0x791d0000, 2 }, /* 3DSTATE_URB_CLEAR */
	{ BOTH, 0x7a000004, 6 }, /* PIPE_CONTROL */
	{ BOTH, 0x7b000005, 7 }, /* 3DPRIMITIVE */
	{ BOTH, 0x71040003, 5 }, /* GPGPU_OBJECT */
	{ BOTH, 0x7105050d, 15 }, /* GPGPU_WALKER, predicated and indirect */
	{ BOTH, 0x7b000505, 7 }, /* 3DPRIMITIVE, predicated and indirect */
	{ BOTH, 0x7000ffff, 65537 }, /* MEDIA_VFE_STATE: 16 bits of length */
	{ BOTH, 0x783907ff, 2049 }, /* 3DSTATE_DX9_CONSTANTF_VS */
};

static const struct command video[] = {
	{ BOTH, 0x68000000, 1 }, /* MFX_WAIT */
	{ BOTH, 0x70000003, 5 }, /* MFX_PIPE_MODE_SELECT */
	{ BOTH, 0x70010004, 6 }, /* MFX_SURFACE_STATE */
	{ GEN8, 0x7002003b, 61 }, /* MFX_PIPE_BUF_ADDR_STATE */
	{ GEN9, 0x7002003f, 65 }, /* MFX_PIPE_BUF_ADDR_STATE */
	{ BOTH, 0x70030018, 26 }, /* MFX_IND_OBJ_BASE_ADDR_STATE */
	{ BOTH, 0x70040008, 10 }, /* MFX_BSP_BUF_BASE_ADDR_STATE */
	{ BOTH, 0x70060000, 2 }, /* MFX_STATE_POINTER */
	{ BOTH, 0x70070020, 34 }, /* MFX_QM_STATE */
	{ BOTH, 0x70080020, 34 }, /* MFX_FQM_STATE */
	{ BOTH, 0x7009000b, 13 }, /* MFX_DBK_OBJECT */
	{ BOTH, 0x702904af, 1201 }, /* MFD_IT_OBJECT */
	{ BOTH, 0x704804af, 1201 }, /* MFX_PAK_INSERT_OBJECT */
	{ BOTH, 0x704a04af, 1201 }, /* MFX_STITCH_OBJECT */
	{ GEN9, 0x704b0003, 5 }, /* MFX_MPEG_TS_CONTROL */
	{ GEN9, 0x70800000, 2 }, /* VDENC_PIPE_MODE_SELECT */
	{ GEN9, 0x70810004, 6 }, /* VDENC_SRC_SURFACE_STATE */
	{ GEN9, 0x70820004, 6 }, /* VDENC_REF_SURFACE_STATE */
	{ GEN9, 0x70830004, 6 }, /* VDENC_DS_REF_SURFACE_STATE */
	{ GEN9, 0x70840024, 38 }, /* VDENC_PIPE_BUF_ADDR_STATE */
	{ GEN9, 0x70850022, 36 }, /* VDENC_IMG_STATE */
	{ GEN9, 0x7086003c, 62 }, /* VDENC_CONST_QPT_STATE */
	{ GEN9, 0x70870000, 2 }, /* VDENC_WALKER_STATE */
	{ BOTH, 0x7100000c, 14 }, /* MFX_AVC_IMG_STATE */
	{ BOTH, 0x71020045, 71 }, /* MFX_AVC_DIRECTMODE_STATE */
	{ BOTH, 0x71030008, 10 }, /* MFX_AVC_SLICE_STATE */
	{ BOTH, 0x71040008, 10 }, /* MFX_AVC_REF_IDX_STATE */
	{ BOTH, 0x71050060, 98 }, /* MFX_AVC_WEIGHTOFFSET_STATE */
	{ BOTH, 0x71250008, 10 }, /* MFD_AVC_PICID_STATE */
	{ BOTH, 0x71260019, 27 }, /* MFD_AVC_DPB_STATE */
	{ BOTH, 0x71270001, 3 }, /* MFD_AVC_SLICEADDR */
	{ BOTH, 0x71280004, 6 }, /* MFD_AVC_BSD_OBJECT */
	{ BOTH, 0x7149000a, 12 }, /* MFC_AVC_PAK_OBJECT */
	{ BOTH, 0x72010004, 6 }, /* MFX_VC1_PRED_PIPE_STATE */
	{ BOTH, 0x72020005, 7 }, /* MFX_VC1_DIRECTMODE_STATE */
	{ BOTH, 0x72200003, 5 }, /* MFD_VC1_SHORT_PIC_STATE */
	{ BOTH, 0x72210004, 6 }, /* MFD_VC1_LONG_PIC_STATE */
	{ BOTH, 0x72280003, 5 }, /* MFD_VC1_BSD_OBJECT */
	{ BOTH, 0x73000000, 2 }, /* MFX_MPEG2_PIC_STATE */
	{ BOTH, 0x73280003, 5 }, /* MFD_MPEG2_BSD_OBJECT */
	{ BOTH, 0x73430006, 8 }, /* MFC_MPEG2_SLICEGROUP_STATE */
	{ BOTH, 0x73490007, 9 }, /* MFC_MPEG2_PAK_OBJECT */
	{ GEN9, 0x73800002, 4 }, /* HCP_PIPE_MODE_SELECT */
	{ GEN9, 0x73810001, 3 }, /* HCP_SURFACE_STATE */
	{ GEN9, 0x7382005d, 95 }, /* HCP_PIPE_BUF_ADDR_STATE */
	{ GEN9, 0x7383000c, 14 }, /* HCP_IND_OBJ_BASE_ADDR_STATE */
	{ GEN9, 0x73840020, 34 }, /* HCP_QM_STATE */
	{ GEN9, 0x73850020, 34 }, /* HCP_FQM_STATE */
	{ GEN9, 0x7388003c, 62 }, /* HEVC_VP9_RDOQ_STATE */
	{ GEN9, 0x73900000, 2 }, /* HCP_PIC_STATE */
	{ GEN9, 0x7391000b, 13 }, /* HCP_TILE_STATE */
	{ GEN9, 0x73920010, 18 }, /* HCP_REF_IDX_STATE */
	{ GEN9, 0x73930020, 34 }, /* HCP_WEIGHTOFFSET_STATE */
	{ GEN9, 0x73940000, 2 }, /* HCP_SLICE_STATE */
	{ GEN9, 0x73950000, 1 }, /* HCP_TILE_CODING */
	{ GEN9, 0x73a00001, 3 }, /* HCP_BSD_OBJECT */
	{ GEN9, 0x73a10000, 2 }, /* HCP_PAK_OBJECT */
	{ GEN9, 0x73a204af, 1201 }, /* HCP_PAK_INSERT_OBJECT */
	{ GEN9, 0x73b00000, 2 }, /* HCP_VP9_PIC_STATE */
	{ GEN9, 0x73b20006, 8 }, /* HCP_VP9_SEGMENT_STATE */
	{ BOTH, 0x74000000, 2 }, /* MFX_VP8_PIC_STATE */
	{ BOTH, 0x74280014, 22 }, /* MFD_VP8_BSD_OBJECT */
	{ GEN9, 0x74410000, 2 }, /* MFX_VP8_ENCODER_CFG */
	{ GEN9, 0x74430000, 2 }, /* MFX_VP8_BSP_BUF_BASE_ADDR_STATE */
	{ BOTH, 0x74490005, 7 }, /* MFX_VP8_PAK_OBJECT */
	{ GEN9, 0x75000000, 2 }, /* SFC_LOCK */
	{ GEN9, 0x7501001e, 32 }, /* SFC_STATE */
	{ GEN9, 0x75020001, 3 }, /* SFC_AVS_STATE */
	{ GEN9, 0x75030016, 24 }, /* SFC_IEF_STATE */
	{ GEN9, 0x75040000, 2 }, /* SFC_FRAME_START */
	{ GEN9, 0x7505007f, 129 }, /* SFC_AVS_LUMA_COEFF_TABLE */
	{ GEN9, 0x7506003f, 65 }, /* SFC_AVS_CHROMA_COEFF_TABLE */
	{ GEN9, 0x75800001, 3 }, /* HUC_PIPE_MODE_SELECT */
	{ GEN9, 0x75810003, 5 }, /* HUC_IMEM_STATE */
	{ GEN9, 0x75820004, 6 }, /* HUC_DMEM_STATE */
	{ GEN9, 0x75830000, 2 }, /* HUC_CFG_STATE */
	{ GEN9, 0x7584002f, 49 }, /* HUC_VIRTUAL_ADDR_STATE */
	{ GEN9, 0x75850009, 11 }, /* HUC_IND_OBJ_BASE_ADDR_STATE */
	{ GEN9, 0x75a00003, 5 }, /* HUC_STREAM_OBJECT */
	{ GEN9, 0x75a10000, 2 }, /* HUC_START */
	{ BOTH, 0x77000001, 3 }, /* MFX_JPEG_PIC_STATE */
	{ BOTH, 0x7702033d, 831 }, /* MFX_JPEG_HUFF_TABLE_STATE */
	{ BOTH, 0x77280004, 6 }, /* MFD_JPEG_BSD_OBJECT */
	{ GEN9, 0x774300ae, 176 }, /* MFC_JPEG_HUFF_TABLE_STATE */
	{ GEN9, 0x77490001, 3 }, /* MFC_JPEG_SCAN_OBJECT */
	{ GEN9, 0x77800000, 2 }, /* VD_PIPELINE_FLUSH */
};

static const struct command enhancement[] = {
	{ BOTH, 0x68000100, 1 }, /* MFX_WAIT */
	{ BOTH, 0x74000007, 9 }, /* VEBOX_SURFACE_STATE */
	{ BOTH, 0x74010004, 6 }, /* VEBOX_TILING_CONVERT */
	{ BOTH, 0x7402000f, 17 }, /* VEBOX_STATE */
	{ BOTH, 0x74030012, 20 }, /* VEB_DI_IECP */
	{ GEN9, 0x75000000, 2 }, /* SFC_LOCK */
};

static const struct command blitter[] = {
	{ BOTH, 0x09000000, 2 }, /* MI_LOAD_SCAN_LINES_INCL */
	{ BOTH, 0x0a000001, 3 }, /* MI_DISPLAY_FLIP */
};

/* What no engine but another one knows. */
static const struct {
	uint32_t engine;
	unsigned int generations;
	uint32_t header;
} strangers[] = {
	{ RCS, BOTH, 0x54300008 }, /* XY_SRC_COPY_BLT */
	{ RCS, GEN9, 0x0c800000 }, /* MI_URB_CLEAR */
	{ RCS, GEN8, 0x0e800000 }, /* MI_FORCE_WAKEUP */
	{ RCS, BOTH, 0x0b000001 }, /* MI_SEMAPHORE_MBOX, of older generations */
	{ RCS, BOTH, 0x20000000 }, /* client 1 */
	{ RCS, BOTH, 0x80000000 }, /* client 4 */
	{ RCS, BOTH, 0xe0000000 }, /* client 7 */
	{ BCS, BOTH, 0x7a000004 }, /* PIPE_CONTROL */
	{ BCS, BOTH, 0x14000002 }, /* MI_REPORT_PERF_COUNT */
	{ VCS0, BOTH, 0x7a000004 }, { VCS0, BOTH, 0x69040000 }, /* PIPELINE_SELECT */
	{ VCS0, BOTH, 0x54300008 }, { VCS0, BOTH, 0x0a000001 }, /* MI_DISPLAY_FLIP */
	{ VECS, BOTH, 0x70000003 }, /* MFX_PIPE_MODE_SELECT */
	{ VECS, BOTH, 0x7a000004 },
};

static const struct {
	unsigned int generation;
	const char *device;
} devices[] = { { GEN8, "bdw-gt2" }, { GEN9, "skl-gt2" } };

#define DEVICES (sizeof(devices) / sizeof(devices[0]))

static uint32_t reset_bit(uint32_t engine)
{
	switch (engine) {
	case RCS:
		return 1u << 1;
	case VCS0:
		return 1u << 2;
	case BCS:
		return 1u << 3;
	default:
		return 1u << 4;
	}
}

static struct machine *machine_of(const char *device)
{
	struct machine *machine = machine_new_device(device);

	for (uint32_t at = 0; at < BATCH_SIZE; at += 4)
		set_ram32(machine, LONG_BATCH + at, NO_COMMAND);
	return machine;
}

/* Where the engine stops, in dwords from the command on. */
static unsigned int stops_at(struct machine *machine, uint32_t engine, uint32_t header)
{
	uint64_t context = context_make(machine, 0);
	unsigned int at;

	RING_FILL(machine, 0, BB_START, LONG_BATCH, 0);
	set_ram32(machine, LONG_BATCH, header);
	/* Greater than, and not equal to, what the commands compare it with. */
	set_ram32(machine, SCRATCH, 0xffffffff);
	map_page(machine, NO_COMMAND, SCRATCH);
	elsp(machine, engine, context, 0);
	wait_mmio32(machine, engine + EIR, 1, 1);
	at = (mmio_read32(machine, engine + ACTHD) - LONG_BATCH) / 4;
	assert_int_equal(mmio_read32(machine, engine + IPEHR), at ? NO_COMMAND : header);
	mmio_write32(machine, GDRST, reset_bit(engine));
	return at;
}

static void check(struct machine *machine, unsigned int generation, uint32_t engine,
		  const struct command *commands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned int at;

		if (!(commands[i].generations & generation))
			continue;
		at = stops_at(machine, engine, commands[i].header);
		if (at != commands[i].length)
			fail_msg("command %08x of engine %x: %u dwords, not %u", commands[i].header,
				 engine, at, commands[i].length);
	}
}

#define CHECK(machine, generation, engine, commands) \
	check(machine, generation, engine, commands, sizeof(commands) / sizeof((commands)[0]))

static void test_memory_interface(void **state)
{
	static const uint32_t engines[] = { RCS, BCS, VCS0, VECS };

	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_of(devices[i].device);

		for (unsigned int k = 0; k < 4; k++)
			CHECK(machine, devices[i].generation, engines[k], memory_interface);
		CHECK(machine, devices[i].generation, RCS, render_interface);
		CHECK(machine, devices[i].generation, BCS, blitter);
		machine_free(machine);
	}
}

static void test_render_and_media(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_of(devices[i].device);

		CHECK(machine, devices[i].generation, RCS, render);
		machine_free(machine);
	}
}

static void test_video(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_of(devices[i].device);

		CHECK(machine, devices[i].generation, VCS0, video);
		CHECK(machine, devices[i].generation, VECS, enhancement);
		machine_free(machine);
	}
}

/*
 * All blits have opcode and length at the same places; these are the least lengths of the manual,
 * where addresses have two dwords, without immediate data. Missed out are XY_PIXEL_BLT, which
 * cannot be empty, and XY_FAST_COPY_BLT, for the operand here would be a depth that is none.
 */
static void test_blits(void **state)
{
	static const struct {
		uint8_t opcode, length;
	} blits[] = {
		{ 0x01, 10 }, { 0x03, 3 },  { 0x11, 10 }, { 0x25, 3 },	{ 0x26, 5 },
		{ 0x31, 3 },  { 0x40, 6 },  { 0x43, 8 },  { 0x50, 7 },	{ 0x51, 8 },
		{ 0x52, 10 }, { 0x53, 10 }, { 0x54, 10 }, { 0x55, 12 }, { 0x56, 12 },
		{ 0x57, 14 }, { 0x58, 14 }, { 0x59, 8 },  { 0x71, 8 },	{ 0x72, 6 },
		{ 0x73, 12 }, { 0x74, 10 }, { 0x75, 10 }, { 0x76, 10 }, { 0x77, 8 },
	};

	/* With an empty rectangle nothing is drawn, whatever the command. */
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_of(devices[i].device);

		for (unsigned int k = 0; k < sizeof(blits) / sizeof(blits[0]); k++) {
			uint32_t header = 2u << 29 | (uint32_t)blits[k].opcode << 22;
			unsigned int length = blits[k].length;

			assert_int_equal(stops_at(machine, BCS, header | (length - 2)), length);
			assert_int_equal(stops_at(machine, BCS, header | (length + 5)), length + 7);
		}
		machine_free(machine);
	}
}

static void test_no_such_command(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_of(devices[i].device);

		for (unsigned int k = 0; k < sizeof(strangers) / sizeof(strangers[0]); k++)
			if (strangers[k].generations & devices[i].generation)
				assert_int_equal(
					stops_at(machine, strangers[k].engine, strangers[k].header),
					0);
		machine_free(machine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_interface),
		cmocka_unit_test(test_render_and_media),
		cmocka_unit_test(test_video),
		cmocka_unit_test(test_blits),
		cmocka_unit_test(test_no_such_command),
	};

	return cmocka_run_group_tests_name("gpusim: command lengths", tests, NULL, NULL);
}
