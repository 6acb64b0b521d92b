// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_monitor: vGPUs, GPUs and definitions that come and go. The kernel tells of devices through
 * udev's netlink socket, and of definitions through inotify; both stand behind one file descriptor.
 */
#include <errno.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "files.h"
#include "store.h"
#include "value.h"

struct gvt_monitor {
	unsigned int refs;
	struct gvt_ctx *ctx;
	struct udev *udev;
	struct udev_monitor *devices;
	int files; /* inotify */
	int epoll;
	char buffer[4096] __attribute__((aligned(8))); /* of inotify's events */
	size_t used, at;
};

/* --- making one ------------------------------------------------------------------------------- */

static int listen_to_devices(struct gvt_monitor *monitor)
{
	monitor->udev = udev_new();
	if (monitor->udev)
		monitor->devices = udev_monitor_new_from_netlink(monitor->udev, "kernel");
	if (!monitor->devices)
		return -ENOMEM;
	if (udev_monitor_filter_add_match_subsystem_devtype(monitor->devices, "mdev", NULL) < 0 ||
	    udev_monitor_filter_add_match_subsystem_devtype(monitor->devices, "pci", NULL) < 0 ||
	    udev_monitor_enable_receiving(monitor->devices) < 0)
		return -EIO;
	return 0;
}

static int listen_to_files(struct gvt_monitor *monitor)
{
	char *folder = gvt_path(monitor->ctx, GVT_STORE_FOLDER);
	int err = 0;

	monitor->files = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (!folder || monitor->files < 0)
		err = folder ? -errno : -ENOMEM;
	/* Without the folder there is nothing to hear of; whoever may make it, makes it now. */
	else if (gvt_make_folders(monitor->ctx, GVT_STORE_FOLDER) ||
		 inotify_add_watch(monitor->files, folder, IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE) < 0)
		gvt_log(monitor->ctx, LOG_INFO, "cannot watch %s: changes of definitions are not told", folder);
	free(folder);
	return err;
}

static int join(struct gvt_monitor *monitor)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fds[] = { udev_monitor_get_fd(monitor->devices), monitor->files };

	monitor->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; monitor->epoll >= 0 && i < 2; i++)
		if (epoll_ctl(monitor->epoll, EPOLL_CTL_ADD, fds[i], &event) < 0)
			return -errno;
	return monitor->epoll < 0 ? -errno : 0;
}

int gvt_monitor_new(struct gvt_ctx *ctx, struct gvt_monitor **out)
{
	struct gvt_monitor *monitor = calloc(1, sizeof(*monitor));
	int err;

	*out = NULL;
	if (!monitor)
		return gvt_no_memory(ctx);
	monitor->refs = 1;
	monitor->ctx = gvt_ref(ctx);
	monitor->files = monitor->epoll = -1;
	err = listen_to_devices(monitor);
	if (!err)
		err = listen_to_files(monitor);
	if (!err)
		err = join(monitor);
	if (err) {
		gvt_monitor_unref(monitor);
		return gvt_error(ctx, GVT_ERROR_FAILED, err, "cannot listen for vGPUs: %s",
				 strerror(-err));
	}
	*out = monitor;
	return 0;
}

struct gvt_monitor *gvt_monitor_ref(struct gvt_monitor *monitor)
{
	if (monitor)
		monitor->refs++;
	return monitor;
}

struct gvt_monitor *gvt_monitor_unref(struct gvt_monitor *monitor)
{
	if (!monitor || --monitor->refs)
		return NULL;
	if (monitor->epoll >= 0)
		close(monitor->epoll);
	if (monitor->files >= 0)
		close(monitor->files);
	if (monitor->devices)
		udev_monitor_unref(monitor->devices);
	if (monitor->udev)
		udev_unref(monitor->udev);
	gvt_unref(monitor->ctx);
	free(monitor);
	return NULL;
}

int gvt_monitor_get_fd(struct gvt_monitor *monitor)
{
	return monitor->epoll;
}

/* --- events ----------------------------------------------------------------------------------- */

static bool take_device(struct udev_device *device, struct gvt_event *event)
{
	const char *action = udev_device_get_action(device), *name = udev_device_get_sysname(device);
	const char *subsystem = udev_device_get_subsystem(device);
	const char *state = udev_device_get_property_value(device, "MDEV_STATE");

	if (!action || !name || !subsystem)
		return false;
	if (!strcmp(subsystem, "mdev") && gvt_valid_uuid(name)) {
		if (strcmp(action, "add") && strcmp(action, "remove"))
			return false;
		event->kind = action[0] == 'a' ? GVT_EVENT_STARTED : GVT_EVENT_STOPPED;
	} else if (!strcmp(subsystem, "pci") && state && gvt_valid_address(name)) {
		event->kind = strcmp(state, "registered") ? GVT_EVENT_GPU_GONE : GVT_EVENT_GPU_READY;
	} else {
		return false;
	}
	snprintf(event->name, sizeof(event->name), "%s", name);
	return true;
}

static bool next_device(struct gvt_monitor *monitor, struct gvt_event *event)
{
	struct udev_device *device;
	bool taken = false;

	while (!taken && (device = udev_monitor_receive_device(monitor->devices))) {
		taken = take_device(device, event);
		udev_device_unref(device);
	}
	return taken;
}

/* UUID.xml; others are temporary files. */
static bool take_file(const struct inotify_event *file, struct gvt_event *event)
{
	static const char suffix[] = ".xml";

	if (!file->len || strlen(file->name) != GVT_UUID_SIZE - 1 + strlen(suffix) ||
	    strcmp(file->name + GVT_UUID_SIZE - 1, suffix))
		return false;
	snprintf(event->name, sizeof(event->name), "%.36s", file->name);
	event->kind = file->mask & IN_DELETE ? GVT_EVENT_UNDEFINED : GVT_EVENT_DEFINED;
	return gvt_valid_uuid(event->name);
}

static bool next_file(struct gvt_monitor *monitor, struct gvt_event *event)
{
	bool taken = false;

	while (!taken) {
		const struct inotify_event *file;

		if (monitor->at >= monitor->used) {
			ssize_t n = read(monitor->files, monitor->buffer, sizeof(monitor->buffer));

			if (n <= 0)
				return false;
			monitor->used = (size_t)n;
			monitor->at = 0;
		}
		file = (const struct inotify_event *)(monitor->buffer + monitor->at);
		monitor->at += sizeof(*file) + file->len;
		taken = take_file(file, event);
	}
	return true;
}

int gvt_monitor_receive(struct gvt_monitor *monitor, struct gvt_event *event)
{
	memset(event, 0, sizeof(*event));
	return next_device(monitor, event) || next_file(monitor, event) ? 1 : 0;
}
