// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Domains' XML, how a domain is to have a vGPU, and libvirt's hook.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hostdev.h"
#include "test-gvtmgr-root.h"

#define OURS   "11111111-1111-4111-8111-111111111111"
#define OTHERS "22222222-2222-4222-8222-222222222222"
#define MDEV(uuid) "<hostdev type='mdev'><source><address uuid='" uuid "'/></source></hostdev>"

static int set_up(void **state)
{
	*state = root_new_ready();
	return 0;
}

static int tear_down(void **state)
{
	root_free(*state);
	return 0;
}

/* --- XML -------------------------------------------------------------------------------------- */

static void reads_domains(void **state)
{
	static const char xml[] =
		"<domain type='qemu'><devices><hostdev type='pci'><source><address uuid='" UUID_C
		"'/></source></hostdev>" MDEV(UUID_A) "<hostdev type='mdev' display='on'><source>"
		"<address uuid='" UUID_B "'/></source></hostdev><hostdev type='mdev'/>"
		"</devices></domain>";
	struct gvt_domain_facts facts;
	char *changed;

	assert_int_equal(gvt_domain_xml_read(xml, UUID_B, &facts), 0);
	assert_true(facts.emulated);
	assert_true(facts.has_wanted);
	assert_false(facts.other_display || facts.graphics || facts.video);
	assert_string_equal(facts.other, UUID_A);
	assert_int_equal(gvt_domain_xml_read(xml, UUID_C, &facts), 0);
	assert_false(facts.has_wanted);
	assert_true(facts.other_display);
	assert_int_equal(gvt_domain_xml_read("<domain type='kvm'/>", UUID_C, &facts), 0);
	assert_false(facts.emulated || facts.has_wanted || facts.other[0]);
	assert_int_equal(gvt_domain_xml_read("<domain", UUID_C, &facts), -EBADMSG);
	changed = gvt_domain_xml_take_out(xml, UUID_A);
	assert_null(strstr(changed, UUID_A));
	assert_non_null(strstr(changed, UUID_B));
	assert_non_null(strstr(changed, UUID_C));
	free(changed);
	assert_int_equal(gvt_domain_xml_get(xml, UUID_B, &changed), 0);
	assert_non_null(strstr(changed, "<hostdev type=\"mdev\" display=\"on\">"));
	free(changed);
	assert_int_equal(gvt_domain_xml_get(xml, UUID_C, &changed), 0);
	assert_null(changed);
	assert_int_equal(gvt_domain_xml_get("<domain", UUID_C, &changed), -EBADMSG);
	assert_null(gvt_domain_xml_add("<domain/>", "<hostdev/>"));
	assert_null(gvt_domain_xml_add("<domain><devices/></domain>", "<hostdev"));
	changed = gvt_domain_xml_add("<domain><devices><a/></devices></domain>", "<hostdev x='1'/>");
	assert_non_null(strstr(changed, "<a/><hostdev x=\"1\"/></devices>"));
	free(changed);
}

/* --- how a domain is to have it --------------------------------------------------------------- */

static const char *choose(struct root *root, const char *devices, enum gvt_picture picture,
			  const char *display, const char *ramfb)
{
	struct gvt_domain_facts facts;
	struct gvt_definition *def;
	struct gvt_hostdev hostdev;
	char xml[1024];
	int err;

	snprintf(xml, sizeof(xml), "<domain type='kvm'><devices>%s</devices></domain>", devices);
	assert_int_equal(gvt_domain_xml_read(xml, UUID_A, &facts), 0);
	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_int_equal(gvt_definition_set_uuid(def, UUID_A), 0);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_DISPLAY, display), 0);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_RAMFB, ramfb), 0);
	err = gvt_hostdev_choose(def, &facts, picture, "win10", &hostdev);
	gvt_definition_unref(def);
	if (err) {
		assert_int_equal(err, -ENOTSUP);
		return gvt_get_error(root->ctx);
	}
	return hostdev.ramfb ? "ramfb" : hostdev.display ? "display" : "none";
}

static void a_domain_gets_only_what_can_start(void **state)
{
#define VNC   "<graphics type='vnc'/>"
#define EGL   "<graphics type='egl-headless'/>"
#define GL    "<graphics type='spice'><gl enable='yes'/></graphics>"
#define VIDEO "<video><model type='virtio'/></video>"
#define NONE  "<video><model type='none'/></video>"
#define SHOWN "<hostdev type='mdev' display='on'><source><address uuid='" UUID_B "'/></source></hostdev>"
	static const struct {
		const char *devices;
		enum gvt_picture picture;
		const char *display, *ramfb, *outcome;
	} cases[] = {
		{ "", GVT_PICTURE_REGION, NULL, NULL, "none" },
		{ VNC VIDEO, GVT_PICTURE_REGION, NULL, NULL, "display" },
		{ VNC NONE, GVT_PICTURE_REGION, NULL, NULL, "ramfb" },
		{ VNC NONE, GVT_PICTURE_REGION, NULL, "off", "display" },
		{ VNC VIDEO, GVT_PICTURE_REGION, NULL, "on", "ramfb" },
		{ VNC VIDEO, GVT_PICTURE_REGION, "off", NULL, "none" },
		{ VNC VIDEO, GVT_PICTURE_DMABUF, NULL, NULL, "none" },
		{ VNC EGL VIDEO, GVT_PICTURE_DMABUF, NULL, NULL, "display" },
		{ GL VIDEO, GVT_PICTURE_DMABUF, NULL, NULL, "display" },
		{ GL VIDEO SHOWN, GVT_PICTURE_DMABUF, NULL, NULL, "none" },
		{ VIDEO, GVT_PICTURE_REGION, "on", NULL, "no graphics" },
		{ VNC VIDEO, GVT_PICTURE_DMABUF, "on", NULL, "OpenGL" },
		{ GL SHOWN, GVT_PICTURE_DMABUF, "on", NULL, "another mediated device" },
		{ VIDEO, GVT_PICTURE_REGION, NULL, "on", "can't have ramfb" },
		{ VNC, GVT_PICTURE_REGION, "off", "on", "can't have ramfb" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *outcome = choose(*state, cases[i].devices, cases[i].picture,
					     cases[i].display, cases[i].ramfb);

		if (!strstr(outcome, cases[i].outcome))
			fail_msg("case %zu: %s instead of %s", i, outcome, cases[i].outcome);
	}
}

static void the_element_is_libvirts(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def;
	char *xml;

	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_int_equal(gvt_definition_to_hostdev_xml(def, &xml), -EINVAL);
	assert_int_equal(gvt_definition_set_uuid(def, UUID_A), 0);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_DISPLAY, "on"), 0);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_RAMFB, "on"), 0);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_ROM, "relative.rom"), -EINVAL);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_ROM, "/a/b'.rom"), -EINVAL);
	assert_int_equal(gvt_definition_set_hostdev(def, GVT_HOSTDEV_ROM, "/usr/share/qemu/a.rom"), 0);
	assert_int_equal(gvt_definition_to_hostdev_xml(def, &xml), 0);
	assert_string_equal(xml, "<hostdev mode=\"subsystem\" type=\"mdev\" model=\"vfio-pci\" "
				 "display=\"on\" ramfb=\"on\">\n  <source>\n    <address uuid=\"" UUID_A
				 "\"/>\n  </source>\n  <rom file=\"/usr/share/qemu/a.rom\"/>\n"
				 "</hostdev>\n");
	free(xml);
	assert_int_equal(gvt_definition_to_xml(def, &xml), 0);
	assert_non_null(strstr(xml, "<hostdev display=\"on\" ramfb=\"on\" rom=\"/usr/share/qemu/a.rom\"/>"));
	free(xml);
	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		assert_int_equal(gvt_definition_set_hostdev(def, i, NULL), 0);
	assert_int_equal(gvt_definition_to_xml(def, &xml), 0);
	assert_null(strstr(xml, "hostdev"));
	free(xml);
	gvt_definition_unref(def);
}

/* --- the hook --------------------------------------------------------------------------------- */

static int hook(struct root *root, const char *operation, const char *sub_operation,
		const char *domain, const char *devices)
{
	char xml[2048];
	int len = snprintf(xml, sizeof(xml),
			   "<domain><name>win10</name><uuid>%s</uuid><devices>%s</devices></domain>",
			   domain, devices);

	return gvt_hook(root->ctx, operation, sub_operation, xml, len);
}

static bool is_on(struct root *root, const char *uuid)
{
	return root_has(root, "/sys/bus/mdev/devices/%s", uuid);
}

static void a_missing_vgpu_is_started_and_ends_with_the_domain(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_4", "<domain uuid='" OURS "'>win10</domain>");
	assert_int_equal(hook(root, "prepare", "begin", OURS, MDEV(UUID_A)), 0);
	assert_true(is_on(root, UUID_A));
	assert_int_equal(hook(root, "release", "end", OTHERS, MDEV(UUID_A)), 0);
	assert_true(is_on(root, UUID_A));
	assert_int_equal(hook(root, "release", "end", OURS, MDEV(UUID_A)), 0);
	assert_false(is_on(root, UUID_A));
	assert_true(root_has(root, "/etc/gvt/vgpus/" UUID_A ".xml"));
	assert_int_equal(root_count(root, "/run/gvt/started"), 0);
}

static void what_was_on_before_stays_on(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_4", "");
	assert_int_equal(gvt_start(gvt_vgpu_get_first(root->ctx), 0), 0);
	assert_int_equal(hook(root, "prepare", "begin", OURS, MDEV(UUID_A)), 0);
	assert_int_equal(hook(root, "release", "end", OURS, MDEV(UUID_A)), 0);
	assert_true(is_on(root, UUID_A));
}

static void a_vgpu_that_is_taken_is_refused(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_8", "");
	root_add_definition(root, UUID_B, "V5_4", "<domain uuid='" OTHERS "'>other</domain>");
	assert_int_equal(hook(root, "prepare", "begin", OURS, MDEV(UUID_A) MDEV(UUID_B)), -EBUSY);
	root_assert_error(root, GVT_ERROR_IN_USE, "belongs to VM other");
	/* The one before it, which was started for this domain, does not stay. */
	assert_false(is_on(root, UUID_A));
	root_add_mdev(root, UUID_A, "V5_8");
	root_add_user(root, UUID_A, 812, "third");
	assert_int_equal(hook(root, "prepare", "begin", OURS, MDEV(UUID_A)), -EBUSY);
	root_assert_error(root, GVT_ERROR_IN_USE, "third");
}

static void one_that_has_no_room_is_told_so(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_1", "");
	assert_int_equal(hook(root, "prepare", "begin", OURS, MDEV(UUID_A)), -ENOSPC);
	root_assert_error(root, GVT_ERROR_NO_CAPACITY, "no room");
}

static void the_rest_is_none_of_its_business(void **state)
{
	static const char *const calls[][2] = { { "reconnect", "begin" }, { "migrate", "begin" },
						{ "restore", "begin" },	  { "attach", "begin" },
						{ "start", "begin" },	  { "stopped", "end" },
						{ "prepare", "end" },	  { "", "" } };
	static const char *const texts[] = {
		"", "<", "<domain", "<domain><devices><hostdev type='mdev'><source>",
		"<!DOCTYPE d [<!ENTITY a 'b'>]><domain>&a;&a;</domain>", "<domain/>",
		"<domain><devices><hostdev type='mdev'><source><address uuid='../../x'/></source>"
		"</hostdev></devices></domain>", "\x00\xff\xfe",
	};
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_1", "");
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		assert_int_equal(hook(root, calls[i][0], calls[i][1], OURS, MDEV(UUID_A)), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(gvt_hook(root->ctx, "prepare", "begin", texts[i], strlen(texts[i])), 0);
	/* A device that is not known here may be another driver's, or made by another hook. */
	assert_int_equal(hook(root, "prepare", "begin", OURS, MDEV(UUID_C)), 0);
	assert_int_equal(root_count(root, "/sys/bus/mdev/devices"), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_domains),
		TEST(a_domain_gets_only_what_can_start),
		TEST(the_element_is_libvirts),
		TEST(a_missing_vgpu_is_started_and_ends_with_the_domain),
		TEST(what_was_on_before_stays_on),
		TEST(a_vgpu_that_is_taken_is_refused),
		TEST(one_that_has_no_room_is_told_so),
		TEST(the_rest_is_none_of_its_business),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
