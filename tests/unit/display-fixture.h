/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * display-fixture.h - a guest's driver that has turned its vGPU's display on
 *
 * The registers are written as the manuals say; planes are the test's own.
 */
#ifndef TEST_DISPLAY_FIXTURE_H
#define TEST_DISPLAY_FIXTURE_H

#include "model-fixture.h"

#define PIPE_A	     0x70000u
#define PLANE(n)     (0x70180u + 0x100 * (n)) /* of pipe A, from 0 */
#define CURSOR	     0x70080u
#define SCALER	     0x68160u
#define PIPE_A_GROUP 0x44400u

/* 148.5 MHz for port B, on pipe A, in 2200 by 1125 pixels: 60 Hz. A picture of that size. */
void display_on(struct model *model, uint32_t width, uint32_t height);

/* Pages of the guest's memory, from `page` on, where graphics memory begins; as many as there are bytes. */
void display_map(struct model *model, uint32_t page, uint64_t bytes);
/* The graphics address where that is. */
uint32_t display_base(const struct model *model);

/* One that shows all of a picture of this size, without `ctl`'s format and tiling. */
void display_plane(struct model *model, uint32_t n, uint32_t ctl, uint32_t stride, uint32_t width, uint32_t height);

/* Look at the screen, whose size must be that. The picture is the caller's to free. */
uint32_t *display_look(struct model *model, uint32_t width, uint32_t height);

#endif
