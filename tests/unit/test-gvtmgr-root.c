// SPDX-License-Identifier: GPL-2.0-or-later
/* A host in a folder. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test-gvtmgr-root.h"

#define DEVICE "/sys/devices/pci0000:00/" GPU

#define FORMAT_PATH(root, path, fmt)                                         \
	do {                                                                 \
		va_list args;                                                \
		int head = snprintf(path, sizeof(path), "%s", (root)->path); \
		va_start(args, fmt);                                         \
		vsnprintf(path + head, sizeof(path) - head, fmt, args);      \
		va_end(args);                                                \
	} while (0)

static void make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
}

static void write_file(char *path, const void *bytes, size_t len)
{
	int fd;

	make_parents(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

void root_write(struct root *root, const char *text, const char *fmt, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(root, path, fmt);
	write_file(path, text, strlen(text));
}

void root_write_bytes(struct root *root, const void *bytes, size_t len, const char *fmt, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(root, path, fmt);
	write_file(path, bytes, len);
}

void root_folder(struct root *root, const char *fmt, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(root, path, fmt);
	make_parents(path);
	if (mkdir(path, 0755) < 0)
		assert_int_equal(errno, EEXIST);
}

void root_link(struct root *root, const char *target, const char *fmt, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(root, path, fmt);
	make_parents(path);
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

void root_remove(struct root *root, const char *fmt, ...)
{
	char path[PATH_MAX];

	FORMAT_PATH(root, path, fmt);
	assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

bool root_has(struct root *root, const char *fmt, ...)
{
	char path[PATH_MAX];
	struct stat st;

	FORMAT_PATH(root, path, fmt);
	return lstat(path, &st) == 0;
}

char *root_read(struct root *root, const char *fmt, ...)
{
	char path[PATH_MAX], *text = calloc(1, 65536);
	FILE *file;

	FORMAT_PATH(root, path, fmt);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, 65535, file) < 65535);
	fclose(file);
	return text;
}

static unsigned int counted;

static int count_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	counted += ftw->level > 0;
	return 0;
}

unsigned int root_count(struct root *root, const char *folder)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root->path, folder);
	counted = 0;
	nftw(path, count_one, 16, FTW_PHYS);
	return counted;
}

/* --- the kernel's stand-in -------------------------------------------------------------------- */

static void change_available(struct root *root, const char *type, int by)
{
	char *text = root_read(root, DEVICE "/mdev_supported_types/%s/available_instances", type);
	char changed[16];

	snprintf(changed, sizeof(changed), "%d\n", atoi(text) + by);
	root_write(root, changed, DEVICE "/mdev_supported_types/%s/available_instances", type);
	free(text);
}

static int kernel_create(struct root *root, const char *path, const char *text)
{
	char uuid[37], type[64];

	if (root->create_answer)
		return root->create_answer;
	if (sscanf(strstr(path, "mdev_supported_types/"), "mdev_supported_types/%63[^/]", type) !=
	    1)
		return -ENOENT;
	assert_int_equal(strlen(text), 37);
	snprintf(uuid, sizeof(uuid), "%s", text);
	if (root_has(root, "/sys/bus/mdev/devices/%s", uuid))
		return -EEXIST;
	snprintf(root->created[root->created_count++ % 16], 37, "%s", uuid);
	root_add_mdev(root, uuid, strstr(type, "GVTg_") + strlen("GVTg_"));
	if (root->gvt)
		root_add_attributes(root, uuid, strstr(type, "GVTg_") + strlen("GVTg_"));
	change_available(root, type, -1);
	return 0;
}

static int kernel_set(struct root *root, const char *path, const char *text)
{
	if (root->set_answer && !strcmp(root->set_answer_to, strrchr(path, '/') + 1))
		return root->set_answer;
	if (!root->gvt)
		return -ENOENT;
	root_write(root, text, "%s", path + strlen(root->path));
	return 0;
}

static int kernel_remove(struct root *root, const char *path, const char *text)
{
	char uuid[37], target[PATH_MAX], link[PATH_MAX];
	ssize_t len;

	if (root->remove_answer)
		return root->remove_answer;
	assert_int_equal(sscanf(strstr(path, "devices/"), "devices/%36s", uuid), 1);
	if (!root_has(root, "/sys/bus/mdev/devices/%s", uuid))
		return -ENOENT;
	snprintf(link, sizeof(link), "%s" DEVICE "/%s/mdev_type", root->path, uuid);
	len = readlink(link, target, sizeof(target) - 1);
	assert_true(len > 0);
	target[len] = '\0';
	change_available(root, strrchr(target, '/') + 1, 1);
	root_remove(root, "/sys/bus/mdev/devices/%s", uuid);
	root_remove(root, DEVICE "/%s", uuid);
	return 0;
}

static int kernel_write(struct gvt_ctx *ctx, const char *path, const char *text)
{
	const char *name = strrchr(path, '/') + 1;
	struct root *root = ctx->seams.data;

	if (strstr(path, "/gvt/"))
		return kernel_set(root, path, text);
	return strcmp(name, "create") ? kernel_remove(root, path, text) :
					kernel_create(root, path, text);
}

static int before_step(struct gvt_ctx *ctx, const char *step)
{
	struct root *root = ctx->seams.data;

	root->step_count++;
	if (!root->fail_step || strcmp(root->fail_step, step))
		return 0;
	return gvt_error(ctx, GVT_ERROR_FAILED, -EIO, "step %s was made to fail", step);
}

static void take_log(void *data, int priority, const char *message)
{
	struct root *root = data;
	size_t len = strlen(root->log);

	snprintf(root->log + len, sizeof(root->log) - len, "%s\n", message);
}

/* --- parts of a host -------------------------------------------------------------------------- */

struct root *root_new(void)
{
	struct root *root = calloc(1, sizeof(*root));

	assert_non_null(root);
	snprintf(root->path, sizeof(root->path), "/tmp/gvt-root-XXXXXX");
	assert_non_null(mkdtemp(root->path));
	assert_int_equal(gvt_new(&root->ctx), 0);
	assert_int_equal(gvt_set_root(root->ctx, root->path), 0);
	gvt_set_log_fn(root->ctx, take_log, root);
	gvt_set_log_priority(root->ctx, LOG_NOTICE);
	root->ctx->seams.sysfs_write = kernel_write;
	root->ctx->seams.before_step = before_step;
	root->ctx->seams.data = root;
	return root;
}

void root_free(struct root *root)
{
	/* Whatever else holds it now would hold it forever. */
	if (root->ctx)
		assert_int_equal(root->ctx->refs, 1);
	gvt_unref(root->ctx);
	root_remove(root, "%s", "");
	free(root);
}

void root_add_gpu(struct root *root)
{
	root_write(root, "0x8086\n", DEVICE "/vendor");
	root_write(root, "0x1912\n", DEVICE "/device");
	root_write(root, "0x030000\n", DEVICE "/class");
	root_write(root,
		   "0x00000000f0000000 0x00000000f0ffffff 0x0000000000140204\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		   "0x00000000c0000000 0x00000000dfffffff 0x000000000014220c\n",
		   DEVICE "/resource");
	root_link(root, "../../../devices/pci0000:00/" GPU, "/sys/bus/pci/devices/" GPU);
	root_folder(root, "/sys/module/i915");
	root_folder(root, "/sys/bus/pci/drivers/i915");
	root_link(root, "../../../bus/pci/drivers/i915", DEVICE "/driver");
}

void root_add_module(struct root *root)
{
	root_write(root, "Y\n", "/sys/module/i915/parameters/enable_gvt");
	root_write(root, "0\n", "/sys/module/i915/parameters/enable_guc");
	root_folder(root, "/sys/module/kvmgt");
	root_link(root, "../../devices/pci0000:00/" GPU, "/sys/class/mdev_bus/" GPU);
}

void root_add_type(struct root *root, const char *name, unsigned int available, unsigned int low,
		   unsigned int high)
{
	static const char folder[] = DEVICE "/mdev_supported_types/i915-GVTg_";
	char text[256];

	snprintf(text, sizeof(text), "%u\n", available);
	root_write(root, text, "%s%s/available_instances", folder, name);
	snprintf(text, sizeof(text),
		 "low_gm_size: %uMB\nhigh_gm_size: %uMB\nfence: 4\nresolution: 1920x1200\n"
		 "weight: %c\n",
		 low, high, name[3]);
	root_write(root, text, "%s%s/description", folder, name);
	root_write(root, "vfio-pci\n", "%s%s/device_api", folder, name);
	root_write(root, "", "%s%s/create", folder, name);
}

struct root *root_new_ready(void)
{
	struct root *root = root_new();

	root_add_gpu(root);
	root_add_module(root);
	root_add_type(root, "V5_1", 0, 512, 2048);
	root_add_type(root, "V5_2", 1, 256, 1024);
	root_add_type(root, "V5_4", 3, 128, 512);
	root_add_type(root, "V5_8", 6, 64, 384);
	return root;
}

void root_add_mdev(struct root *root, const char *uuid, const char *type)
{
	char target[128];

	root_write(root, "", DEVICE "/%s/remove", uuid);
	snprintf(target, sizeof(target), "../mdev_supported_types/i915-GVTg_%s", type);
	root_link(root, target, DEVICE "/%s/mdev_type", uuid);
	snprintf(target, sizeof(target), "../../../devices/pci0000:00/" GPU "/%s", uuid);
	root_link(root, target, "/sys/bus/mdev/devices/%s", uuid);
}

void root_add_attributes(struct root *root, const char *uuid, const char *type)
{
	static const char *const keys[][2] = {
		{ "low_gm_size: ", "aperture_mb" }, { "high_gm_size: ", "hidden_mb" },
		{ "fence: ", "fences" },	    { "weight: ", "weight" },
		{ "resolution: ", "resolution" },
	};
	static const char folder[] = "/sys/bus/mdev/devices/%s/gvt/%s";
	char *text = root_read(root, DEVICE "/mdev_supported_types/i915-GVTg_%s/description", type);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = strstr(text, keys[i][0]) + strlen(keys[i][0]);
		char line[32];

		snprintf(line, sizeof(line), "%.*s\n", (int)strcspn(value, "M\n"), value);
		root_write(root, line, folder, uuid, keys[i][1]);
	}
	root_write(root, "100\n", folder, uuid, "cap");
	root_write(root, "region\n", folder, uuid, "display");
	free(text);
}

void root_add_user(struct root *root, const char *uuid, unsigned int pid, const char *guest)
{
	char command[128];
	int len;

	root_link(root, "../../../../kernel/iommu_groups/13", DEVICE "/%s/iommu_group", uuid);
	root_write(root, "qemu-system-x86\n", "/proc/%u/comm", pid);
	len = snprintf(command, sizeof(command), "qemu%c-name%cguest=%s,debug-threads=on%c-S", 0, 0,
		       guest, 0);
	root_write_bytes(root, command, len, "/proc/%u/cmdline", pid);
	root_link(root, "/dev/null", "/proc/%u/fd/0", pid);
	root_link(root, "/dev/vfio/13", "/proc/%u/fd/27", pid);
}

void root_add_definition(struct root *root, const char *uuid, const char *type, const char *more)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "<vgpu><uuid>%s</uuid><type>i915-GVTg_%s</type><gpu>" GPU "</gpu>%s</vgpu>", uuid,
		 type, more);
	root_write(root, text, "/etc/gvt/vgpus/%s.xml", uuid);
}
