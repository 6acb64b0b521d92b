/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.h - the files of recorded batches: what of memory an engine would read as commands
 *
 * A file is a row of submissions, each a struct stream_batch and its pages, each a struct stream_page
 * and its bytes; behind these a page is zeros. All is little-endian.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdint.h>

#define STREAM_MAGIC 0x6d747367u /* "gstm" */

struct stream_batch {
	uint32_t magic;
	uint8_t generation, engine; /* enum gvt_engine */
	uint16_t pages;
	uint64_t start;
};

struct stream_page {
	uint64_t address;
	uint32_t bytes; /* a multiple of 4, up to 4096 */
	uint32_t reserved;
};

#endif
