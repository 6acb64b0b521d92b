// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt-watch - an example of libgvtmgr: lists the vGPUs, and again whenever one comes or goes
 *
 *	cc gvt-watch.c $(pkg-config --cflags --libs libgvtmgr) && ./a.out
 */
#include <poll.h>
#include <stdio.h>

#include <gvtmgr.h>

static void list(struct gvt_ctx *ctx)
{
	struct gvt_vgpu *vgpu;

	/* The objects of the look before end here. */
	if (gvt_scan(ctx) < 0)
		return;
	gvt_vgpu_foreach(ctx, vgpu) {
		const char *name = gvt_vgpu_get_name(vgpu);

		printf("%s %s %s\n", name ? name : gvt_vgpu_get_uuid(vgpu),
		       gvt_vgpu_get_short_type_name(vgpu), gvt_vgpu_is_active(vgpu) ? "on" : "off");
	}
	fflush(stdout);
}

static void watch(struct gvt_ctx *ctx, struct gvt_monitor *monitor)
{
	struct pollfd fd = { .fd = gvt_monitor_get_fd(monitor), .events = POLLIN };
	struct gvt_event event;

	list(ctx);
	while (poll(&fd, 1, -1) > 0) {
		int news = 0;

		while (gvt_monitor_receive(monitor, &event))
			news = 1;
		if (news)
			list(ctx);
	}
}

int main(void)
{
	struct gvt_monitor *monitor;
	struct gvt_ctx *ctx;

	if (gvt_new(&ctx) < 0)
		return 1;
	if (gvt_monitor_new(ctx, &monitor) < 0) {
		fprintf(stderr, "gvt-watch: %s\n", gvt_get_error(ctx));
		gvt_unref(ctx);
		return 1;
	}
	watch(ctx, monitor);
	gvt_monitor_unref(monitor);
	gvt_unref(ctx);
	return 0;
}
