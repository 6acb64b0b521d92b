// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Killed at any instant: each change is begun in a process that dies at its Nth system call that
 * changes something, for each N there is. Whatever is left then, the next change makes of it what there
 * was before, or what there was to be; and nothing else is left.
 *
 * Refused by the file system: the same, with a call that fails instead. Then the change fails in words,
 * and nothing of it is left; or it goes on without what that call was for.
 *
 * The linker puts the functions below in the place of the library's calls of libc (--wrap). What the
 * kernel's stand-in does is one call of the kernel, and not counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test-gvtmgr-root.h"

static unsigned int calls_left; /* 0: all the time there is */
static int answer; /* what that call fails with; 0: it kills */
static bool in_kernel, answered;

/*
 * Whether this call fails. One that kills does so before the call: after the one before it is the same
 * instant.
 */
static bool call_fails(void)
{
	if (!calls_left || in_kernel || --calls_left)
		return false;
	if (!answer)
		kill(getpid(), SIGKILL);
	answered = true;
	errno = answer;
	return true;
}

int __real_open(const char *path, int flags, ...);
int __real_mkostemp(char *path, int flags);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_fchmod(int fd, mode_t mode);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode);
int __wrap_mkostemp(char *path, int flags);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
int __wrap_fchmod(int fd, mode_t mode);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_mkdir(const char *path, mode_t mode);

int __wrap_open(const char *path, int flags, mode_t mode)
{
	if (call_fails())
		return -1;
	return __real_open(path, flags, mode);
}

int __wrap_mkostemp(char *path, int flags)
{
	if (call_fails())
		return -1;
	return __real_mkostemp(path, flags);
}

/* A write may end in the midst, too. */
ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
	if (call_fails())
		return -1;
	if (!answer && calls_left == 1 && !in_kernel && size > 1 && __real_write(fd, bytes, size / 2) >= 0)
		kill(getpid(), SIGKILL);
	return __real_write(fd, bytes, size);
}

int __wrap_fchmod(int fd, mode_t mode)
{
	if (call_fails())
		return -1;
	return __real_fchmod(fd, mode);
}

int __wrap_fsync(int fd)
{
	if (call_fails())
		return -1;
	return __real_fsync(fd);
}

/* It is closed even when it says that something went wrong. */
int __wrap_close(int fd)
{
	bool fails = call_fails();
	int err = errno, ret = __real_close(fd);

	if (!fails)
		return ret;
	errno = err;
	return -1;
}

int __wrap_rename(const char *from, const char *to)
{
	if (call_fails())
		return -1;
	return __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
	if (call_fails())
		return -1;
	return __real_unlink(path);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	if (call_fails())
		return -1;
	return __real_mkdir(path, mode);
}

/* --- one that is killed ----------------------------------------------------------------------- */

static int (*kernel_write)(struct gvt_ctx *ctx, const char *path, const char *text);

static int kernel_call(struct gvt_ctx *ctx, const char *path, const char *text)
{
	int err;

	if (call_fails())
		return -answer;
	in_kernel = true;
	err = kernel_write(ctx, path, text);
	in_kernel = false;
	return err;
}

static struct root *new_root(void)
{
	struct root *root = root_new_ready();

	root->gvt = true;
	kernel_write = root->ctx->seams.sysfs_write;
	root->ctx->seams.sysfs_write = kernel_call;
	return root;
}

static struct gvt_vgpu *find(struct root *root, const char *uuid)
{
	struct gvt_vgpu *vgpu;

	return gvt_vgpu_find(root->ctx, uuid, &vgpu) ? NULL : vgpu;
}

/* What of that vGPU there is, in a line: definition (with its weight and name), device (with its sizes). */
static void describe(struct root *root, const char *uuid, char text[256])
{
	struct gvt_vgpu *vgpu;
	struct gvt_definition *def;

	assert_int_equal(gvt_scan(root->ctx), 0);
	vgpu = find(root, uuid);
	def = vgpu ? gvt_vgpu_get_definition(vgpu) : NULL;
	snprintf(text, 256, "%s %s %s %s, %s %s %s", def ? "defined" : "-",
		 def && gvt_definition_get_name(def) ? gvt_definition_get_name(def) : "-",
		 def && gvt_definition_get_setting(def, GVT_SETTING_WEIGHT) ?
			 gvt_definition_get_setting(def, GVT_SETTING_WEIGHT) : "-",
		 def && gvt_vgpu_is_autostart(vgpu) ? "auto" : "-",
		 vgpu && gvt_vgpu_is_active(vgpu) ? "on" : "off",
		 vgpu && gvt_vgpu_is_active(vgpu) ? gvt_vgpu_get_setting(vgpu, GVT_SETTING_APERTURE) : "-",
		 vgpu && gvt_vgpu_is_active(vgpu) ? gvt_vgpu_get_setting(vgpu, GVT_SETTING_WEIGHT) : "-");
}

struct change {
	const char *name;
	void (*prepare)(struct root *root);
	int (*run)(struct root *root);
	bool several; /* vGPUs, each for itself: that of another one may fail */
};

/* Returns false when the change ended before it came to its Nth call. */
static bool run_and_die(const struct change *change, struct root *root, unsigned int n)
{
	int state;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		calls_left = n;
		_exit(change->run(root) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &state, 0), pid);
	if (WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL)
		return true;
	assert_true(WIFEXITED(state));
	assert_int_equal(WEXITSTATUS(state), 0);
	return false;
}

/* Any change makes order first; this one has nothing to do with the vGPU. */
static void next_change(struct root *root)
{
	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_int_equal(gvt_set_autostart(find(root, UUID_C), false, 0), 0);
}

/* Journals, and temporary files: in the folder there is one file for each definition. */
static unsigned int count_strays(struct root *root)
{
	unsigned int defined = find(root, UUID_A) && gvt_vgpu_is_defined(find(root, UUID_A)) ? 2 : 1;

	/* In the other one, the lock. */
	return root_count(root, "/etc/gvt/vgpus") - defined + root_count(root, "/run/gvt") - 1;
}

static void kill_at_each_call(const struct change *change)
{
	char before[256], after[256], now[256];
	struct root *root = new_root();
	unsigned int n = 0;
	bool died = true;

	root_add_definition(root, UUID_C, "V5_8", "");
	change->prepare(root);
	describe(root, UUID_A, before);
	assert_int_equal(change->run(root), 0);
	describe(root, UUID_A, after);
	assert_string_not_equal(before, after);
	root_free(root);
	while (died) {
		root = new_root();
		root_add_definition(root, UUID_C, "V5_8", "");
		change->prepare(root);
		assert_int_equal(gvt_scan(root->ctx), 0);
		died = run_and_die(change, root, ++n);
		next_change(root);
		describe(root, UUID_A, now);
		if (strcmp(now, before) && strcmp(now, after))
			fail_msg("%s, killed at call %u: '%s' is neither '%s' nor '%s'", change->name, n,
				 now, before, after);
		assert_int_equal(count_strays(root), 0);
		root_free(root);
		assert_true(n < 500);
	}
	print_message("%s: %u instants\n", change->name, n - 1);
	assert_true(n > 5);
}

static void refuse_each_call(const struct change *change, int err)
{
	char before[256], after[256], now[256];
	unsigned int n = 0, refused = 0;

	for (answered = true; answered; refused += answered) {
		struct root *root = new_root();
		int ret;

		root_add_definition(root, UUID_C, "V5_8", "");
		change->prepare(root);
		describe(root, UUID_A, before);
		answered = false;
		answer = err;
		calls_left = ++n;
		ret = change->run(root);
		calls_left = 0;
		answer = 0;
		if (ret)
			assert_true(gvt_get_error(root->ctx)[0]);
		describe(root, UUID_A, now);
		if (ret && strcmp(now, before) && !change->several)
			fail_msg("%s, call %u refused: '%s' is not '%s', but: %s", change->name, n, now, before,
				 gvt_get_error(root->ctx));
		if (!ret && !answered)
			snprintf(after, sizeof(after), "%s", now);
		next_change(root);
		assert_int_equal(count_strays(root), 0);
		root_free(root);
		assert_true(n < 500);
	}
	assert_string_not_equal(before, after);
	print_message("%s: %u calls refused (%s)\n", change->name, refused, strerror(err));
}

/* --- the changes ------------------------------------------------------------------------------ */

static void nothing(struct root *root)
{
}

static void defined(struct root *root)
{
	root_add_definition(root, UUID_A, "V5_4",
			    "<name>desk</name><aperture>96</aperture><weight>9</weight>");
	assert_int_equal(gvt_scan(root->ctx), 0);
}

static void started(struct root *root)
{
	defined(root);
	assert_int_equal(gvt_start(find(root, UUID_A), 0), 0);
}

static int create_with(struct root *root, unsigned int flags)
{
	struct gvt_definition *def;
	int err = gvt_definition_new(root->ctx, &def);

	if (!err)
		err = gvt_definition_set_type(def, "V5_4");
	if (!err)
		err = gvt_definition_set_uuid(def, UUID_A);
	if (!err)
		err = gvt_definition_set_setting(def, GVT_SETTING_APERTURE, "96");
	if (!err)
		err = gvt_create(root->ctx, def, flags);
	gvt_definition_unref(def);
	return err;
}

static int create(struct root *root)
{
	return create_with(root, 0);
}

static int create_transient(struct root *root)
{
	return create_with(root, GVT_TRANSIENT);
}

static int destroy(struct root *root)
{
	return gvt_destroy(find(root, UUID_A), 0);
}

static int start(struct root *root)
{
	return gvt_start(find(root, UUID_A), 0);
}

static int stop(struct root *root)
{
	return gvt_stop(find(root, UUID_A), 0);
}

static int set(struct root *root)
{
	const struct gvt_value value = { GVT_SETTING_WEIGHT, "33" };

	return gvt_set(find(root, UUID_A), &value, 1, 0);
}

static int rename_it(struct root *root)
{
	return gvt_rename(find(root, UUID_A), "office", 0);
}

static int restore(struct root *root)
{
	return gvt_restore(root->ctx, NULL, 0, 0, NULL, NULL);
}

static const struct change changes[] = {
	{ "create", nothing, create, false },	 { "create --transient", nothing, create_transient, false },
	{ "destroy", started, destroy, false }, { "destroy what is off", defined, destroy, false },
	{ "start", defined, start, false },	 { "stop", started, stop, false },
	{ "set", started, set, false },	 { "rename", started, rename_it, false },
	{ "restore", defined, restore, true },
};

#define CHANGES (sizeof(changes) / sizeof(changes[0]))

static void killed(void **state)
{
	for (size_t i = 0; i < CHANGES; i++)
		kill_at_each_call(&changes[i]);
}

static void refused(void **state)
{
	static const int errors[] = { ENOSPC, EIO };

	for (size_t i = 0; i < CHANGES; i++)
		for (size_t j = 0; j < sizeof(errors) / sizeof(errors[0]); j++)
			refuse_each_call(&changes[i], errors[j]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(killed), cmocka_unit_test(refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
