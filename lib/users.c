// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who has a vGPU open. The kernel tells nobody but /proc: a process that uses it holds its VFIO
 * group (/dev/vfio/13), or since Linux 6.6 maybe its own file (/dev/vfio/devices/vfio0).
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "snapshot.h"

#define MDEV	    "/sys/bus/mdev/devices"
#define COMMAND_MAX 65536

struct open_files {
	char group[64], device[64]; /* paths, "" when there is none */
};

static bool find_open_files(struct gvt_ctx *ctx, const char *uuid, struct open_files *files)
{
	char *group = gvt_read_link_name(ctx, MDEV "/%s/iommu_group", uuid);
	struct gvt_names devices;

	memset(files, 0, sizeof(*files));
	if (group)
		snprintf(files->group, sizeof(files->group), "/dev/vfio/%s", group);
	free(group);
	if (!gvt_list_folder(ctx, &devices, MDEV "/%s/vfio-dev", uuid) && devices.count)
		snprintf(files->device, sizeof(files->device), "/dev/vfio/devices/%s",
			 devices.name[0]);
	gvt_names_free(&devices);
	return files->group[0] || files->device[0];
}

static bool has_open(struct gvt_ctx *ctx, const char *pid, const struct open_files *files)
{
	char *folder = gvt_path(ctx, "/proc/%s/fd", pid), target[PATH_MAX];
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *entry;
	bool found = false;

	free(folder);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (len <= 0)
			continue;
		target[len] = '\0';
		found = (files->group[0] && !strcmp(target, files->group)) ||
			(files->device[0] && !strcmp(target, files->device));
	}
	closedir(dir);
	return found;
}

/* libvirt starts QEMU with "-name guest=win10,debug-threads=on". Arguments are ended by 0. */
static void find_guest_name(const char *arguments, size_t len, char *name, size_t size)
{
	static const char mark[] = "guest=";

	name[0] = '\0';
	for (const char *at = arguments; at < arguments + len; at += strlen(at) + 1) {
		if (strncmp(at, mark, sizeof(mark) - 1))
			continue;
		at += sizeof(mark) - 1;
		snprintf(name, size, "%.*s", (int)strcspn(at, ","), at);
		return;
	}
}

static void read_guest_name(struct gvt_ctx *ctx, const char *pid, char *name, size_t size)
{
	char *path = gvt_path(ctx, "/proc/%s/cmdline", pid);
	char *text = malloc(COMMAND_MAX);
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t len;

	name[0] = '\0';
	if (file && text) {
		len = fread(text, 1, COMMAND_MAX - 1, file);
		text[len] = '\0';
		find_guest_name(text, len, name, size);
	}
	if (file)
		fclose(file);
	free(text);
	free(path);
}

static int describe(struct gvt_ctx *ctx, const char *pid, char **who)
{
	char command[64], guest[128];

	if (!who)
		return 1;
	if (gvt_read_attr(ctx, command, sizeof(command), "/proc/%s/comm", pid))
		snprintf(command, sizeof(command), "a process");
	read_guest_name(ctx, pid, guest, sizeof(guest));
	if (asprintf(who, "%s (pid %s%s%s)", command, pid, guest[0] ? ", VM " : "", guest) < 0) {
		*who = NULL;
		return -ENOMEM;
	}
	return 1;
}

int gvt_vgpu_get_user(struct gvt_vgpu *vgpu, char **who)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;
	struct open_files files;
	struct dirent *entry;
	char *path;
	DIR *proc;
	int ret = 0;

	if (who)
		*who = NULL;
	if (!vgpu->active || !find_open_files(ctx, vgpu->uuid, &files))
		return 0;
	path = gvt_path(ctx, "/proc");
	if (!path)
		return gvt_no_memory(ctx);
	proc = opendir(path);
	free(path);
	if (!proc)
		return 0;
	while (!ret && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    has_open(ctx, entry->d_name, &files))
			ret = describe(ctx, entry->d_name, who);
	closedir(proc);
	return ret;
}

int gvt_vgpu_check_unused(struct gvt_vgpu *vgpu)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;
	char *who;
	int ret = gvt_vgpu_get_user(vgpu, &who);

	if (ret <= 0)
		return ret;
	gvt_error(ctx, GVT_ERROR_IN_USE, -EBUSY, "vGPU %s is in use by %s", gvt_vgpu_title(vgpu),
		  who);
	if (gvt_vgpu_get_domain(vgpu))
		gvt_hint(ctx, "shut its VM down first: virsh shutdown %s",
			 gvt_vgpu_get_domain(vgpu));
	else
		gvt_hint(ctx, "shut its VM down or end that process first");
	free(who);
	return -EBUSY;
}
