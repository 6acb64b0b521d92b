// SPDX-License-Identifier: LGPL-2.1-or-later
/* libvirt's domains. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "choose.h"
#include "domain.h"
#include "files.h"
#include "libvirt-load.h"
#include "snapshot.h"

#define DOMAINS_TOLD   12
#define UNPLUG_LOOK_MS 100
#define UNPLUG_LOOKS   100

struct gvt_domain {
	struct gvt_ctx *ctx;
	virDomainPtr handle;
	char uuid[VIR_UUID_STRING_BUFLEN];
};

/* --- libvirt's errors ------------------------------------------------------------------------- */

static const char *last_message(void)
{
	const virError *error = gvt_vir.GetLastError();

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

int gvt_libvirt_error(struct gvt_ctx *ctx, int err, const char *what)
{
	if (is_refusal(gvt_vir.GetLastError())) {
		gvt_error(ctx, GVT_ERROR_NOT_PERMITTED, -EACCES, "%s: %s", what, last_message());
		gvt_hint(ctx, "run the command as root (sudo), or join the group libvirt");
		return -EACCES;
	}
	return gvt_error(ctx, GVT_ERROR_FAILED, err, "%s: %s", what, last_message());
}

static int connect_error(struct gvt_ctx *ctx)
{
	const virError *error = gvt_vir.GetLastError();
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
	return gvt_libvirt_error(ctx, -ENOTCONN, what);
}

/* --- connection and look-up ------------------------------------------------------------------- */

void *gvt_libvirt(struct gvt_ctx *ctx)
{
	/* libvirt's daemon may have been restarted since the last time. */
	if (ctx->libvirt && gvt_vir.ConnectIsAlive(ctx->libvirt) != 1)
		gvt_domain_disconnect(ctx);
	if (!ctx->libvirt && !gvt_libvirt_load(ctx)) {
		ctx->libvirt = gvt_vir.ConnectOpen(ctx->libvirt_uri);
		if (!ctx->libvirt)
			connect_error(ctx);
		else
			gvt_vir.ConnSetErrorFunc(ctx->libvirt, NULL, gvt_libvirt_stay_silent);
	}
	return ctx->libvirt;
}

void gvt_domain_disconnect(struct gvt_ctx *ctx)
{
	if (ctx->libvirt)
		gvt_vir.ConnectClose(ctx->libvirt);
	ctx->libvirt = NULL;
}

/* The names of the first domains, as the end of a hint. */
static void hint_domains(struct gvt_ctx *ctx, virConnectPtr libvirt)
{
	virDomainPtr *all = NULL;
	char names[512] = "";
	size_t len = 0;
	int count = gvt_vir.ConnectListAllDomains(libvirt, &all, 0);

	for (int i = 0; i < count; i++) {
		if (i < DOMAINS_TOLD && len < sizeof(names))
			len += snprintf(names + len, sizeof(names) - len, "%s%s", i ? ", " : "",
					gvt_vir.DomainGetName(all[i]));
		gvt_vir.DomainFree(all[i]);
	}
	free(all);
	if (count > DOMAINS_TOLD)
		gvt_hint(ctx, "the first of %d domains: %s; 'virsh list --all' shows all", count,
			 names);
	else if (count > 0)
		gvt_hint(ctx, "libvirt has: %s ('virsh list --all')", names);
	else if (!count)
		gvt_hint(ctx, "libvirt has no domain yet: define one, then use 'gvt attach'");
}

static virDomainPtr look_up(virConnectPtr libvirt, const char *name_or_uuid)
{
	virDomainPtr handle = gvt_vir.DomainLookupByName(libvirt, name_or_uuid);

	if (!handle && gvt_valid_uuid(name_or_uuid))
		handle = gvt_vir.DomainLookupByUUIDString(libvirt, name_or_uuid);
	return handle;
}

int gvt_domain_open(struct gvt_ctx *ctx, const char *name_or_uuid, struct gvt_domain **out)
{
	virConnectPtr libvirt = gvt_libvirt(ctx);
	struct gvt_domain *domain;
	virDomainPtr handle;

	*out = NULL;
	if (!libvirt)
		return ctx->last.kind == GVT_ERROR_NOT_PERMITTED ? -EACCES : -ENOTCONN;
	handle = look_up(libvirt, name_or_uuid);
	if (!handle) {
		const virError *error = gvt_vir.GetLastError();

		if (!error || error->code != VIR_ERR_NO_DOMAIN)
			return gvt_libvirt_error(ctx, -EIO, "cannot look for the domain");
		gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "libvirt at %s has no domain '%s'",
			  ctx->libvirt_uri, name_or_uuid);
		hint_domains(ctx, libvirt);
		return -ENOENT;
	}
	domain = calloc(1, sizeof(*domain));
	if (!domain || gvt_vir.DomainGetUUIDString(handle, domain->uuid) < 0) {
		gvt_vir.DomainFree(handle);
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
	gvt_vir.DomainFree(domain->handle);
	free(domain);
}

const char *gvt_domain_get_name(struct gvt_domain *domain)
{
	return gvt_vir.DomainGetName(domain->handle);
}

const char *gvt_domain_get_uuid(struct gvt_domain *domain)
{
	return domain->uuid;
}

bool gvt_domain_is_running(struct gvt_domain *domain)
{
	return gvt_vir.DomainIsActive(domain->handle) == 1;
}

/* --- its mediated devices --------------------------------------------------------------------- */

/* @flags: VIR_DOMAIN_XML_INACTIVE for its configuration, 0 for what runs. */
static int read_facts(struct gvt_domain *domain, const char *uuid, unsigned int flags,
		      struct gvt_domain_facts *facts)
{
	char *xml = gvt_vir.DomainGetXMLDesc(domain->handle, flags);
	int err;

	if (!xml)
		return gvt_libvirt_error(domain->ctx, -EIO, "cannot read the domain's configuration");
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

	if (gvt_vir.DomainIsPersistent(domain->handle) == 0) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP,
			  "domain %s is transient: it has no configuration that could keep a vGPU",
			  name);
		gvt_hint(ctx, "define it first: virsh dumpxml %s > %s.xml; virsh define %s.xml",
			 name, name, name);
		return -ENOTSUP;
	}
	err = check_definitions(domain, uuid);
	if (!err)
		err = read_facts(domain, uuid, VIR_DOMAIN_XML_INACTIVE, &facts);
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

enum gvt_picture gvt_picture_of(struct gvt_ctx *ctx, const char *gpu, const char *type_name,
				const char *display)
{
	struct gvt_type *type = gpu ? NULL : gvt_find_type(ctx, NULL, type_name);
	bool gvt;

	if (type)
		gpu = type->gpu->name;
	gvt = gpu && gvt_exists(ctx, "/sys/bus/pci/devices/%s/gvt", gpu);
	return gvt && !(display && !strcmp(display, "dmabuf")) ? GVT_PICTURE_REGION :
								  GVT_PICTURE_DMABUF;
}

static int check_rom(struct gvt_domain *domain, const char *rom)
{
	struct gvt_ctx *ctx = domain->ctx;

	if (!rom || !strcmp(rom, "off") || gvt_exists(ctx, "%s", rom))
		return 0;
	gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "there is no ROM file %s", rom);
	gvt_hint(ctx, "put it there; AppArmor lets QEMU read ROMs from /usr/share/{qemu,vgabios,OVMF}");
	return -ENOENT;
}

int gvt_domain_choose(struct gvt_domain *domain, struct gvt_definition *def,
		      enum gvt_picture picture, struct gvt_hostdev *hostdev)
{
	struct gvt_domain_facts facts;
	int err = read_facts(domain, gvt_definition_get_uuid(def), VIR_DOMAIN_XML_INACTIVE, &facts);

	if (!err)
		err = gvt_hostdev_choose(def, &facts, picture, gvt_domain_get_name(domain), hostdev);
	return err ? err : check_rom(domain, hostdev->rom);
}

/*
 * Some of libvirt's drivers can change a domain's devices only by defining it again; with its
 * passwords, which are lost otherwise.
 */
static int redefine(struct gvt_domain *domain, const char *uuid, const char *hostdev, bool add)
{
	unsigned int flags = VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE;
	char *xml = gvt_vir.DomainGetXMLDesc(domain->handle, flags), *changed = NULL;
	virDomainPtr handle = NULL;

	if (xml)
		changed = add ? gvt_domain_xml_add(xml, hostdev) : gvt_domain_xml_take_out(xml, uuid);
	if (changed)
		handle = gvt_vir.DomainDefineXML(gvt_vir.DomainGetConnect(domain->handle), changed);
	free(changed);
	free(xml);
	if (!handle)
		return -1;
	gvt_vir.DomainFree(handle);
	return 0;
}

static int call(struct gvt_domain *domain, const char *uuid, const char *hostdev, bool add,
		unsigned int affect)
{
	const virError *error;
	int ret;

	if (add)
		ret = gvt_vir.DomainAttachDeviceFlags(domain->handle, hostdev, affect);
	else
		ret = gvt_vir.DomainDetachDeviceFlags(domain->handle, hostdev, affect);
	error = gvt_vir.GetLastError();
	if (ret < 0 && error && error->code == VIR_ERR_NO_SUPPORT &&
	    affect == VIR_DOMAIN_AFFECT_CONFIG)
		ret = redefine(domain, uuid, hostdev, add);
	return ret;
}

/* @affect: VIR_DOMAIN_AFFECT_CONFIG, VIR_DOMAIN_AFFECT_LIVE. Takes @hostdev over. */
static int change(struct gvt_domain *domain, const char *uuid, char *hostdev, bool add,
		  unsigned int affect)
{
	bool live = affect == VIR_DOMAIN_AFFECT_LIVE;
	char what[512];
	int ret;

	if (!hostdev)
		return gvt_no_memory(domain->ctx);
	ret = call(domain, uuid, hostdev, add, affect);
	free(hostdev);
	if (ret >= 0)
		return 0;
	snprintf(what, sizeof(what), "cannot %s vGPU %s %s %sdomain %s", add ? "attach" : "detach",
		 uuid, add ? "to" : "from", live ? "the running " : "", gvt_domain_get_name(domain));
	return gvt_libvirt_error(domain->ctx, -EIO, what);
}

int gvt_domain_add_vgpu(struct gvt_domain *domain, const struct gvt_hostdev *hostdev)
{
	struct gvt_domain_facts facts;
	int err = read_facts(domain, hostdev->uuid, VIR_DOMAIN_XML_INACTIVE, &facts);

	if (err)
		return err;
	if (facts.has_wanted)
		return 1;
	return change(domain, hostdev->uuid, gvt_hostdev_to_xml(hostdev), true,
		      VIR_DOMAIN_AFFECT_CONFIG);
}

/* Its element with all that others wrote into it, from the configuration or from what runs. */
static int get_element(struct gvt_domain *domain, const char *uuid, unsigned int flags,
		       char **element)
{
	char *xml = gvt_vir.DomainGetXMLDesc(domain->handle, flags);
	int err;

	*element = NULL;
	if (!xml)
		return gvt_libvirt_error(domain->ctx, -EIO, "cannot read the domain's configuration");
	err = gvt_domain_xml_get(xml, uuid, element);
	free(xml);
	if (err == -ENOMEM)
		return gvt_no_memory(domain->ctx);
	if (err)
		gvt_error(domain->ctx, GVT_ERROR_FAILED, err, "cannot make sense of the configuration of VM %s",
			  gvt_domain_get_name(domain));
	return err;
}

int gvt_domain_remove_vgpu(struct gvt_domain *domain, const char *uuid, char **removed)
{
	char *element;
	int err = get_element(domain, uuid, VIR_DOMAIN_XML_INACTIVE, &element);

	*removed = NULL;
	if (err)
		return err;
	if (!element)
		return 1;
	err = change(domain, uuid, strdup(element), false, VIR_DOMAIN_AFFECT_CONFIG);
	if (err)
		free(element);
	else
		*removed = element;
	return err;
}

int gvt_domain_put_back(struct gvt_domain *domain, const char *uuid, const char *removed)
{
	return change(domain, uuid, strdup(removed), true, VIR_DOMAIN_AFFECT_CONFIG);
}

int gvt_domain_element(struct gvt_domain *domain, const char *uuid, char **element)
{
	return get_element(domain, uuid, VIR_DOMAIN_XML_INACTIVE, element);
}

int gvt_domain_make(struct gvt_domain *domain, const char *uuid, const char *element)
{
	char *has;
	int err = gvt_domain_element(domain, uuid, &has);

	if (!err && has && !element)
		err = change(domain, uuid, strdup(has), false, VIR_DOMAIN_AFFECT_CONFIG);
	else if (!err && !has && element)
		err = gvt_domain_put_back(domain, uuid, element);
	free(has);
	return err;
}

int gvt_domain_plug_vgpu(struct gvt_domain *domain, const char *uuid)
{
	const struct gvt_hostdev hostdev = { .uuid = uuid };
	struct gvt_domain_facts facts;
	int err = read_facts(domain, uuid, 0, &facts);

	if (err)
		return err;
	if (facts.has_wanted)
		return 1;
	return change(domain, uuid, gvt_hostdev_to_xml(&hostdev), true, VIR_DOMAIN_AFFECT_LIVE);
}

/* libvirt answers before the guest has let the device go; it is gone when its XML says so. */
static int wait_unplugged(struct gvt_domain *domain, const char *uuid)
{
	const struct timespec pause = { .tv_nsec = UNPLUG_LOOK_MS * 1000000l };
	struct gvt_domain_facts facts;
	int err = 0;

	for (int i = 0; i < UNPLUG_LOOKS; i++) {
		err = read_facts(domain, uuid, 0, &facts);
		if (err || !facts.has_wanted)
			return err;
		nanosleep(&pause, NULL);
	}
	gvt_error(domain->ctx, GVT_ERROR_IN_USE, -EBUSY, "the guest of VM %s does not let vGPU %s go",
		  gvt_domain_get_name(domain), uuid);
	gvt_hint(domain->ctx, "end what uses its GPU, or shut it down: virsh shutdown %s",
		 gvt_domain_get_name(domain));
	return -EBUSY;
}

int gvt_domain_unplug_vgpu(struct gvt_domain *domain, const char *uuid)
{
	char *element;
	int err = get_element(domain, uuid, 0, &element);

	if (err)
		return err;
	if (!element)
		return 1;
	err = change(domain, uuid, element, false, VIR_DOMAIN_AFFECT_LIVE);
	return err ? err : wait_unplugged(domain, uuid);
}
