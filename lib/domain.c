// SPDX-License-Identifier: LGPL-2.1-or-later
/* libvirt's domains. */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain.h"
#include "hostdev.h"
#include "snapshot.h"

#define DOMAINS_TOLD 12

struct gvt_domain {
	struct gvt_ctx *ctx;
	virDomainPtr handle;
	char uuid[VIR_UUID_STRING_BUFLEN];
};

/* --- libvirt's errors ------------------------------------------------------------------------- */

/* Its default is to print to stderr. */
static void stay_silent(void *data, virErrorPtr error)
{
}

static const char *last_message(void)
{
	const virError *error = virGetLastError();

	return error && error->message ? error->message : "no reason given";
}

static bool is_refusal(const virError *error)
{
	if (!error)
		return false;
	switch (error->code) {
	case VIR_ERR_AUTH_FAILED:
	case VIR_ERR_AUTH_CANCELLED:
	case VIR_ERR_AUTH_UNAVAILABLE:
	case VIR_ERR_OPERATION_DENIED:
	case VIR_ERR_ACCESS_DENIED:
		return true;
	case VIR_ERR_SYSTEM_ERROR: /* int1 is the errno */
		return error->int1 == EACCES || error->int1 == EPERM;
	default:
		return false;
	}
}

static int libvirt_error(struct gvt_ctx *ctx, int err, const char *what)
{
	if (is_refusal(virGetLastError())) {
		gvt_error(ctx, GVT_ERROR_NOT_PERMITTED, -EACCES, "%s: %s", what, last_message());
		gvt_hint(ctx, "run the command as root (sudo), or join the group libvirt");
		return -EACCES;
	}
	return gvt_error(ctx, GVT_ERROR_FAILED, err, "%s: %s", what, last_message());
}

static int connect_error(struct gvt_ctx *ctx)
{
	const virError *error = virGetLastError();
	char what[256];

	if (error && error->code == VIR_ERR_SYSTEM_ERROR && !is_refusal(error)) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTCONN, "libvirt is not running at %s: %s",
			  ctx->libvirt_uri, last_message());
		gvt_hint(ctx,
			 "start it: systemctl start libvirtd (or virtqemud.socket); if it is not "
			 "installed: apt install libvirt-daemon-system");
		return -ENOTCONN;
	}
	snprintf(what, sizeof(what), "cannot connect to libvirt at %.200s", ctx->libvirt_uri);
	return libvirt_error(ctx, -ENOTCONN, what);
}

/* --- connection and look-up ------------------------------------------------------------------- */

static virConnectPtr connection(struct gvt_ctx *ctx)
{
	if (!ctx->libvirt) {
		ctx->libvirt = virConnectOpen(ctx->libvirt_uri);
		if (!ctx->libvirt)
			connect_error(ctx);
		else
			virConnSetErrorFunc(ctx->libvirt, NULL, stay_silent);
	}
	return ctx->libvirt;
}

void gvt_domain_disconnect(struct gvt_ctx *ctx)
{
	if (ctx->libvirt)
		virConnectClose(ctx->libvirt);
	ctx->libvirt = NULL;
}

/* The names of the first domains, as the end of a hint. */
static void hint_domains(struct gvt_ctx *ctx, virConnectPtr libvirt)
{
	virDomainPtr *all = NULL;
	char names[512] = "";
	size_t len = 0;
	int count = virConnectListAllDomains(libvirt, &all, 0);

	for (int i = 0; i < count; i++) {
		if (i < DOMAINS_TOLD && len < sizeof(names))
			len += snprintf(names + len, sizeof(names) - len, "%s%s", i ? ", " : "",
					virDomainGetName(all[i]));
		virDomainFree(all[i]);
	}
	free(all);
	if (count > DOMAINS_TOLD)
		gvt_hint(ctx, "the first of %d domains: %s; 'virsh list --all' shows all", count,
			 names);
	else if (count > 0)
		gvt_hint(ctx, "libvirt has: %s ('virsh list --all')", names);
	else
		gvt_hint(ctx, "libvirt has no domain yet: define one, then use 'gvt attach'");
}

static virDomainPtr look_up(virConnectPtr libvirt, const char *name_or_uuid)
{
	virDomainPtr handle = virDomainLookupByName(libvirt, name_or_uuid);

	if (!handle && gvt_valid_uuid(name_or_uuid))
		handle = virDomainLookupByUUIDString(libvirt, name_or_uuid);
	return handle;
}

int gvt_domain_open(struct gvt_ctx *ctx, const char *name_or_uuid, struct gvt_domain **out)
{
	virConnectPtr libvirt = connection(ctx);
	struct gvt_domain *domain;
	virDomainPtr handle;

	*out = NULL;
	if (!libvirt)
		return ctx->last.kind == GVT_ERROR_NOT_PERMITTED ? -EACCES : -ENOTCONN;
	handle = look_up(libvirt, name_or_uuid);
	if (!handle) {
		const virError *error = virGetLastError();

		if (!error || error->code != VIR_ERR_NO_DOMAIN)
			return libvirt_error(ctx, -EIO, "cannot look for the domain");
		gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "libvirt at %s has no domain '%s'",
			  ctx->libvirt_uri, name_or_uuid);
		hint_domains(ctx, libvirt);
		return -ENOENT;
	}
	domain = calloc(1, sizeof(*domain));
	if (!domain || virDomainGetUUIDString(handle, domain->uuid) < 0) {
		virDomainFree(handle);
		free(domain);
		return gvt_no_memory(ctx);
	}
	domain->ctx = ctx;
	domain->handle = handle;
	*out = domain;
	return 0;
}

void gvt_domain_close(struct gvt_domain *domain)
{
	if (!domain)
		return;
	virDomainFree(domain->handle);
	free(domain);
}

const char *gvt_domain_get_name(struct gvt_domain *domain)
{
	return virDomainGetName(domain->handle);
}

const char *gvt_domain_get_uuid(struct gvt_domain *domain)
{
	return domain->uuid;
}

bool gvt_domain_is_running(struct gvt_domain *domain)
{
	return virDomainIsActive(domain->handle) == 1;
}

/* --- its mediated devices --------------------------------------------------------------------- */

static int read_facts(struct gvt_domain *domain, const char *uuid, struct gvt_domain_facts *facts)
{
	char *xml = virDomainGetXMLDesc(domain->handle, VIR_DOMAIN_XML_INACTIVE);
	int err;

	if (!xml)
		return libvirt_error(domain->ctx, -EIO, "cannot read the domain's configuration");
	err = gvt_domain_xml_read(xml, uuid, facts);
	free(xml);
	if (err)
		gvt_error(domain->ctx, GVT_ERROR_FAILED, err,
			  "cannot understand the configuration of domain %s",
			  gvt_domain_get_name(domain));
	return err;
}

/* A vGPU that was made for it counts, though somebody may have edited it out of the domain. */
static int check_definitions(struct gvt_domain *domain, const char *uuid)
{
	struct gvt_vgpu *vgpu = gvt_vgpu_of_domain(domain->ctx, domain->uuid, uuid);

	if (!vgpu)
		return 0;
	gvt_error(domain->ctx, GVT_ERROR_FAILED, -EEXIST, "VM %s has a vGPU already, %s (%s)",
		  gvt_domain_get_name(domain), vgpu->uuid,
		  gvt_short_type_name(gvt_vgpu_get_type_name(vgpu)));
	gvt_hint(domain->ctx, "take that one away first: gvt destroy %s, or gvt detach %s",
		 vgpu->uuid, vgpu->uuid);
	return -EEXIST;
}

int gvt_domain_check(struct gvt_domain *domain, const char *uuid)
{
	const char *name = gvt_domain_get_name(domain);
	struct gvt_ctx *ctx = domain->ctx;
	struct gvt_domain_facts facts;
	int err;

	if (virDomainIsPersistent(domain->handle) == 0) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP,
			  "domain %s is transient: it has no configuration that could keep a vGPU",
			  name);
		gvt_hint(ctx, "define it first: virsh dumpxml %s > %s.xml; virsh define %s.xml",
			 name, name, name);
		return -ENOTSUP;
	}
	err = check_definitions(domain, uuid);
	if (!err)
		err = read_facts(domain, uuid, &facts);
	if (err)
		return err;
	if (facts.emulated) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP,
			  "domain %s runs without KVM (type 'qemu'), which a vGPU needs", name);
		gvt_hint(ctx, "change its outermost element to <domain type='kvm'>: virsh edit %s",
			 name);
		return -ENOTSUP;
	}
	if (facts.other[0]) {
		gvt_error(ctx, GVT_ERROR_FAILED, -EEXIST,
			  "domain %s has a mediated device already, %s", name, facts.other);
		gvt_hint(ctx, "take that one away first: gvt detach %s, or virsh edit %s",
			 facts.other, name);
		return -EEXIST;
	}
	return 0;
}

/*
 * Some of libvirt's drivers can change a domain's devices only by defining it again; with its
 * passwords, which are lost otherwise.
 */
static int redefine(struct gvt_domain *domain, const char *uuid, bool add)
{
	unsigned int flags = VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE;
	char *xml = virDomainGetXMLDesc(domain->handle, flags), *changed = NULL;
	virDomainPtr handle = NULL;

	if (xml)
		changed = add ? gvt_domain_xml_add(xml, uuid) : gvt_domain_xml_take_out(xml, uuid);
	if (changed)
		handle = virDomainDefineXML(virDomainGetConnect(domain->handle), changed);
	free(changed);
	free(xml);
	if (!handle)
		return -1;
	virDomainFree(handle);
	return 0;
}

static int change(struct gvt_domain *domain, const char *uuid, bool add)
{
	const virError *error;
	char *xml, what[512];
	int ret;

	ret = gvt_hostdev_xml(uuid, &xml);
	if (ret)
		return gvt_error(domain->ctx, GVT_ERROR_FAILED, ret, "'%s' is not a UUID", uuid);
	if (add)
		ret = virDomainAttachDeviceFlags(domain->handle, xml, VIR_DOMAIN_AFFECT_CONFIG);
	else
		ret = virDomainDetachDeviceFlags(domain->handle, xml, VIR_DOMAIN_AFFECT_CONFIG);
	free(xml);
	error = virGetLastError();
	if (ret < 0 && error && error->code == VIR_ERR_NO_SUPPORT)
		ret = redefine(domain, uuid, add);
	if (ret >= 0)
		return 0;
	snprintf(what, sizeof(what), "cannot %s vGPU %s %s domain %s", add ? "attach" : "detach",
		 uuid, add ? "to" : "from", gvt_domain_get_name(domain));
	return libvirt_error(domain->ctx, -EIO, what);
}

int gvt_domain_add_vgpu(struct gvt_domain *domain, const char *uuid)
{
	struct gvt_domain_facts facts;
	int err = read_facts(domain, uuid, &facts);

	if (err)
		return err;
	return facts.has_wanted ? 1 : change(domain, uuid, true);
}

int gvt_domain_remove_vgpu(struct gvt_domain *domain, const char *uuid)
{
	struct gvt_domain_facts facts;
	int err = read_facts(domain, uuid, &facts);

	if (err)
		return err;
	return facts.has_wanted ? change(domain, uuid, false) : 1;
}
