// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Contexts are independent: threads with a context each change the vGPUs of one host at once, and the
 * lock keeps them apart. Under a sanitizer of threads this finds state that is shared.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "test-gvtmgr-root.h"

#define THREADS 4
#define ROUNDS	10

/* The kernel's stand-in has one lock, as the kernel has. */
static pthread_mutex_t kernel = PTHREAD_MUTEX_INITIALIZER;
static int (*kernel_write)(struct gvt_ctx *ctx, const char *path, const char *text);

static int locked_write(struct gvt_ctx *ctx, const char *path, const char *text)
{
	int err;

	pthread_mutex_lock(&kernel);
	err = kernel_write(ctx, path, text);
	pthread_mutex_unlock(&kernel);
	return err;
}

static int round_trip(struct gvt_ctx *ctx)
{
	struct gvt_definition *def;
	struct gvt_vgpu *vgpu;
	int err = gvt_definition_new(ctx, &def);

	if (!err)
		err = gvt_definition_set_type(def, "V5_8");
	if (!err)
		err = gvt_create(ctx, def, 0);
	if (!err)
		err = gvt_vgpu_find(ctx, gvt_definition_get_uuid(def), &vgpu);
	if (!err)
		err = gvt_rename(vgpu, "x", 0) == -EEXIST ? 0 : gvt_get_error_kind(ctx);
	if (!err)
		err = gvt_vgpu_find(ctx, gvt_definition_get_uuid(def), &vgpu);
	if (!err)
		err = gvt_destroy(vgpu, 0);
	gvt_definition_unref(def);
	return err;
}

static void *run(void *data)
{
	struct root *root = data;
	struct gvt_ctx *ctx;
	int err = gvt_new(&ctx);

	if (!err)
		err = gvt_set_root(ctx, root->path);
	ctx->seams = root->ctx->seams;
	gvt_set_lock_timeout(ctx, 60000);
	for (int i = 0; !err && i < ROUNDS; i++)
		err = round_trip(ctx);
	gvt_unref(ctx);
	return (void *)(intptr_t)err;
}

static void threads_change_at_once(void **state)
{
	struct root *root = root_new_ready();
	pthread_t threads[THREADS];

	kernel_write = root->ctx->seams.sysfs_write;
	root->ctx->seams.sysfs_write = locked_write;
	root->ctx->seams.before_step = NULL;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run, root), 0);
	for (int i = 0; i < THREADS; i++) {
		void *err;

		pthread_join(threads[i], &err);
		assert_int_equal((intptr_t)err, 0);
	}
	assert_int_equal(root->created_count, THREADS * ROUNDS);
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 0);
	root_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(threads_change_at_once) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
