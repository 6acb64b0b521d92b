/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the agent meets its client: a virtio-serial port by its name, without udev and its links; or, to test the
 * agent with no VM, a unix socket.
 */
#ifndef GVT_VM_PORT_H
#define GVT_VM_PORT_H

/**
 * Open the virtio-serial port called @name; wait for it to appear.
 * Returns a non-blocking descriptor or a negative errno.
 */
int port_open(const char *name);

/** Listen on a unix socket. Returns a descriptor or a negative errno. */
int port_listen(const char *path);

#endif
