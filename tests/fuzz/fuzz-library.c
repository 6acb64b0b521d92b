// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-library - whatever files, libvirt and sysfs may give to libgvtmgr
 *
 * The first byte chooses what the others are: a definition, a domain's XML, a node device's, a
 * definition of mdevctl, a journal, or texts of sysfs. A definition that is read is written, and read
 * again alike.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/ctx.h"
#include "lib/hostdev.h"
#include "lib/journal.h"
#include "lib/mdevctl.h"
#include "lib/nodedev.h"

#define UUID "aaaaaaaa-0000-4000-8000-000000000001"
#define GPU  "0000:00:02.0"
#define TYPE "/sys/bus/pci/devices/" GPU "/mdev_supported_types/i915-GVTg_V5_4"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static char root[] = "/tmp/gvt-fuzz-XXXXXX";
static struct gvt_ctx *ctx;

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/* --- a host in a folder ----------------------------------------------------------------------- */

static void put(const char *below, const void *bytes, size_t size)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s%s", root, below);
	for (char *slash = strchr(path + sizeof(root), '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, path);
	close(fd);
}

static void put_text(const char *below, const char *text)
{
	put(below, text, strlen(text));
}

static int kernel(struct gvt_ctx *unused, const char *path, const char *text)
{
	return 0;
}

static void remove_root(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	must(!system(command), command);
}

static void set_up(void)
{
	must(mkdtemp(root) != NULL, "no folder");
	atexit(remove_root);
	must(!gvt_new(&ctx), "no context");
	put_text("/sys/bus/pci/devices/" GPU "/vendor", "0x8086\n");
	put_text("/sys/bus/pci/devices/" GPU "/device", "0x1912\n");
	put_text("/sys/bus/pci/devices/" GPU "/class", "0x030000\n");
	put_text(TYPE "/available_instances", "1\n");
	must(!gvt_set_root(ctx, root), "no root");
	ctx->seams.sysfs_write = kernel;
}

/*
 * libxml2 and json-c are not instrumented, so that nothing leads a fuzzer to a word: bytes below the
 * number of these stand for them, and the rest for itself.
 */
static const char *const words[] = {
	"<vgpu>", "</vgpu>", "<uuid>" UUID "</uuid>", "<type>i915-GVTg_V5_4</type>", "<name>", "</name>",
	"<domain uuid='" UUID "'>", "</domain>", "<gpu>" GPU "</gpu>", "<aperture unit='MiB'>", "</aperture>",
	"<fences>4</fences>", "<hostdev display='on' ramfb='off' rom='/a'/>", "<hostdev rom='", "'/>",
	"<x:y xmlns:x='u'>", "</x:y>", "<!--", "-->", "<![CDATA[", "]]>", "&#10;", "<!DOCTYPE a>", "<devices>",
	"</devices>", "<hostdev type='mdev'>", "</hostdev>", "<source><address uuid='" UUID "'/></source>",
	"<domain type='kvm'>", "<graphics type='vnc'/>", "<gl enable='yes'/>", "<video><model type='none'/></video>",
	"<device>", "</device>", "<parent>pci_0000_00_02_0</parent>", "<capability type='mdev'>", "</capability>",
	"<type id='i915-GVTg_V5_4'/>", "<attr name='gvt/cap' value='", "{\"mdev_type\":\"i915-GVTg_V5_4\"",
	",\"attrs\":[{\"gvt/cap\":\"", "\"}]", "{\"uuid\":\"" UUID "\"", ",\"device\":{\"gpu\":\"" GPU "\"",
	",\"type\":\"i915-GVTg_V5_4\"", ",\"settings\":{\"cap\":\"50\"}", "}", ",\"definition\":\"<vgpu>",
	",\"domain\":{\"uuid\":\"", "low_gm_size: 64MB\n", "high_gm_size: 384MB\n", "fence: ",
	" aperture 128+64", " hidden 512+384", " fences 4\n", UUID,
};

#define TEXT_MAX 16384

static size_t spell(const uint8_t *bytes, size_t size, char text[TEXT_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < size; i++) {
		bool word = bytes[i] < sizeof(words) / sizeof(words[0]) && bytes[i] != '\n';
		size_t more = word ? strlen(words[bytes[i]]) : 1;

		if (len + more >= TEXT_MAX)
			break;
		memcpy(text + len, word ? (const void *)words[bytes[i]] : &bytes[i], more);
		len += more;
	}
	return len;
}

/* --- what the bytes are ----------------------------------------------------------------------- */

static void try_definition(const char *text, size_t size)
{
	struct gvt_definition *def, *again;
	char *xml, *xml_again;

	if (gvt_definition_from_xml(ctx, text, size, &def)) {
		must(gvt_validate(ctx, text, size, NULL, NULL), "valid, but not read");
		return;
	}
	must(!gvt_validate(ctx, text, size, NULL, NULL), "read, but not valid");
	must(!gvt_definition_to_xml(def, &xml), "not written");
	/* What was read with numbers for characters may be longer when it is written. */
	if (strlen(xml) <= 65536) {
		must(!gvt_definition_from_xml(ctx, xml, strlen(xml), &again), "not read again");
		must(!gvt_definition_to_xml(again, &xml_again), "not written again");
		must(!strcmp(xml, xml_again), "written otherwise");
		free(xml_again);
		gvt_definition_unref(again);
	}
	free(xml);
	gvt_definition_unref(def);
}

static int ignore_uuid(void *data, const char *uuid)
{
	must(strlen(uuid) == 36, "no UUID");
	return 0;
}

static void try_domain(const char *text, size_t size)
{
	struct gvt_domain_facts facts;
	char uuid[37], name[64], *copy = strndup(text, size), *changed;

	gvt_domain_xml_each(text, size, uuid, name, sizeof(name), ignore_uuid, NULL);
	gvt_domain_xml_read(copy, UUID, &facts);
	changed = gvt_domain_xml_take_out(copy, UUID);
	if (changed) {
		must(!gvt_domain_xml_read(changed, UUID, &facts) && !facts.has_wanted, "not taken out");
		free(changed);
	}
	changed = gvt_domain_xml_add(copy, "<hostdev type='mdev'><source><address uuid='" UUID "'/></source>"
					   "</hostdev>");
	if (changed)
		must(!gvt_domain_xml_read(changed, UUID, &facts) && facts.has_wanted, "not added");
	free(changed);
	free(copy);
}

static void try_nodedev(const char *text, size_t size)
{
	struct gvt_definition *def;
	char *copy = strndup(text, size);

	if (!gvt_nodedev_read(ctx, copy, &def))
		free(gvt_nodedev_xml(def));
	gvt_definition_unref(def);
	free(copy);
}

static int take_definition(void *data, struct gvt_definition *def)
{
	free(gvt_mdevctl_json(def));
	return 0;
}

static void try_mdevctl(const char *text, size_t size)
{
	put("/etc/mdevctl.d/" GPU "/" UUID, text, size);
	gvt_mdevctl_each(ctx, take_definition, NULL);
}

static void try_journal(const char *text, size_t size)
{
	put("/etc/gvt/vgpus/.pending", text, size);
	gvt_journal_recover(ctx, false);
}

/* Half of the bytes are the type's description, half the GPU's holders. */
static void try_sysfs(const char *text, size_t size)
{
	struct gvt_plan *plan;
	struct gvt_gpu *gpu;
	char *svg, *metrics;

	put(TYPE "/description", text, size / 2);
	put("/sys/bus/pci/devices/" GPU "/gvt/holders", text + size / 2, size - size / 2);
	put("/sys/bus/pci/devices/" GPU "/gvt/total_aperture_mb", text, size % 7);
	put_text("/sys/bus/pci/devices/" GPU "/gvt/total_hidden_mb", "3200");
	put_text("/sys/bus/pci/devices/" GPU "/gvt/total_fences", "28");
	put_text("/sys/bus/pci/devices/" GPU "/resource", "0 0 0\n0 0 0\n0xc0000000 0xdfffffff 0\n");
	must(!gvt_scan(ctx), "no look");
	gpu = gvt_gpu_get_first(ctx);
	if (gpu && !gvt_plan_new(gpu, &plan)) {
		for (int i = 0; i < 3; i++)
			gvt_plan_add(plan, NULL, NULL, 0);
		must(!gvt_plan_to_svg(plan, GVT_PLAN_NOW, &svg), "no drawing");
		free(svg);
		gvt_plan_unref(plan);
	}
	must(!gvt_metrics(ctx, &metrics), "no metrics");
	free(metrics);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static void (*const tries[])(const char *text, size_t size) = {
		try_definition, try_domain, try_nodedev, try_mdevctl, try_journal, try_sysfs,
	};

	if (!ctx)
		set_up();
	if (size) {
		static char text[TEXT_MAX];
		size_t len = spell(bytes + 1, size - 1, text);

		tries[bytes[0] % (sizeof(tries) / sizeof(tries[0]))](text, len);
	}
	return 0;
}
