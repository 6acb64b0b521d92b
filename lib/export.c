// SPDX-License-Identifier: LGPL-2.1-or-later
/* gvt_export: vGPUs for other programs; and a GPU's types for those that run fleets of hosts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "definition.h"
#include "files.h"
#include "mdevctl.h"
#include "nodedev.h"
#include "snapshot.h"
#include "value.h"

/* --- one vGPU --------------------------------------------------------------------------------- */

int gvt_export(struct gvt_vgpu *vgpu, enum gvt_export_format format, char **text)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;

	*text = NULL;
	if (!vgpu->def) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP, "vGPU %s has no definition", vgpu->uuid);
		gvt_hint(ctx, "make one of it: gvt define --type %s --uuid %s",
			 gvt_short_type_name(vgpu->type_name), vgpu->uuid);
		return -ENOTSUP;
	}
	switch (format) {
	case GVT_EXPORT_XML:
		return gvt_definition_to_xml(vgpu->def, text);
	case GVT_EXPORT_MDEVCTL:
		*text = gvt_mdevctl_json(vgpu->def);
		break;
	case GVT_EXPORT_LIBVIRT:
		*text = gvt_nodedev_xml(vgpu->def);
		break;
	default:
		return gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL,
				 "a vGPU is exported as XML, for mdevctl or for libvirt");
	}
	return *text ? 0 : gvt_no_memory(ctx);
}

/* --- a host in a fleet ------------------------------------------------------------------------ */

/* Each writes for one GPU and one of its types. */

/*
 * mdevNameSelector is compared with the type's "name" in sysfs, where there is one, and else with its
 * id; mediatedDeviceTypes names ids (KubeVirt user guide, "Host Devices Assignment").
 */
static void write_kubevirt(FILE *out, struct gvt_gpu *gpu, struct gvt_type *type)
{
	struct gvt_ctx *ctx = gpu->snapshot->ctx;
	char name[128];

	if (gvt_read_attr(ctx, name, sizeof(name), "%s/%s/mdev_supported_types/%s/name",
			  gvt_types_folder(ctx, gpu->name), gpu->name, type->name) ||
	    !gvt_valid_type(name))
		snprintf(name, sizeof(name), "%s", type->name);
	fprintf(out,
		"# kubectl apply -f FILE; then VMs ask for devices.gpus[].deviceName: intel.com/%s\n"
		"apiVersion: kubevirt.io/v1\n"
		"kind: KubeVirt\n"
		"metadata:\n"
		"  name: kubevirt\n"
		"  namespace: kubevirt\n"
		"spec:\n"
		"  configuration:\n"
		"    mediatedDevicesConfiguration:\n"
		"      mediatedDeviceTypes:\n"
		"      - %s\n"
		"    permittedHostDevices:\n"
		"      mediatedDevices:\n"
		"      - mdevNameSelector: \"%s\"\n"
		"        resourceName: intel.com/%s\n",
		gvt_short_type_name(type->name), type->name, name, gvt_short_type_name(type->name));
}

/*
 * Nova makes the mdevs itself; a GPU has one type for it (Nova, admin guide, "Attaching virtual GPU
 * devices to guests"; groups mdev_TYPE since 24.0, max_instances, 1 or more, since 29.0).
 */
static void write_nova(FILE *out, struct gvt_gpu *gpu, struct gvt_type *type)
{
	unsigned int available = gvt_type_get_available(type);

	fprintf(out,
		"# into nova.conf of the compute service on this host\n"
		"[devices]\n"
		"enabled_mdev_types = %s\n"
		"\n"
		"[mdev_%s]\n"
		"device_addresses = %s\n"
		"mdev_class = VGPU\n",
		type->name, type->name, gpu->name);
	if (available)
		fprintf(out, "max_instances = %u\n", available);
	else
		fputs("# max_instances is missing: there is no room for any now\n", out);
	fputs("\n# then, for a flavor: openstack flavor set NAME --property resources:VGPU=1\n", out);
}

static void read_hex(struct gvt_gpu *gpu, const char *name, unsigned int *value)
{
	uint64_t number;

	*value = 0;
	if (!gvt_read_number(gpu->snapshot->ctx, &number, "/sys/bus/pci/devices/%s/%s", gpu->name,
			     name) &&
	    number <= 0xffff)
		*value = (unsigned int)number;
}

/*
 * A mapping of resources; a VM names it with the type. (Proxmox VE, admin guide, "Resource Mapping"; the
 * file's format is that of pve-guest-common, PVE::Mapping::PCI. A node is named without its domain.)
 */
static void write_proxmox(FILE *out, struct gvt_gpu *gpu, struct gvt_type *type)
{
	struct gvt_ctx *ctx = gpu->snapshot->ctx;
	char *group = gvt_read_link_name(ctx, "/sys/bus/pci/devices/%s/iommu_group", gpu->name);
	unsigned int vendor, device;
	char node[128];

	read_hex(gpu, "subsystem_vendor", &vendor);
	read_hex(gpu, "subsystem_device", &device);
	if (gvt_read_attr(ctx, node, sizeof(node), "/proc/sys/kernel/hostname") || !node[0])
		snprintf(node, sizeof(node), "NODE");
	node[strcspn(node, ".")] = '\0';
	fprintf(out,
		"# into /etc/pve/mapping/pci.cfg; then, for each VM:\n"
		"# qm set VMID -hostpci0 mapping=intel-gvt,mdev=%s\n"
		"intel-gvt\n"
		"\tdescription Intel GPU shared by gvt\n"
		"\tmap id=8086:%04x,",
		type->name, gpu->device_id);
	if (group)
		fprintf(out, "iommugroup=%s,", group);
	fprintf(out, "node=%s,path=%s,subsystem-id=%04x:%04x\n\tmdev 1\n", node, gpu->name, vendor,
		device);
	free(group);
}

int gvt_export_fleet(struct gvt_type *type, enum gvt_export_format format, char **text)
{
	struct gvt_ctx *ctx = type->gpu->snapshot->ctx;
	size_t size;
	FILE *out;

	*text = NULL;
	if (format != GVT_EXPORT_KUBEVIRT && format != GVT_EXPORT_NOVA && format != GVT_EXPORT_PROXMOX)
		return gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL,
				 "a type is exported for KubeVirt, Nova or Proxmox");
	out = open_memstream(text, &size);
	if (!out)
		return gvt_no_memory(ctx);
	if (format == GVT_EXPORT_KUBEVIRT)
		write_kubevirt(out, type->gpu, type);
	else if (format == GVT_EXPORT_NOVA)
		write_nova(out, type->gpu, type);
	else
		write_proxmox(out, type->gpu, type);
	if (!fclose(out))
		return 0;
	free(*text);
	*text = NULL;
	return gvt_no_memory(ctx);
}
