// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Waiting for a GPU: mdev sends a "change" event of the parent, with MDEV_STATE=registered, when
 * its types are in sysfs (Linux, drivers/vfio/mdev/mdev_core.c).
 */
#include <errno.h>
#include <libudev.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "wait.h"

/* One look per second also without an event: one may be lost, and another root has none. */
#define LOOK_MS 1000

struct gvt_wait {
	struct udev *udev;
	struct udev_monitor *monitor; /* NULL: only the looks */
	int64_t deadline_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * (int64_t)1000 + now.tv_nsec / 1000000;
}

/* Events right from the kernel: early in the boot udevd may not pass them on yet. */
static struct udev_monitor *listen_to_pci(struct udev *udev)
{
	struct udev_monitor *monitor = udev_monitor_new_from_netlink(udev, "kernel");

	if (!monitor)
		return NULL;
	if (udev_monitor_filter_add_match_subsystem_devtype(monitor, "pci", NULL) < 0 ||
	    udev_monitor_enable_receiving(monitor) < 0) {
		udev_monitor_unref(monitor);
		return NULL;
	}
	return monitor;
}

int gvt_wait_new(struct gvt_ctx *ctx, unsigned int milliseconds, struct gvt_wait **out)
{
	struct gvt_wait *wait = calloc(1, sizeof(*wait));

	*out = wait;
	if (!wait)
		return gvt_no_memory(ctx);
	wait->deadline_ms = now_ms() + milliseconds;
	wait->udev = udev_new();
	if (wait->udev)
		wait->monitor = listen_to_pci(wait->udev);
	if (!wait->monitor)
		gvt_log(ctx, LOG_INFO, "cannot listen for devices; looking once per second");
	return 0;
}

static void drain(struct udev_monitor *monitor)
{
	struct udev_device *device;

	while ((device = udev_monitor_receive_device(monitor)))
		udev_device_unref(device);
}

int gvt_wait_next(struct gvt_wait *wait)
{
	struct pollfd fd = { .fd = wait->monitor ? udev_monitor_get_fd(wait->monitor) : -1,
			     .events = POLLIN };
	int64_t left = wait->deadline_ms - now_ms();

	if (left <= 0)
		return 0;
	if (poll(&fd, 1, left < LOOK_MS ? (int)left : LOOK_MS) > 0 && wait->monitor)
		drain(wait->monitor);
	return 1;
}

void gvt_wait_free(struct gvt_wait *wait)
{
	if (!wait)
		return;
	if (wait->monitor)
		udev_monitor_unref(wait->monitor);
	if (wait->udev)
		udev_unref(wait->udev);
	free(wait);
}
