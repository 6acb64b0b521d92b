// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of the blitter and the pipelines (Skylake and Broadwell PRM, vol. 2a): which there are, and
 * how long. All reach memory through the context's own address space alone; PIPE_CONTROL is the
 * exception. The manual does not say of each of video's how long it can be: their bound is the field.
 */
#include <linux/kernel.h>

#include "internal.h"

#define ONE_DWORD .longest = { 1, 1 }
#define EACH(bits_, gen8, gen9) .bits = (bits_), .bias = 2, .longest = { (gen8), (gen9) }
#define BOTH(bits_, longest_) EACH(bits_, longest_, longest_)
#define GEN9(bits_, longest_) EACH(bits_, 0, longest_)
#define VIDEO BOTH(12, 4097)
#define VIDEO_GEN9 GEN9(12, 4097)
/* What has data in it. */
#define ANY BOTH(8, 257)

/* By bits 23:16 of the first dword; bits 31:24 choose the page. */
struct page {
	const struct gvt_command_rule *rules;
	u32 count;
};

#define PAGE(rules_) { (rules_), ARRAY_SIZE(rules_) }

/* By bits 28:22. */
static const struct gvt_command_rule blitter_rules[128] = {
	[0x01] = { BOTH(8, 10) }, /* XY_SETUP_BLT */
	[0x03] = { BOTH(8, 3) }, /* XY_SETUP_CLIP_BLT */
	[0x11] = { BOTH(8, 10) }, /* XY_SETUP_MONO_PATTERN_SL_BLT */
	[0x24] = { BOTH(8, 2) }, /* XY_PIXEL_BLT */
	[0x25] = { BOTH(8, 3) }, /* XY_SCANLINES_BLT */
	[0x26] = { BOTH(8, 5) }, /* XY_TEXT_BLT */
	[0x31] = { ANY }, /* XY_TEXT_IMMEDIATE_BLT */
	[0x40] = { BOTH(8, 6) }, /* COLOR_BLT */
	[0x42] = { GEN9(8, 10) }, /* XY_FAST_COPY_BLT */
	[0x43] = { BOTH(8, 8) }, /* SRC_COPY_BLT */
	[0x50] = { BOTH(8, 7) }, /* XY_COLOR_BLT */
	[0x51] = { BOTH(8, 8) }, /* XY_PAT_BLT */
	[0x52] = { BOTH(8, 10) }, /* XY_MONO_PAT_BLT */
	[0x53] = { BOTH(8, 10) }, /* XY_SRC_COPY_BLT */
	[0x54] = { BOTH(8, 10) }, /* XY_MONO_SRC_COPY_BLT */
	[0x55] = { BOTH(8, 12) }, /* XY_FULL_BLT */
	[0x56] = { BOTH(8, 12) }, /* XY_FULL_MONO_SRC_BLT */
	[0x57] = { BOTH(8, 14) }, /* XY_FULL_MONO_PATTERN_BLT */
	[0x58] = { BOTH(8, 14) }, /* XY_FULL_MONO_PATTERN_MONO_SRC_BLT */
	[0x59] = { BOTH(8, 8) }, /* XY_MONO_PAT_FIXED_BLT */
	[0x71] = { ANY }, /* XY_MONO_SRC_COPY_IMMEDIATE_BLT */
	[0x72] = { ANY }, /* XY_PAT_BLT_IMMEDIATE */
	[0x73] = { BOTH(8, 12) }, /* XY_SRC_COPY_CHROMA_BLT */
	[0x74] = { ANY }, /* XY_FULL_IMMEDIATE_PATTERN_BLT */
	[0x75] = { ANY }, /* XY_FULL_MONO_SRC_IMMEDIATE_PATTERN_BLT */
	[0x76] = { BOTH(8, 10) }, /* XY_PAT_CHROMA_BLT */
	[0x77] = { ANY }, /* XY_PAT_CHROMA_BLT_IMMEDIATE */
};

#define PIPE_CONTROL_NOTIFY    BIT(8)
#define PIPE_CONTROL_POST_SYNC (3u << 14)
#define PIPE_CONTROL_INDEX     BIT(21)
#define PIPE_CONTROL_REGISTER  BIT(23)
#define PIPE_CONTROL_GGTT      BIT(24)
/* Where its address is a register's. */
#define REGISTER_OFFSET 0x007ffffcu

static int check_pipe_control(struct gvt_parser *parser, struct gvt_command *command)
{
	u32 *flags = &command->dwords[1];

	parser->interrupt |= !!(*flags & PIPE_CONTROL_NOTIFY);
	*flags &= ~PIPE_CONTROL_NOTIFY;
	/* The address is a register's or one of memory. */
	if (*flags & PIPE_CONTROL_REGISTER && *flags & PIPE_CONTROL_POST_SYNC)
		return gvt_parser_refuse(parser, "it writes a register and memory at once");
	if (*flags & PIPE_CONTROL_REGISTER &&
	    !gvt_register_writable(parser, command->dwords[2] & REGISTER_OFFSET, command->dwords[4]))
		return gvt_parser_refuse(parser, "it flushes, and writes a register of others");
	if (!(*flags & PIPE_CONTROL_POST_SYNC))
		return 0;
	if (*flags & PIPE_CONTROL_INDEX && command->copied) {
		*flags = (*flags & ~PIPE_CONTROL_INDEX) | PIPE_CONTROL_GGTT;
		gvt_set_status_address(parser, &command->dwords[2]);
		return gvt_check_owned(parser, gvt_address_at(command, 2), 8);
	}
	if (!(*flags & PIPE_CONTROL_GGTT))
		return 0;
	return gvt_check_address(parser, command, gvt_address_at(command, 2), 8);
}

static const struct gvt_command_rule render_60[] = {
	[0x03] = { BOTH(8, 2) }, /* STATE_PREFETCH */
};

static const struct gvt_command_rule render_61[] = {
	[0x01] = { EACH(8, 16, 19) }, /* STATE_BASE_ADDRESS */
	[0x02] = { BOTH(8, 3) }, /* STATE_SIP */
	[0x03] = { EACH(8, 2, 0) }, /* SWTESS_BASE_ADDRESS */
	[0x04] = { BOTH(8, 3) }, /* GPGPU_CSR_BASE_ADDRESS */
};

static const struct gvt_command_rule render_68[] = {
	[0x0b] = { ONE_DWORD }, /* 3DSTATE_VF_STATISTICS */
};

static const struct gvt_command_rule render_69[] = {
	[0x04] = { ONE_DWORD }, /* PIPELINE_SELECT */
};

static const struct gvt_command_rule render_70[] = {
	[0x00] = { BOTH(16, 9) }, /* MEDIA_VFE_STATE */
	[0x01] = { BOTH(16, 4) }, /* MEDIA_CURBE_LOAD */
	[0x02] = { BOTH(16, 4) }, /* MEDIA_INTERFACE_DESCRIPTOR_LOAD */
	[0x03] = { BOTH(16, 2) }, /* MEDIA_GATEWAY_STATE */
	[0x04] = { BOTH(16, 2) }, /* MEDIA_STATE_FLUSH */
	[0x05] = { BOTH(16, 6) }, /* MEDIA_POOL_STATE */
};

static const struct gvt_command_rule render_71[] = {
	[0x00] = { BOTH(16, 65535) }, /* MEDIA_OBJECT */
	[0x02] = { BOTH(16, 16) }, /* MEDIA_OBJECT_PRT */
	[0x03] = { BOTH(16, 65535) }, /* MEDIA_OBJECT_WALKER */
	[0x04] = { BOTH(8, 257) }, /* GPGPU_OBJECT */
	[0x05] = { BOTH(8, 15) }, /* GPGPU_WALKER */
	[0x06] = { BOTH(16, 65535) }, /* MEDIA_OBJECT_GRPID */
};

static const struct gvt_command_rule render_78[] = {
	[0x04] = { BOTH(8, 3) }, /* 3DSTATE_CLEAR_PARAMS */
	[0x05] = { BOTH(8, 8) }, /* 3DSTATE_DEPTH_BUFFER */
	[0x06] = { BOTH(8, 5) }, /* 3DSTATE_STENCIL_BUFFER */
	[0x07] = { BOTH(8, 5) }, /* 3DSTATE_HIER_DEPTH_BUFFER */
	[0x08] = { BOTH(8, 257) }, /* 3DSTATE_VERTEX_BUFFERS */
	[0x09] = { BOTH(8, 257) }, /* 3DSTATE_VERTEX_ELEMENTS */
	[0x0a] = { BOTH(8, 5) }, /* 3DSTATE_INDEX_BUFFER */
	[0x0c] = { BOTH(8, 2) }, /* 3DSTATE_VF */
	[0x0d] = { BOTH(8, 2) }, /* 3DSTATE_MULTISAMPLE */
	[0x0e] = { BOTH(8, 2) }, /* 3DSTATE_CC_STATE_POINTERS */
	[0x0f] = { BOTH(8, 2) }, /* 3DSTATE_SCISSOR_STATE_POINTERS */
	[0x10] = { BOTH(8, 9) }, /* 3DSTATE_VS */
	[0x11] = { BOTH(8, 10) }, /* 3DSTATE_GS */
	[0x12] = { BOTH(8, 4) }, /* 3DSTATE_CLIP */
	[0x13] = { BOTH(8, 4) }, /* 3DSTATE_SF */
	[0x14] = { BOTH(8, 2) }, /* 3DSTATE_WM */
	[0x15] = { BOTH(8, 11) }, /* 3DSTATE_CONSTANT_VS */
	[0x16] = { BOTH(8, 11) }, /* 3DSTATE_CONSTANT_GS */
	[0x17] = { BOTH(8, 11) }, /* 3DSTATE_CONSTANT_PS */
	[0x18] = { BOTH(8, 2) }, /* 3DSTATE_SAMPLE_MASK */
	[0x19] = { BOTH(8, 11) }, /* 3DSTATE_CONSTANT_HS */
	[0x1a] = { BOTH(8, 11) }, /* 3DSTATE_CONSTANT_DS */
	[0x1b] = { BOTH(8, 9) }, /* 3DSTATE_HS */
	[0x1c] = { BOTH(8, 4) }, /* 3DSTATE_TE */
	[0x1d] = { EACH(8, 9, 11) }, /* 3DSTATE_DS */
	[0x1e] = { BOTH(8, 5) }, /* 3DSTATE_STREAMOUT */
	[0x1f] = { EACH(8, 4, 6) }, /* 3DSTATE_SBE */
	[0x20] = { BOTH(8, 12) }, /* 3DSTATE_PS */
	[0x21] = { BOTH(8, 2) }, /* 3DSTATE_VIEWPORT_STATE_POINTERS_SF_CLIP */
	[0x23] = { BOTH(8, 2) }, /* 3DSTATE_VIEWPORT_STATE_POINTERS_CC */
	[0x24] = { BOTH(8, 2) }, /* 3DSTATE_BLEND_STATE_POINTERS */
	[0x26] = { BOTH(8, 2) }, /* 3DSTATE_BINDING_TABLE_POINTERS_VS */
	[0x27] = { BOTH(8, 2) }, /* 3DSTATE_BINDING_TABLE_POINTERS_HS */
	[0x28] = { BOTH(8, 2) }, /* 3DSTATE_BINDING_TABLE_POINTERS_DS */
	[0x29] = { BOTH(8, 2) }, /* 3DSTATE_BINDING_TABLE_POINTERS_GS */
	[0x2a] = { BOTH(8, 2) }, /* 3DSTATE_BINDING_TABLE_POINTERS_PS */
	[0x2b] = { BOTH(8, 2) }, /* 3DSTATE_SAMPLER_STATE_POINTERS_VS */
	[0x2c] = { BOTH(8, 2) }, /* 3DSTATE_SAMPLER_STATE_POINTERS_HS */
	[0x2d] = { BOTH(8, 2) }, /* 3DSTATE_SAMPLER_STATE_POINTERS_DS */
	[0x2e] = { BOTH(8, 2) }, /* 3DSTATE_SAMPLER_STATE_POINTERS_GS */
	[0x2f] = { BOTH(8, 2) }, /* 3DSTATE_SAMPLER_STATE_POINTERS_PS */
	[0x30] = { BOTH(8, 2) }, /* 3DSTATE_URB_VS */
	[0x31] = { BOTH(8, 2) }, /* 3DSTATE_URB_HS */
	[0x32] = { BOTH(8, 2) }, /* 3DSTATE_URB_DS */
	[0x33] = { BOTH(8, 2) }, /* 3DSTATE_URB_GS */
	[0x34] = { BOTH(8, 257) }, /* 3DSTATE_GATHER_CONSTANT_VS */
	[0x35] = { BOTH(8, 257) }, /* 3DSTATE_GATHER_CONSTANT_GS */
	[0x36] = { BOTH(8, 257) }, /* 3DSTATE_GATHER_CONSTANT_HS */
	[0x37] = { BOTH(8, 257) }, /* 3DSTATE_GATHER_CONSTANT_DS */
	[0x38] = { BOTH(8, 257) }, /* 3DSTATE_GATHER_CONSTANT_PS */
	[0x39] = { BOTH(11, 2049) }, /* 3DSTATE_DX9_CONSTANTF_VS */
	[0x3a] = { BOTH(11, 2049) }, /* 3DSTATE_DX9_CONSTANTF_PS */
	[0x3b] = { BOTH(8, 257) }, /* 3DSTATE_DX9_CONSTANTI_VS */
	[0x3c] = { BOTH(8, 257) }, /* 3DSTATE_DX9_CONSTANTI_PS */
	[0x3d] = { BOTH(8, 257) }, /* 3DSTATE_DX9_CONSTANTB_VS */
	[0x3e] = { BOTH(8, 257) }, /* 3DSTATE_DX9_CONSTANTB_PS */
	[0x3f] = { BOTH(8, 257) }, /* 3DSTATE_DX9_LOCAL_VALID_VS */
	[0x40] = { BOTH(8, 257) }, /* 3DSTATE_DX9_LOCAL_VALID_PS */
	[0x41] = { BOTH(8, 257) }, /* 3DSTATE_DX9_GENERATE_ACTIVE_VS */
	[0x42] = { BOTH(8, 257) }, /* 3DSTATE_DX9_GENERATE_ACTIVE_PS */
	[0x43] = { BOTH(9, 513) }, /* 3DSTATE_BINDING_TABLE_EDIT_VS */
	[0x44] = { BOTH(9, 513) }, /* 3DSTATE_BINDING_TABLE_EDIT_GS */
	[0x45] = { BOTH(9, 513) }, /* 3DSTATE_BINDING_TABLE_EDIT_HS */
	[0x46] = { BOTH(9, 513) }, /* 3DSTATE_BINDING_TABLE_EDIT_DS */
	[0x47] = { BOTH(9, 513) }, /* 3DSTATE_BINDING_TABLE_EDIT_PS */
	[0x49] = { BOTH(8, 3) }, /* 3DSTATE_VF_INSTANCING */
	[0x4a] = { BOTH(8, 2) }, /* 3DSTATE_VF_SGVS */
	[0x4b] = { BOTH(8, 2) }, /* 3DSTATE_VF_TOPOLOGY */
	[0x4c] = { BOTH(8, 2) }, /* 3DSTATE_WM_CHROMAKEY */
	[0x4d] = { BOTH(8, 2) }, /* 3DSTATE_PS_BLEND */
	[0x4e] = { EACH(8, 3, 4) }, /* 3DSTATE_WM_DEPTH_STENCIL */
	[0x4f] = { BOTH(8, 2) }, /* 3DSTATE_PS_EXTRA */
	[0x50] = { BOTH(8, 5) }, /* 3DSTATE_RASTER */
	[0x51] = { BOTH(8, 11) }, /* 3DSTATE_SBE_SWIZ */
	[0x52] = { BOTH(8, 5) }, /* 3DSTATE_WM_HZ_OP */
	[0x54] = { GEN9(8, 4) }, /* 3DSTATE_RS_CONSTANT_POINTER */
	[0x55] = { GEN9(8, 5) }, /* 3DSTATE_VF_COMPONENT_PACKING */
};

static const struct gvt_command_rule render_79[] = {
	[0x00] = { BOTH(8, 4) }, /* 3DSTATE_DRAWING_RECTANGLE */
	[0x02] = { BOTH(8, 257) }, /* 3DSTATE_SAMPLER_PALETTE_LOAD0 */
	[0x04] = { BOTH(8, 4) }, /* 3DSTATE_CHROMA_KEY */
	[0x06] = { BOTH(8, 2) }, /* 3DSTATE_POLY_STIPPLE_OFFSET */
	[0x07] = { BOTH(8, 33) }, /* 3DSTATE_POLY_STIPPLE_PATTERN */
	[0x08] = { BOTH(8, 3) }, /* 3DSTATE_LINE_STIPPLE */
	[0x0a] = { BOTH(8, 3) }, /* 3DSTATE_AA_LINE_PARAMETERS */
	[0x0c] = { BOTH(8, 257) }, /* 3DSTATE_SAMPLER_PALETTE_LOAD1 */
	[0x11] = { BOTH(8, 2) }, /* 3DSTATE_MONOFILTER_SIZE */
	[0x12] = { BOTH(8, 2) }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_VS */
	[0x13] = { BOTH(8, 2) }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_HS */
	[0x14] = { BOTH(8, 2) }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_DS */
	[0x15] = { BOTH(8, 2) }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_GS */
	[0x16] = { BOTH(8, 2) }, /* 3DSTATE_PUSH_CONSTANT_ALLOC_PS */
	[0x17] = { BOTH(9, 513) }, /* 3DSTATE_SO_DECL_LIST */
	[0x18] = { BOTH(8, 8) }, /* 3DSTATE_SO_BUFFER */
	[0x19] = { BOTH(8, 4) }, /* 3DSTATE_BINDING_TABLE_POOL_ALLOC */
	[0x1a] = { BOTH(8, 4) }, /* 3DSTATE_GATHER_POOL_ALLOC */
	[0x1b] = { BOTH(8, 4) }, /* 3DSTATE_DX9_CONSTANT_BUFFER_POOL_ALLOC */
	[0x1c] = { BOTH(8, 9) }, /* 3DSTATE_SAMPLE_PATTERN */
	[0x1d] = { GEN9(8, 2) }, /* 3DSTATE_URB_CLEAR */
};

static const struct gvt_command_rule render_7a[] = {
	[0x00] = { BOTH(8, 6), .least = 6, .check = check_pipe_control }, /* PIPE_CONTROL */
};

static const struct gvt_command_rule render_7b[] = {
	[0x00] = { BOTH(8, 7) }, /* 3DPRIMITIVE */
};

static const struct page render_pages[32] = {
	[0x00] = PAGE(render_60),
	[0x01] = PAGE(render_61),
	[0x08] = PAGE(render_68),
	[0x09] = PAGE(render_69),
	[0x10] = PAGE(render_70),
	[0x11] = PAGE(render_71),
	[0x18] = PAGE(render_78),
	[0x19] = PAGE(render_79),
	[0x1a] = PAGE(render_7a),
	[0x1b] = PAGE(render_7b),
};

static const struct gvt_command_rule video_68[] = {
	[0x00] = { ONE_DWORD }, /* MFX_WAIT */
};

static const struct gvt_command_rule video_70[] = {
	[0x00] = { VIDEO }, /* MFX_PIPE_MODE_SELECT */
	[0x01] = { VIDEO }, /* MFX_SURFACE_STATE */
	[0x02] = { VIDEO }, /* MFX_PIPE_BUF_ADDR_STATE */
	[0x03] = { VIDEO }, /* MFX_IND_OBJ_BASE_ADDR_STATE */
	[0x04] = { VIDEO }, /* MFX_BSP_BUF_BASE_ADDR_STATE */
	[0x05] = { VIDEO }, /* has no name in the manual, and drivers that use it */
	[0x06] = { VIDEO }, /* MFX_STATE_POINTER */
	[0x07] = { VIDEO }, /* MFX_QM_STATE */
	[0x08] = { VIDEO }, /* MFX_FQM_STATE */
	[0x09] = { VIDEO }, /* MFX_DBK_OBJECT */
	[0x29] = { VIDEO }, /* MFD_IT_OBJECT */
	[0x48] = { VIDEO }, /* MFX_PAK_INSERT_OBJECT */
	[0x4a] = { VIDEO }, /* MFX_STITCH_OBJECT */
	[0x4b] = { VIDEO_GEN9 }, /* MFX_MPEG_TS_CONTROL */
	[0x80] = { VIDEO_GEN9 }, /* VDENC_PIPE_MODE_SELECT */
	[0x81] = { VIDEO_GEN9 }, /* VDENC_SRC_SURFACE_STATE */
	[0x82] = { VIDEO_GEN9 }, /* VDENC_REF_SURFACE_STATE */
	[0x83] = { VIDEO_GEN9 }, /* VDENC_DS_REF_SURFACE_STATE */
	[0x84] = { VIDEO_GEN9 }, /* VDENC_PIPE_BUF_ADDR_STATE */
	[0x85] = { VIDEO_GEN9 }, /* VDENC_IMG_STATE */
	[0x86] = { VIDEO_GEN9 }, /* VDENC_CONST_QPT_STATE */
	[0x87] = { VIDEO_GEN9 }, /* VDENC_WALKER_STATE */
};

static const struct gvt_command_rule video_71[] = {
	[0x00] = { VIDEO }, /* MFX_AVC_IMG_STATE */
	[0x02] = { VIDEO }, /* MFX_AVC_DIRECTMODE_STATE */
	[0x03] = { VIDEO }, /* MFX_AVC_SLICE_STATE */
	[0x04] = { VIDEO }, /* MFX_AVC_REF_IDX_STATE */
	[0x05] = { VIDEO }, /* MFX_AVC_WEIGHTOFFSET_STATE */
	[0x25] = { VIDEO }, /* MFD_AVC_PICID_STATE */
	[0x26] = { VIDEO }, /* MFD_AVC_DPB_STATE */
	[0x27] = { VIDEO }, /* MFD_AVC_SLICEADDR */
	[0x28] = { VIDEO }, /* MFD_AVC_BSD_OBJECT */
	[0x49] = { VIDEO }, /* MFC_AVC_PAK_OBJECT */
};

static const struct gvt_command_rule video_72[] = {
	[0x01] = { VIDEO }, /* MFX_VC1_PRED_PIPE_STATE */
	[0x02] = { VIDEO }, /* MFX_VC1_DIRECTMODE_STATE */
	[0x20] = { VIDEO }, /* MFD_VC1_SHORT_PIC_STATE */
	[0x21] = { VIDEO }, /* MFD_VC1_LONG_PIC_STATE */
	[0x28] = { VIDEO }, /* MFD_VC1_BSD_OBJECT */
};

static const struct gvt_command_rule video_73[] = {
	[0x00] = { VIDEO }, /* MFX_MPEG2_PIC_STATE */
	[0x28] = { VIDEO }, /* MFD_MPEG2_BSD_OBJECT */
	[0x43] = { VIDEO }, /* MFC_MPEG2_SLICEGROUP_STATE */
	[0x49] = { VIDEO }, /* MFC_MPEG2_PAK_OBJECT */
	[0x80] = { VIDEO_GEN9 }, /* HCP_PIPE_MODE_SELECT */
	[0x81] = { VIDEO_GEN9 }, /* HCP_SURFACE_STATE */
	[0x82] = { VIDEO_GEN9 }, /* HCP_PIPE_BUF_ADDR_STATE */
	[0x83] = { VIDEO_GEN9 }, /* HCP_IND_OBJ_BASE_ADDR_STATE */
	[0x84] = { VIDEO_GEN9 }, /* HCP_QM_STATE */
	[0x85] = { VIDEO_GEN9 }, /* HCP_FQM_STATE */
	[0x88] = { VIDEO_GEN9 }, /* HEVC_VP9_RDOQ_STATE */
	[0x90] = { VIDEO_GEN9 }, /* HCP_PIC_STATE */
	[0x91] = { VIDEO_GEN9 }, /* HCP_TILE_STATE */
	[0x92] = { VIDEO_GEN9 }, /* HCP_REF_IDX_STATE */
	[0x93] = { VIDEO_GEN9 }, /* HCP_WEIGHTOFFSET_STATE */
	[0x94] = { VIDEO_GEN9 }, /* HCP_SLICE_STATE */
	[0x95] = { .bits = 12, .bias = 1, .longest = { 0, 4096 } }, /* HCP_TILE_CODING */
	[0xa0] = { VIDEO_GEN9 }, /* HCP_BSD_OBJECT */
	[0xa1] = { VIDEO_GEN9 }, /* HCP_PAK_OBJECT */
	[0xa2] = { VIDEO_GEN9 }, /* HCP_PAK_INSERT_OBJECT */
	[0xb0] = { VIDEO_GEN9 }, /* HCP_VP9_PIC_STATE */
	[0xb2] = { VIDEO_GEN9 }, /* HCP_VP9_SEGMENT_STATE */
};

static const struct gvt_command_rule video_74[] = {
	[0x00] = { VIDEO }, /* MFX_VP8_PIC_STATE */
	[0x28] = { VIDEO }, /* MFD_VP8_BSD_OBJECT */
	[0x41] = { VIDEO_GEN9 }, /* MFX_VP8_ENCODER_CFG */
	[0x43] = { VIDEO_GEN9 }, /* MFX_VP8_BSP_BUF_BASE_ADDR_STATE */
	[0x49] = { VIDEO }, /* MFX_VP8_PAK_OBJECT */
	[0x80] = { VIDEO_GEN9 }, /* SFC_LOCK */
	[0x81] = { VIDEO_GEN9 }, /* SFC_STATE */
	[0x82] = { VIDEO_GEN9 }, /* SFC_AVS_STATE */
	[0x83] = { VIDEO_GEN9 }, /* SFC_IEF_STATE */
	[0x84] = { VIDEO_GEN9 }, /* SFC_FRAME_START */
	[0x85] = { VIDEO_GEN9 }, /* SFC_AVS_LUMA_COEFF_TABLE */
	[0x86] = { VIDEO_GEN9 }, /* SFC_AVS_CHROMA_COEFF_TABLE */
};

static const struct gvt_command_rule video_75[] = {
	[0x00] = { VIDEO_GEN9 }, /* SFC_LOCK */
	[0x01] = { VIDEO_GEN9 }, /* SFC_STATE */
	[0x02] = { VIDEO_GEN9 }, /* SFC_AVS_STATE */
	[0x03] = { VIDEO_GEN9 }, /* SFC_IEF_STATE */
	[0x04] = { VIDEO_GEN9 }, /* SFC_FRAME_START */
	[0x05] = { VIDEO_GEN9 }, /* SFC_AVS_LUMA_COEFF_TABLE */
	[0x06] = { VIDEO_GEN9 }, /* SFC_AVS_CHROMA_COEFF_TABLE */
	[0x80] = { VIDEO_GEN9 }, /* HUC_PIPE_MODE_SELECT */
	[0x81] = { VIDEO_GEN9 }, /* HUC_IMEM_STATE */
	[0x82] = { VIDEO_GEN9 }, /* HUC_DMEM_STATE */
	[0x83] = { VIDEO_GEN9 }, /* HUC_CFG_STATE */
	[0x84] = { VIDEO_GEN9 }, /* HUC_VIRTUAL_ADDR_STATE */
	[0x85] = { VIDEO_GEN9 }, /* HUC_IND_OBJ_BASE_ADDR_STATE */
	[0xa0] = { VIDEO_GEN9 }, /* HUC_STREAM_OBJECT */
	[0xa1] = { VIDEO_GEN9 }, /* HUC_START */
};

/* Without names in the manual, and used by drivers. */
static const struct gvt_command_rule video_76[] = {
	[0x00] = { VIDEO },
	[0x08] = { VIDEO },
	[0x09] = { VIDEO },
};

static const struct gvt_command_rule video_77[] = {
	[0x00] = { VIDEO }, /* MFX_JPEG_PIC_STATE */
	[0x02] = { VIDEO }, /* MFX_JPEG_HUFF_TABLE_STATE */
	[0x28] = { VIDEO }, /* MFD_JPEG_BSD_OBJECT */
	[0x43] = { VIDEO_GEN9 }, /* MFC_JPEG_HUFF_TABLE_STATE */
	[0x49] = { VIDEO_GEN9 }, /* MFC_JPEG_SCAN_OBJECT */
	[0x80] = { VIDEO_GEN9 }, /* VD_PIPELINE_FLUSH */
};

static const struct page video_pages[32] = {
	[0x08] = PAGE(video_68),
	[0x10] = PAGE(video_70),
	[0x11] = PAGE(video_71),
	[0x12] = PAGE(video_72),
	[0x13] = PAGE(video_73),
	[0x14] = PAGE(video_74),
	[0x15] = PAGE(video_75),
	[0x16] = PAGE(video_76),
	[0x17] = PAGE(video_77),
};

static const struct gvt_command_rule enhancement_68[] = {
	[0x00] = { ONE_DWORD }, /* MFX_WAIT */
};

static const struct gvt_command_rule enhancement_74[] = {
	[0x00] = { VIDEO }, /* VEBOX_SURFACE_STATE */
	[0x01] = { VIDEO }, /* VEBOX_TILING_CONVERT */
	[0x02] = { VIDEO }, /* VEBOX_STATE */
	[0x03] = { VIDEO }, /* VEB_DI_IECP */
	[0x80] = { VIDEO_GEN9 }, /* SFC_LOCK */
	[0x81] = { VIDEO_GEN9 }, /* SFC_STATE */
	[0x82] = { VIDEO_GEN9 }, /* SFC_AVS_STATE */
	[0x83] = { VIDEO_GEN9 }, /* SFC_IEF_STATE */
	[0x84] = { VIDEO_GEN9 }, /* SFC_FRAME_START */
	[0x85] = { VIDEO_GEN9 }, /* SFC_AVS_LUMA_COEFF_TABLE */
	[0x86] = { VIDEO_GEN9 }, /* SFC_AVS_CHROMA_COEFF_TABLE */
};

static const struct gvt_command_rule enhancement_75[] = {
	[0x00] = { VIDEO_GEN9 }, /* SFC_LOCK */
	[0x01] = { VIDEO_GEN9 }, /* SFC_STATE */
	[0x02] = { VIDEO_GEN9 }, /* SFC_AVS_STATE */
	[0x03] = { VIDEO_GEN9 }, /* SFC_IEF_STATE */
	[0x04] = { VIDEO_GEN9 }, /* SFC_FRAME_START */
	[0x05] = { VIDEO_GEN9 }, /* SFC_AVS_LUMA_COEFF_TABLE */
	[0x06] = { VIDEO_GEN9 }, /* SFC_AVS_CHROMA_COEFF_TABLE */
};

static const struct page enhancement_pages[32] = {
	[0x08] = PAGE(enhancement_68),
	[0x14] = PAGE(enhancement_74),
	[0x15] = PAGE(enhancement_75),
};

static const struct page *const engine_pages[GVT_ENGINES] = {
	[GVT_RCS] = render_pages,
	[GVT_VCS0] = video_pages,
	[GVT_VECS] = enhancement_pages,
};

#define CLIENT_BLITTER	 2u
#define CLIENT_PIPELINES 3u

const struct gvt_command_rule *gvt_pipeline_find(enum gvt_engine engine, u32 header)
{
	const struct page *page;

	if (header >> 29 == CLIENT_BLITTER)
		return engine == GVT_BCS ? &blitter_rules[header >> 22 & 0x7f] : NULL;
	if (header >> 29 != CLIENT_PIPELINES || !engine_pages[engine])
		return NULL;
	page = &engine_pages[engine][header >> 24 & 0x1f];
	return (header >> 16 & 0xff) < page->count ? &page->rules[header >> 16 & 0xff] : NULL;
}
