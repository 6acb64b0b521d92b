/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvirt's library, loaded when it is first needed: with what it needs itself it takes longer to
 * load than most commands take to run, and a host without libvirt can have vGPUs all the same.
 * Who calls it does so through the pointers here; knows nothing of domains.
 */
#ifndef GVT_LIBVIRT_LOAD_H
#define GVT_LIBVIRT_LOAD_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "ctx.h"

/* Without the prefix vir, which the macro that is handed over may put before it. */
#define GVT_VIR_FUNCTIONS(USE)                                                                     \
	USE(ConnSetErrorFunc)                                                                      \
	USE(ConnectClose)                                                                          \
	USE(ConnectGetLibVersion)                                                                  \
	USE(ConnectGetType)                                                                        \
	USE(ConnectGetVersion)                                                                     \
	USE(ConnectIsAlive)                                                                        \
	USE(ConnectListAllDomains)                                                                 \
	USE(ConnectListAllNodeDevices)                                                             \
	USE(ConnectOpen)                                                                           \
	USE(DomainAttachDeviceFlags)                                                               \
	USE(DomainDefineXML)                                                                       \
	USE(DomainDetachDeviceFlags)                                                               \
	USE(DomainFree)                                                                            \
	USE(DomainGetConnect)                                                                      \
	USE(DomainGetName)                                                                         \
	USE(DomainGetUUIDString)                                                                   \
	USE(DomainGetXMLDesc)                                                                      \
	USE(DomainIsActive)                                                                        \
	USE(DomainIsPersistent)                                                                    \
	USE(DomainLookupByName)                                                                    \
	USE(DomainLookupByUUIDString)                                                              \
	USE(GetLastError)                                                                          \
	USE(NodeDeviceFree)                                                                        \
	USE(NodeDeviceGetAutostart)                                                                \
	USE(NodeDeviceGetXMLDesc)                                                                  \
	USE(SetErrorFunc)

struct gvt_vir {
#define GVT_VIR_MEMBER(name) __typeof__(&vir##name) name;
	GVT_VIR_FUNCTIONS(GVT_VIR_MEMBER)
#undef GVT_VIR_MEMBER
};

/* Of use when gvt_libvirt_load() has returned 0; the same for all threads, and for ever. */
extern struct gvt_vir gvt_vir;

/*
 * Loads it, once in a process. -ENOTCONN with the error set when it is not installed, or too old.
 * A process that had not loaded libvirt before does not have its errors printed by it: its callers
 * here tell them in their own words.
 */
int gvt_libvirt_load(struct gvt_ctx *ctx);
/* An error function that tells nothing; libvirt's own prints. */
void gvt_libvirt_stay_silent(void *data, virErrorPtr error);

#endif
