// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a transcoder to the port that it drives, the PLL that clocks the port, and pixels per second
 * (Skylake and Broadwell PRM, vol. 12, "Clocks"). The monitor is an HDMI one: the PLLs' rates for
 * DisplayPort are not looked at.
 */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "../vgpu/gpu.h"
#include "../vgpu/mmio.h"
#include "../vgpu/vgpu.h"
#include "display.h"

#define DPLL_CTRL1   0x6c058u /* six bits for each PLL */
#define DPLL_CTRL2   0x6c05cu /* which PLL a port has */
#define DPLL_CFGCR1(pll) (0x6c038u + 8 * (pll)) /* of PLLs 1 to 3 */
#define DPLL_CFGCR2(pll) (0x6c03cu + 8 * (pll))
#define DPLL_HDMI    BIT(5)
#define DPLL_REFERENCE_HZ 24000000ull

#define PORT_SELECT(port) (0x46100u + 4 * (port))
#define SELECT_WRPLL1	  4u
#define WRPLL(n)	  (0x46040u + 0x20 * (n))
#define WRPLL_ENABLE	  BIT(31)
#define WRPLL_FROM_LCPLL  3u
#define LCPLL_HZ	  2700000000ull

/* What is divided by 5, as there are so many phases in a bit. */
static u64 divide(u64 hz, u32 p, u32 q, u32 k)
{
	return p && q && k ? hz / ((u64)p * q * k * 5) : 0;
}

/* The DCO's frequency is in whole references and 2^-15 of them; three dividers follow. */
static u64 skylake_clock(const struct vgpu *vgpu, unsigned int port)
{
	static const u8 p_of[8] = { 1, 2, 3, 0, 7 }, k_of[4] = { 5, 2, 3, 1 };
	u32 select = vgpu_reg(vgpu, DPLL_CTRL2), pll = select >> (3 * port + 1) & 3;
	u32 dco, dividers;

	/* The clock's gate, and PLL 0 that has no HDMI mode. */
	if (select & BIT(15 + port) || !pll || !(vgpu_reg(vgpu, DPLL_CTRL1) >> 6 * pll & DPLL_HDMI))
		return 0;
	dco = vgpu_reg(vgpu, DPLL_CFGCR1(pll));
	dividers = vgpu_reg(vgpu, DPLL_CFGCR2(pll));
	return divide(DPLL_REFERENCE_HZ * (dco & 0x1ff) + (DPLL_REFERENCE_HZ * (dco >> 9 & 0x7fff) >> 15),
		      p_of[dividers >> 2 & 7], dividers & BIT(7) ? dividers >> 8 & 0xff : 1,
		      k_of[dividers >> 5 & 3]);
}

static u64 broadwell_clock(const struct vgpu *vgpu, unsigned int port)
{
	u32 select = vgpu_reg(vgpu, PORT_SELECT(port)) >> 29, pll;

	if (select != SELECT_WRPLL1 && select != SELECT_WRPLL1 + 1)
		return 0;
	pll = vgpu_reg(vgpu, WRPLL(select - SELECT_WRPLL1));
	if (!(pll & WRPLL_ENABLE) || (pll >> 28 & 3) != WRPLL_FROM_LCPLL)
		return 0;
	return divide(LCPLL_HZ * (pll >> 16 & 0xff), pll & 0xff, pll >> 8 & 0x3f, 1);
}

u64 vgpu_pixel_clock(const struct vgpu *vgpu, unsigned int transcoder)
{
	u32 ddi = vgpu_reg(vgpu, TRANSCODER(transcoder) + TRANS_DDI_FUNC_CTL);
	unsigned int port = DDI_FUNC_PORT(ddi);
	u64 clock;

	if (!(ddi & DDI_FUNC_ENABLE) || port > 4)
		return 0;
	clock = vgpu->gpu->info->generation == 8 ? broadwell_clock(vgpu, port) : skylake_clock(vgpu, port);
	/* More bits a colour are sent by a faster clock: 10 in depth 1, 12 in depth 3. */
	switch (DDI_FUNC_DEPTH(ddi)) {
	case 1:
		return clock * 4 / 5;
	case 3:
		return clock * 2 / 3;
	default:
		return clock;
	}
}
