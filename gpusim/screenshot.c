// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <png.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "gpusim/screenshot.h"

#define PATH_SIZE 4096

struct screenshot_service {
	const struct screenshot_config *config;
	pthread_t thread;
	int signal_fd;
	int stop_fd;
};

static int write_png(const struct gpu_image *image, FILE *file)
{
	png_image png = { .version = PNG_IMAGE_VERSION,
			  .width = image->width,
			  .height = image->height,
			  .format = PNG_FORMAT_RGB };
	uint8_t *rows = malloc((size_t)image->width * image->height * 3);
	size_t count = (size_t)image->width * image->height;
	int ret;

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		rows[3 * i] = (uint8_t)(image->pixels[i] >> 16);
		rows[3 * i + 1] = (uint8_t)(image->pixels[i] >> 8);
		rows[3 * i + 2] = (uint8_t)image->pixels[i];
	}
	ret = png_image_write_to_stdio(&png, file, 0, rows, 0, NULL) ? 0 : -EIO;
	png_image_free(&png);
	free(rows);
	return ret;
}

static int write_file(const struct gpu_image *image, const char *path)
{
	FILE *file = fopen(path, "we");
	int ret;

	if (!file)
		return -errno;
	ret = write_png(image, file);
	if (fclose(file) && !ret)
		ret = -errno;
	return ret;
}

int screenshot_write(struct gpu *gpu, unsigned int pipe, const char *path)
{
	char temporary[PATH_SIZE];
	struct gpu_image image;
	int ret;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= PATH_SIZE)
		return -ENAMETOOLONG;
	ret = gpu_display_capture(gpu, pipe, &image);
	if (ret)
		return ret;
	ret = write_file(&image, temporary);
	gpu_image_release(&image);
	if (!ret && rename(temporary, path))
		ret = -errno;
	if (ret)
		unlink(temporary);
	return ret;
}

static void say(const struct screenshot_service *service, int level, const char *text)
{
	service->config->log(service->config->opaque, level, text);
}

static void write_one(const struct screenshot_service *service, unsigned int pipe)
{
	char path[PATH_SIZE], text[PATH_SIZE + 64];
	int ret;

	snprintf(path, sizeof(path), "%s/pipe-%c.png", service->config->directory, 'A' + (int)pipe);
	ret = screenshot_write(service->config->gpu, pipe, path);
	if (ret == -ENODATA)
		return;
	if (ret)
		snprintf(text, sizeof(text), "can't write %s: %s", path, strerror(-ret));
	else
		snprintf(text, sizeof(text), "wrote %s", path);
	say(service, ret ? GPU_LOG_ERROR : GPU_LOG_INFO, text);
}

static void *run(void *opaque)
{
	const struct screenshot_service *service = opaque;
	struct pollfd fds[] = { { .fd = service->signal_fd, .events = POLLIN },
				{ .fd = service->stop_fd, .events = POLLIN } };
	struct signalfd_siginfo info;

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			return NULL;
		if (read(service->signal_fd, &info, sizeof(info)) != sizeof(info))
			continue;
		for (unsigned int pipe = 0; pipe < GPU_PIPES; pipe++)
			write_one(service, pipe);
	}
}

static int open_fds(struct screenshot_service *service)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	service->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	service->stop_fd = eventfd(0, EFD_CLOEXEC);
	return service->signal_fd < 0 || service->stop_fd < 0 ? -errno : 0;
}

static void release(struct screenshot_service *service)
{
	if (service->signal_fd >= 0)
		close(service->signal_fd);
	if (service->stop_fd >= 0)
		close(service->stop_fd);
	free(service);
}

int screenshot_start(const struct screenshot_config *config, struct screenshot_service **out)
{
	struct screenshot_service *service = calloc(1, sizeof(*service));
	int ret;

	if (!service)
		return -ENOMEM;
	service->config = config;
	ret = open_fds(service);
	if (!ret)
		ret = -pthread_create(&service->thread, NULL, run, service);
	if (ret) {
		release(service);
		return ret;
	}
	*out = service;
	return 0;
}

void screenshot_stop(struct screenshot_service *service)
{
	if (!service)
		return;
	eventfd_write(service->stop_fd, 1);
	pthread_join(service->thread, NULL);
	release(service);
}
