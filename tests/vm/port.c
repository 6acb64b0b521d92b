// SPDX-License-Identifier: GPL-2.0-or-later
#include "port.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PORTS "/sys/class/virtio-ports"

/* The multicast group in which the kernel itself (not udev) announces devices. */
#define KERNEL_UEVENTS 1

static bool has_name(const char *port, const char *name)
{
	char path[512], found[128] = "";
	FILE *file;
	bool same;

	snprintf(path, sizeof(path), PORTS "/%s/name", port);
	file = fopen(path, "re");
	if (!file)
		return false;
	same = fgets(found, sizeof(found), file) != NULL;
	fclose(file);
	found[strcspn(found, "\n")] = '\0';
	return same && strcmp(found, name) == 0;
}

static int open_named(const char *name)
{
	struct dirent *entry;
	char path[512];
	int fd = -ENOENT;
	DIR *ports;

	ports = opendir(PORTS);
	if (!ports)
		return -errno;
	while (fd == -ENOENT && (entry = readdir(ports))) {
		if (entry->d_name[0] == '.' || !has_name(entry->d_name, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			fd = -errno;
	}
	closedir(ports);
	return fd;
}

int port_open(const char *name)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_UEVENTS };
	char event[8192];
	int events, fd;

	/* Listen before looking: a port's name arrives some time after the port. */
	events = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (events < 0)
		return -errno;
	if (bind(events, (struct sockaddr *)&address, sizeof(address)) < 0) {
		fd = -errno;
		close(events);
		return fd;
	}
	while ((fd = open_named(name)) == -ENOENT)
		if (recv(events, event, sizeof(event), 0) < 0 && errno != EINTR && errno != ENOBUFS)
			break;
	close(events);
	return fd;
}

int port_listen(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 8) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}
