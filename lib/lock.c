// SPDX-License-Identifier: LGPL-2.1-or-later
/* The lock that keeps two changes apart. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "lock.h"

#define LOCK_FOLDER "/run/gvt"
#define RETRY_MS    50

static int lock_error(struct gvt_ctx *ctx, const char *path, int err)
{
	gvt_error(ctx, gvt_kind_of_errno(err), err, "cannot take the lock %s: %s", path,
		  strerror(-err));
	if (gvt_kind_of_errno(err) == GVT_ERROR_NOT_PERMITTED)
		gvt_hint(ctx, "run the command as root (sudo)");
	return err;
}

/* flock() knows no time limit, and a signal to bound it would be the program's, not a library's. */
static int wait_for_lock(struct gvt_ctx *ctx, int fd, const char *path)
{
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000l };
	unsigned int waited = 0;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return lock_error(ctx, path, -errno);
		if (waited >= ctx->lock_timeout_ms) {
			gvt_error(ctx, GVT_ERROR_IN_USE, -ETIMEDOUT,
				  "another command is changing vGPUs and holds %s", path);
			gvt_hint(ctx, "wait for it to end; 'fuser %s' names it", path);
			return -ETIMEDOUT;
		}
		nanosleep(&pause, NULL);
		waited += RETRY_MS;
	}
	return 0;
}

int gvt_lock(struct gvt_ctx *ctx)
{
	char *path = gvt_path(ctx, LOCK_FOLDER "/lock");
	int fd = -1, err;

	if (!path)
		return gvt_no_memory(ctx);
	err = gvt_make_folders(ctx, LOCK_FOLDER);
	if (!err) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		err = fd < 0 ? -errno : 0;
	}
	if (err) {
		lock_error(ctx, path, err);
	} else {
		err = wait_for_lock(ctx, fd, path);
		if (err)
			close(fd);
	}
	free(path);
	return err ? err : fd;
}

void gvt_unlock(int fd)
{
	close(fd);
}
