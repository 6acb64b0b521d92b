// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#include "edid.h"

#define PREFERRED  54 /* the first detailed timing */
#define EXTENSIONS 126 /* where the base block counts its extensions */
#define CHECKSUM   127

#define MHZ		       1000000u
#define CLOCK_STEP	       250000u /* of CVT */
#define CLOCK_LIMIT	       655350000u /* 16 bits of 10 kHz */
#define CLOCK_HDMI_LEAST       25000000u
#define CLOCK_HDMI_MOST	       340000000u
#define CLOCK_DVI	       165000000u /* what every HDMI monitor takes */
#define H_BLANK		       160u
#define H_FRONT		       48u
#define H_SYNC		       32u
#define V_FRONT		       3u
#define V_BACK_LEAST	       6u
#define V_BLANK_US	       460u
#define DPI_INCH_TO_MM(pixels) ((pixels)*254 / 960) /* at 96 dots per inch */

static const uint8_t header[8] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };

struct cvt {
	unsigned int v_blank, v_sync;
	uint32_t clock; /* Hz */
	unsigned int line_khz; /* rounded up */
};

/* CVT tells aspect ratios by the length of the vertical sync. */
static const struct {
	uint8_t wide, high, lines;
} aspects[] = { { 4, 3, 4 }, { 16, 9, 5 }, { 16, 10, 6 }, { 5, 4, 7 }, { 15, 9, 7 } };

static unsigned int v_sync(const struct edid_mode *mode)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(aspects); i++)
		if (mode->width * aspects[i].high == mode->height * aspects[i].wide)
			return aspects[i].lines;
	return 10;
}

/* CVT 1.2, section 5: reduced blanking, version 1. */
static struct cvt compute_cvt(const struct edid_mode *mode)
{
	unsigned int blank_part = V_BLANK_US * mode->rate; /* of a second's 10^6 */
	unsigned int lines = blank_part * mode->height / (MHZ - blank_part) + 1;
	struct cvt cvt = { .v_sync = v_sync(mode) };
	uint64_t total;

	cvt.v_blank = V_FRONT + cvt.v_sync + V_BACK_LEAST;
	if (cvt.v_blank < lines)
		cvt.v_blank = lines;
	total = (uint64_t)(mode->width + H_BLANK) * (mode->height + cvt.v_blank);
	total = total * mode->rate / CLOCK_STEP * CLOCK_STEP;
	cvt.clock = total > 0xffffffffu ? 0xffffffffu : (uint32_t)total;
	cvt.line_khz = cvt.clock / (mode->width + H_BLANK) / 1000 + 1;
	return cvt;
}

/* 12 bits of two counts in three bytes: both low parts, then both high ones. */
static void put_pair(uint8_t *to, unsigned int a, unsigned int b)
{
	to[0] = (uint8_t)a;
	to[1] = (uint8_t)b;
	to[2] = (uint8_t)((a >> 8 & 0xf) << 4 | (b >> 8 & 0xf));
}

/* Section 3.10.2: detailed timing. */
static void put_timing(uint8_t *to, const struct edid_mode *mode, const struct cvt *cvt)
{
	unsigned int clock = cvt->clock / 10000;

	to[0] = (uint8_t)clock;
	to[1] = (uint8_t)(clock >> 8);
	put_pair(to + 2, mode->width, H_BLANK);
	put_pair(to + 5, mode->height, cvt->v_blank);
	to[8] = H_FRONT;
	to[9] = H_SYNC;
	to[10] = (uint8_t)(V_FRONT << 4 | cvt->v_sync);
	to[11] = 0;
	put_pair(to + 12, DPI_INCH_TO_MM(mode->width), DPI_INCH_TO_MM(mode->height));
	to[17] = 0x1a; /* separate syncs, horizontal positive */
}

/* Section 3.10.3: a descriptor of text ends with a newline and is filled up with blanks. */
static void put_name(uint8_t *to, const char *name)
{
	size_t length = strlen(name);

	to[3] = 0xfc;
	memset(to + 5, ' ', 13);
	memcpy(to + 5, name, length);
	to[5 + length] = '\n';
}

static unsigned int larger(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

static unsigned int smaller(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Smaller modes at 60 Hz that computers know by number (VESA DMT): as bits in a byte of established
 * timings, section 3.8, or as two bytes of standard ones, section 3.9, up to eight of which there is
 * room for.
 */
#define ESTABLISHED 35 /* where those bytes are */
#define STANDARD    38
#define STANDARDS   8

static const struct {
	uint16_t width, height;
	uint8_t byte, bit; /* established */
	uint8_t code[2]; /* standard, otherwise */
	uint8_t line_khz, clock_mhz; /* rounded up */
} customary[] = {
	{ 640, 480, 0, 0x20, { 0 }, 32, 26 },
	{ 800, 600, 0, 0x01, { 0 }, 38, 40 },
	{ 1024, 768, 1, 0x08, { 0 }, 49, 65 },
	{ 1280, 720, 0, 0, { 0x81, 0xc0 }, 45, 75 },
	{ 1280, 800, 0, 0, { 0x81, 0x00 }, 50, 84 },
	{ 1280, 1024, 0, 0, { 0x81, 0x80 }, 64, 108 },
	{ 1440, 900, 0, 0, { 0x95, 0x00 }, 56, 107 },
	{ 1600, 900, 0, 0, { 0xa9, 0xc0 }, 60, 108 },
	{ 1600, 1200, 0, 0, { 0xa9, 0x40 }, 75, 162 },
	{ 1680, 1050, 0, 0, { 0xb3, 0x00 }, 66, 147 },
	{ 1920, 1080, 0, 0, { 0xd1, 0xc0 }, 68, 149 },
};

static bool is_within(unsigned int i, const struct edid_mode *mode)
{
	return customary[i].width <= mode->width && customary[i].height <= mode->height;
}

/* The preferred mode is not said twice. */
static bool is_same(unsigned int i, const struct edid_mode *mode)
{
	return customary[i].width == mode->width && customary[i].height == mode->height &&
	       mode->rate == 60;
}

static void put_customary(uint8_t *edid, const struct edid_mode *mode)
{
	uint8_t *standard = edid + STANDARD;

	memset(standard, 0x01, 2 * STANDARDS);
	for (unsigned int i = 0; i < ARRAY_SIZE(customary); i++) {
		if (!is_within(i, mode))
			continue;
		if (customary[i].bit) {
			edid[ESTABLISHED + customary[i].byte] |= customary[i].bit;
		} else if (!is_same(i, mode)) {
			memcpy(standard, customary[i].code, 2);
			standard += 2;
		}
	}
}

/* Section 3.10.3.3: range limits, wide enough for the customary modes. */
static void put_ranges(uint8_t *to, const struct edid_mode *mode, const struct cvt *cvt,
		       enum edid_input input)
{
	unsigned int line_khz = larger(cvt->line_khz, 49), clock_mhz = larger(cvt->clock / MHZ + 1, 65);
	bool revision_3 = input == EDID_HDMI;

	for (unsigned int i = 0; i < ARRAY_SIZE(customary); i++) {
		if (is_within(i, mode)) {
			line_khz = larger(line_khz, customary[i].line_khz);
			clock_mhz = larger(clock_mhz, customary[i].clock_mhz);
		}
	}
	if (revision_3)
		line_khz = smaller(line_khz, 255);

	to[3] = 0xfd;
	to[4] = line_khz > 255 ? 0x08 : 0; /* 255 is to be added to the highest line rate */
	to[5] = (uint8_t)smaller(mode->rate - 1, 50);
	to[6] = (uint8_t)larger(mode->rate + 1, 75);
	to[7] = (uint8_t)smaller(cvt->line_khz - 1, 30);
	to[8] = (uint8_t)(line_khz > 255 ? line_khz - 255 : line_khz);
	to[9] = (uint8_t)((clock_mhz + 9) / 10);
	to[10] = revision_3 ? 0x00 : 0x01; /* limits, and no formula of its own */
	to[11] = '\n';
	memset(to + 12, ' ', 6);
}

static void finish_block(uint8_t *block)
{
	uint8_t sum = 0;

	for (unsigned int i = 0; i < CHECKSUM; i++)
		sum += block[i];
	block[CHECKSUM] = (uint8_t)-sum;
}

/* Section 3.3 to 3.7: who made it, what it is. */
static void put_identity(uint8_t *edid, const struct edid_mode *mode, enum edid_input input)
{
	static const uint8_t srgb[] = {
		0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54
	};

	memcpy(edid, header, sizeof(header));
	edid[8] = 0x1e; /* "GVT", five bits a letter */
	edid[9] = 0xd4;
	edid[10] = 1; /* product */
	edid[17] = 2026 - 1990;
	edid[18] = 1;
	/* HDMI wants revision 1.3, which knows of a digital input no more than that. */
	edid[19] = input == EDID_HDMI ? 3 : 4;
	edid[20] = input == EDID_HDMI ? 0x80 : 0xa5; /* else with 8 bits a colour */
	edid[21] = (uint8_t)(DPI_INCH_TO_MM(mode->width) / 10);
	edid[22] = (uint8_t)(DPI_INCH_TO_MM(mode->height) / 10);
	edid[23] = 120; /* gamma 2.2 */
	edid[24] = input == EDID_HDMI ? 0x0e : 0x06; /* sRGB; the first timing is the panel's own */
	memcpy(edid + 25, srgb, sizeof(srgb));
}

static void make_base(const struct edid_mode *mode, const struct cvt *cvt, enum edid_input input,
		      const char *name, uint8_t *edid)
{
	put_identity(edid, mode, input);
	put_customary(edid, mode);
	put_timing(edid + PREFERRED, mode, cvt);
	put_ranges(edid + 72, mode, cvt, input);
	put_name(edid + 90, name);
	edid[108 + 3] = 0x10; /* unused */
	edid[EXTENSIONS] = input == EDID_HDMI;
	finish_block(edid);
}

/*
 * CTA-861-G, section 7.5: what makes it an HDMI monitor, with its highest clock. No audio.
 */
static void make_cta(const struct cvt *cvt, uint8_t *block)
{
	const uint8_t blocks[] = {
		0x67,
		0x03,
		0x0c,
		0x00,
		0x10,
		0x00,
		0x00, /* HDMI, at address 1.0.0.0 */
		(uint8_t)((larger(cvt->clock, CLOCK_DVI) + 5 * MHZ - 1) / (5 * MHZ)),
		0xe2,
		0x00,
		0x4a, /* the range of RGB can be selected; all is shown to its edges */
	};

	block[0] = 0x02;
	block[1] = 3;
	block[2] = 4 + sizeof(blocks); /* where timings would begin */
	block[3] = 0x80; /* computers' formats are shown to their edges */
	memcpy(block + 4, blocks, sizeof(blocks));
	finish_block(block);
}

uint32_t edid_pixel_clock(const struct edid_mode *mode)
{
	return compute_cvt(mode).clock;
}

int edid_make(const struct edid_mode *mode, enum edid_input input, const char *name,
	      uint8_t edid[EDID_MAX_MADE])
{
	struct cvt cvt;

	if (mode->width < 320 || mode->width > 4095 || mode->height < 200 || mode->height > 4095 ||
	    mode->rate < 24 || mode->rate > 240)
		return -EINVAL;
	cvt = compute_cvt(mode);
	if (cvt.clock > CLOCK_LIMIT || cvt.v_blank > 4095)
		return -ERANGE;
	if (input == EDID_HDMI && (cvt.clock < CLOCK_HDMI_LEAST || cvt.clock > CLOCK_HDMI_MOST))
		return -ERANGE;
	memset(edid, 0, EDID_MAX_MADE);
	make_base(mode, &cvt, input, name, edid);
	if (input != EDID_HDMI)
		return EDID_BLOCK;
	make_cta(&cvt, edid + EDID_BLOCK);
	return EDID_MAX_MADE;
}

bool edid_preferred(const uint8_t *edid, struct edid_mode *mode)
{
	const uint8_t *timing = edid + PREFERRED;

	*mode = (struct edid_mode){
		.width = timing[2] | (timing[4] & 0xf0u) << 4,
		.height = timing[5] | (timing[7] & 0xf0u) << 4,
	};
	return (timing[0] || timing[1]) && mode->width && mode->height;
}

const char *edid_fault(const uint8_t *edid, size_t size)
{
	if (!size || size % EDID_BLOCK || size > EDID_MAX_SIZE)
		return "its size is no multiple of 128 bytes from 128 to 32768";
	if (memcmp(edid, header, sizeof(header)))
		return "it does not begin as an EDID does";
	if (size != (1 + (size_t)edid[EXTENSIONS]) * EDID_BLOCK)
		return "it has not as many blocks as its first one says";
	for (size_t block = 0; block < size; block += EDID_BLOCK) {
		uint8_t sum = 0;

		for (unsigned int i = 0; i < EDID_BLOCK; i++)
			sum += edid[block + i];
		if (sum)
			return "the checksum of a block is wrong";
	}
	return NULL;
}
