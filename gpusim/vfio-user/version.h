/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * version.h - the first message: protocol version and capabilities
 *
 * The command VERSION, which carries JSON. The reply names those of the client's capabilities that
 * this server has, with this server's values; a capability that the client leaves out keeps the
 * protocol's default.
 */
#ifndef GPUSIM_VFIO_USER_VERSION_H
#define GPUSIM_VFIO_USER_VERSION_H

#include "request.h"

/* What the client says of itself, cut down to what this server can do. */
struct vu_peer {
	uint32_t max_fds;
	uint32_t max_data;
};

/*
 * Read the client's proposal and write the answer. Returns 0, -EPROTONOSUPPORT (another major
 * version), -EINVAL (no JSON, or a capability of the wrong type), -ENOMEM; after an error there is
 * no session with this client.
 */
int vu_version_negotiate(struct vu_request *request, struct vu_peer *peer);

#endif
