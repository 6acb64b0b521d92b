// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions: their XML, hostile XML, and the files they live in. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/store.h"
#include "test-gvtmgr-root.h"

#define HEAD "<vgpu><uuid>" UUID_A "</uuid><type>i915-GVTg_V5_4</type>"

static int setup(void **state)
{
	*state = root_new();
	return 0;
}

static int teardown(void **state)
{
	root_free(*state);
	return 0;
}

static struct gvt_definition *parse(struct root *root, const char *xml)
{
	struct gvt_definition *def;

	assert_int_equal(gvt_definition_from_xml(root->ctx, xml, strlen(xml), &def), 0);
	return def;
}

static void expect_refused(struct root *root, const char *xml, size_t len, int err, const char *why)
{
	struct gvt_definition *def = (void *)1;
	int got = gvt_definition_from_xml(root->ctx, xml, len, &def);

	if (got != err)
		fail_msg("%d instead of %d for %.60s", got, err, xml);
	assert_null(def);
	if (!strstr(gvt_get_error(root->ctx), why))
		fail_msg("\"%s\" is not in \"%s\"", why, gvt_get_error(root->ctx));
	assert_null(strchr(gvt_get_error(root->ctx), '\n'));
}

static void goes_round(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def, *again;
	char *xml;

	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_true(gvt_definition_get_autostart(def));
	assert_int_equal(gvt_definition_set_uuid(def, "AAAAAAAA-0000-4000-8000-000000000001"), 0);
	assert_int_equal(gvt_definition_set_type(def, "i915-GVTg_V5_4"), 0);
	assert_int_equal(gvt_definition_set_gpu(def, "00:02.0"), 0);
	assert_int_equal(gvt_definition_set_name(def, "office"), 0);
	assert_int_equal(gvt_definition_set_domain(def, "Büro & <win>", UUID_B), 0);
	assert_int_equal(gvt_definition_set_autostart(def, false), 0);
	assert_int_equal(gvt_definition_to_xml(def, &xml), 0);
	again = parse(root, xml);
	assert_string_equal(gvt_definition_get_uuid(again), UUID_A);
	assert_string_equal(gvt_definition_get_type(again), "i915-GVTg_V5_4");
	assert_string_equal(gvt_definition_get_gpu(again), GPU);
	assert_string_equal(gvt_definition_get_name(again), "office");
	assert_string_equal(gvt_definition_get_domain(again), "Büro & <win>");
	assert_string_equal(gvt_definition_get_domain_uuid(again), UUID_B);
	assert_false(gvt_definition_get_autostart(again));
	assert_int_equal(gvt_definition_set_domain(again, NULL, NULL), 0);
	assert_int_equal(gvt_definition_set_autostart(again, true), 0);
	assert_null(gvt_definition_get_domain(again));
	assert_null(gvt_definition_get_domain_uuid(again));
	free(xml);
	assert_int_equal(gvt_definition_to_xml(again, &xml), 0);
	assert_null(strstr(xml, "domain"));
	assert_null(strstr(xml, "autostart"));
	free(xml);
	gvt_definition_unref(def);
	gvt_definition_unref(again);
}

static void keeps_what_it_does_not_know(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def;
	char *xml;

	def = parse(root,
		    HEAD "<!-- mine --><future a='1'><b>2</b></future>"
			 "<x:name xmlns:x='urn:x'>other</x:name><name note='n'>old</name></vgpu>");
	assert_string_equal(gvt_definition_get_name(def), "old");
	assert_int_equal(gvt_definition_set_name(def, "new"), 0);
	assert_int_equal(gvt_definition_to_xml(def, &xml), 0);
	assert_non_null(strstr(xml, "<!-- mine -->"));
	assert_non_null(strstr(xml, "<future a=\"1\">"));
	assert_non_null(strstr(xml, "<b>2</b>"));
	assert_non_null(strstr(xml, "other</x:name>"));
	assert_non_null(strstr(xml, "<name note=\"n\">new</name>"));
	free(xml);
	gvt_definition_unref(def);
}

static void takes_white_space_and_cdata(void **state)
{
	struct gvt_definition *def;

	def = parse(*state, "<?xml version='1.0'?>\n<vgpu>\n <uuid>\n" UUID_A "\n</uuid>"
			    "<type><![CDATA[ i915-GVTg_V5_4 ]]></type></vgpu>\n");
	assert_string_equal(gvt_definition_get_uuid(def), UUID_A);
	assert_string_equal(gvt_definition_get_type(def), "i915-GVTg_V5_4");
	gvt_definition_unref(def);
}

static void refuses_what_is_no_definition(void **state)
{
	static const struct {
		const char *xml, *why;
	} cases[] = {
		{ "", "line" },
		{ "no xml", "line" },
		{ "<vgpu>", "line" },
		{ "<other/>", "<vgpu>" },
		{ "<vgpu/>", "<type> is missing" },
		{ "<vgpu><uuid>" UUID_A "</uuid></vgpu>", "<type> is missing" },
		{ "<vgpu><uuid>../../etc/passwd</uuid></vgpu>", "<uuid>" },
		{ HEAD "<uuid>" UUID_A "</uuid></vgpu>", "a second time" },
		{ HEAD "<name><b>x</b></name></vgpu>", "plain text" },
		{ HEAD "<name></name></vgpu>", "<name>" },
		{ HEAD "<name>-rf</name></vgpu>", "<name>" },
		{ HEAD "<name>" UUID_B "</name></vgpu>", "<name>" },
		{ HEAD "<gpu>../0000:00:02.0</gpu></vgpu>", "<gpu>" },
		{ HEAD "<gpu>0000:00:02.0/..</gpu></vgpu>", "<gpu>" },
		{ HEAD "<gpu>0000:00:02.8</gpu></vgpu>", "<gpu>" },
		{ HEAD "<domain>a/b</domain></vgpu>", "<domain>" },
		{ HEAD "<domain>a&#10;b</domain></vgpu>", "<domain>" },
		{ HEAD "<domain uuid='x'>a</domain></vgpu>", "the uuid of <domain>" },
		{ HEAD "<autostart>maybe</autostart></vgpu>", "<autostart>" },
		{ HEAD "<resolution>1920</resolution></vgpu>", "<resolution>" },
		{ HEAD "<resolution>1920x1200@</resolution></vgpu>", "<resolution>" },
		{ HEAD "<resolution>639x480</resolution></vgpu>", "<resolution>" },
		{ HEAD "<resolution>4096x2305</resolution></vgpu>", "<resolution>" },
		{ HEAD "<resolution>01920x1200</resolution></vgpu>", "<resolution>" },
		{ HEAD "<resolution>1920x1200@121</resolution></vgpu>", "<resolution>" },
		{ HEAD "<resolution>1920x1200@60Hz</resolution></vgpu>", "<resolution>" },
		{ HEAD "<aperture>95</aperture></vgpu>", "<aperture> is '95', not an even" },
		{ HEAD "<aperture>14</aperture></vgpu>", "<aperture>" },
		{ HEAD "<aperture>4098</aperture></vgpu>", "<aperture>" },
		{ HEAD "<aperture unit='GiB'>96</aperture></vgpu>", "must be MiB" },
		{ HEAD "<hidden>30</hidden></vgpu>", "<hidden>" },
		{ HEAD "<hidden>512M</hidden></vgpu>", "<hidden>" },
		{ HEAD "<fences>0</fences></vgpu>", "<fences>" },
		{ HEAD "<fences>33</fences></vgpu>", "<fences>" },
		{ HEAD "<weight>+5</weight></vgpu>", "<weight>" },
		{ HEAD "<weight>99999999999999999999</weight></vgpu>", "<weight>" },
		{ HEAD "<cap>101</cap></vgpu>", "<cap>" },
		{ HEAD "<display>on</display></vgpu>", "<display>" },
		{ "<vgpu><uuid>" UUID_A "</uuid><type>../x</type></vgpu>", "<type>" },
		{ "<vgpu><uuid>" UUID_A "</uuid><type>..</type></vgpu>", "<type>" },
		{ "<vgpu><uuid>" UUID_A "</uuid><type>&x;</type></vgpu>", "line" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_refused(*state, cases[i].xml, strlen(cases[i].xml), -EBADMSG, cases[i].why);
}

struct told {
	char text[2048];
};

static void take_problem(void *data, unsigned int line, bool fatal, const char *message)
{
	struct told *told = data;
	size_t len = strlen(told->text);

	snprintf(told->text + len, sizeof(told->text) - len, "%u %s %s\n", line,
		 fatal ? "error" : "note", message);
}

static void tells_all_that_is_wrong_with_lines(void **state)
{
	static const char xml[] = "<vgpu>\n<uuid>1</uuid>\n<!-- -->\n<type>V5_4</type>\n\n"
				  "<apertur>96</apertur>\n<cap>\n0</cap><name>a b</name>\n"
				  "<type>V5_8</type></vgpu>\n";
	struct root *root = *state;
	struct told told = { "" };

	assert_int_equal(gvt_validate(root->ctx, xml, strlen(xml), take_problem, &told), -EBADMSG);
	assert_string_equal(told.text,
			    "2 error <uuid> is '1', not a UUID\n"
			    "6 note <apertur> is not known: it is kept, and means nothing\n"
			    "7 error <cap> is '0', not a percentage from 1 to 100\n"
			    "8 error <name> is 'a b', not 1 to 64 letters, digits and . _ + - that are "
			    "not a UUID\n"
			    "9 error <type> stands here a second time\n");
	assert_non_null(strstr(gvt_get_error(root->ctx), "line 2: <uuid>"));
	assert_int_equal(gvt_validate(root->ctx, "<vgpu>\n\n</vgp>", 15, NULL, NULL), -EBADMSG);
	assert_non_null(strstr(gvt_get_error(root->ctx), "line 3"));
	assert_int_equal(gvt_validate(root->ctx, HEAD "<x/></vgpu>", strlen(HEAD "<x/></vgpu>"),
				      take_problem, &told),
			 0);
}

static void settings_have_units_and_are_taken_away(void **state)
{
	static const struct {
		enum gvt_setting setting;
		const char *text, *plain; /* NULL: refused */
	} cases[] = {
		{ GVT_SETTING_APERTURE, "96", "96" },	   { GVT_SETTING_APERTURE, "96M", "96" },
		{ GVT_SETTING_APERTURE, "96 MiB", "96" },  { GVT_SETTING_APERTURE, "1G", "1024" },
		{ GVT_SETTING_APERTURE, "1gib", "1024" },  { GVT_SETTING_APERTURE, "96K", NULL },
		{ GVT_SETTING_APERTURE, "", NULL },	   { GVT_SETTING_APERTURE, "-96", NULL },
		{ GVT_SETTING_APERTURE, "9999G", NULL },   { GVT_SETTING_HIDDEN, "4G", "4096" },
		{ GVT_SETTING_HIDDEN, "8G", NULL },	   { GVT_SETTING_FENCES, "8", "8" },
		{ GVT_SETTING_FENCES, "8M", NULL },	   { GVT_SETTING_WEIGHT, "64", "64" },
		{ GVT_SETTING_CAP, "50", "50" },	   { GVT_SETTING_CAP, "50%", NULL },
		{ GVT_SETTING_DISPLAY, "dmabuf", "dmabuf" },
		{ GVT_SETTING_RESOLUTION, "1920x1080@75", "1920x1080@75" },
		{ GVT_SETTING_RESOLUTION, "1920x1080@75555555555555", NULL },
	};
	struct root *root = *state;
	struct gvt_definition *def = parse(root, HEAD "</vgpu>");
	char *xml;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int err = gvt_definition_set_setting(def, cases[i].setting, cases[i].text);

		assert_int_equal(err, cases[i].plain ? 0 : -EINVAL);
		if (cases[i].plain)
			assert_string_equal(gvt_definition_get_setting(def, cases[i].setting),
					    cases[i].plain);
	}
	assert_int_equal(gvt_definition_to_xml(def, &xml), 0);
	assert_non_null(strstr(xml, "<aperture unit=\"MiB\">1024</aperture>"));
	assert_non_null(strstr(xml, "<fences>8</fences>"));
	free(xml);
	assert_int_equal(gvt_definition_set_setting(def, GVT_SETTING_FENCES, NULL), 0);
	assert_null(gvt_definition_get_setting(def, GVT_SETTING_FENCES));
	assert_int_equal(gvt_definition_set_setting(def, GVT_SETTING_COUNT, "1"), -EINVAL);
	gvt_definition_unref(def);
}

static void refuses_doctypes_and_entities(void **state)
{
	static const char bomb[] =
		"<!DOCTYPE vgpu [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>" HEAD "<name>&c;</name></vgpu>";
	static const char outside[] =
		"<!DOCTYPE vgpu [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" HEAD
		"<name>&f;</name></vgpu>";
	static const char dtd[] =
		"<!DOCTYPE vgpu SYSTEM 'http://localhost:1/x.dtd'>" HEAD "</vgpu>";

	expect_refused(*state, bomb, strlen(bomb), -EBADMSG, "DOCTYPE");
	expect_refused(*state, outside, strlen(outside), -EBADMSG, "DOCTYPE");
	expect_refused(*state, dtd, strlen(dtd), -EBADMSG, "DOCTYPE");
}

static void refuses_huge_deep_and_binary_text(void **state)
{
	size_t size = 1 << 17;
	char *text = malloc(size);

	memset(text, ' ', size);
	expect_refused(*state, text, size, -EFBIG, "65536");
	for (size_t i = 0; i + 3 <= 60000; i += 3)
		memcpy(text + i, "<a>", 3);
	expect_refused(*state, text, 60000, -EBADMSG, "line");
	memset(text, 0, 1000);
	expect_refused(*state, text, 1000, -EBADMSG, "line");
	memset(text, 0xff, 1000);
	expect_refused(*state, text, 1000, -EBADMSG, "line");
	free(text);
}

static void setters_refuse_bad_values_and_keep_the_old(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def = parse(root, HEAD "<name>good</name></vgpu>");

	assert_int_equal(gvt_definition_set_name(def, "bad name"), -EINVAL);
	root->ctx->last.hint[0] = 'x';
	root_assert_error(root, GVT_ERROR_MISUSE, "bad name");
	assert_int_equal(gvt_definition_set_uuid(def, "123"), -EINVAL);
	assert_int_equal(gvt_definition_set_type(def, "a/b"), -EINVAL);
	assert_int_equal(gvt_definition_set_gpu(def, "02.0"), -EINVAL);
	assert_int_equal(gvt_definition_set_domain(def, "\xff", NULL), -EINVAL);
	assert_int_equal(gvt_definition_set_domain(def, "", NULL), -EINVAL);
	assert_int_equal(gvt_definition_set_domain(def, "x", "y"), -EINVAL);
	assert_string_equal(gvt_definition_get_name(def), "good");
	assert_string_equal(gvt_definition_get_uuid(def), UUID_A);
	assert_null(gvt_definition_get_gpu(def));
	assert_null(gvt_definition_get_domain(def));
	gvt_definition_unref(def);
}

/* --- files ------------------------------------------------------------------------------------ */

static void writes_and_reads_files(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def = parse(root, HEAD "</vgpu>"), *again;
	struct gvt_names names;
	struct stat st;
	char path[256];

	assert_int_equal(gvt_store_write(root->ctx, def), 0);
	snprintf(path, sizeof(path), "%s/etc/gvt/vgpus/" UUID_A ".xml", root->path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(gvt_store_write(root->ctx, def), 0);
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 1);
	assert_int_equal(gvt_store_list(root->ctx, &names), 0);
	assert_int_equal(names.count, 1);
	assert_string_equal(names.name[0], UUID_A);
	gvt_names_free(&names);
	assert_int_equal(gvt_store_read(root->ctx, UUID_A, &again), 0);
	gvt_definition_unref(again);
	assert_int_equal(gvt_store_remove(root->ctx, UUID_A), 0);
	assert_int_equal(gvt_store_remove(root->ctx, UUID_A), 0);
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 0);
	gvt_definition_unref(def);
}

/* As on a full disk: the write itself fails, in the middle of the file. */
static void a_failing_write_leaves_the_old_file(void **state)
{
	struct rlimit before, small = { .rlim_cur = 16, .rlim_max = RLIM_INFINITY };
	struct root *root = *state;
	struct gvt_definition *def = parse(root, HEAD "<name>old</name></vgpu>"), *read;

	assert_int_equal(gvt_store_write(root->ctx, def), 0);
	assert_int_equal(gvt_definition_set_name(def, "new"), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(gvt_store_write(root->ctx, def), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(gvt_get_error(root->ctx), "cannot write"));
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 1);
	assert_int_equal(gvt_store_read(root->ctx, UUID_A, &read), 0);
	assert_string_equal(gvt_definition_get_name(read), "old");
	gvt_definition_unref(read);
	gvt_definition_unref(def);
}

static void a_folder_that_is_a_file_is_told(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def = parse(root, HEAD "</vgpu>");

	root_write(root, "", "/etc/gvt");
	assert_int_equal(gvt_store_write(root->ctx, def), -ENOTDIR);
	assert_null(gvt_vgpu_get_first(root->ctx));
	gvt_definition_unref(def);
}

static void a_broken_file_hides_no_other(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu;

	root_add_definition(root, UUID_A, "V5_4", "");
	root_write(root, "<vgpu", "/etc/gvt/vgpus/" UUID_B ".xml");
	root_write(root, HEAD "</vgpu>", "/etc/gvt/vgpus/" UUID_C ".xml");
	root_write(root, "x", "/etc/gvt/vgpus/notes.txt");
	root_write(root, "x", "/etc/gvt/vgpus/.new-abcdef");
	root_folder(root, "/etc/gvt/vgpus/dddddddd-0000-4000-8000-000000000004.xml");
	root_link(root, "/dev/zero", "/etc/gvt/vgpus/eeeeeeee-0000-4000-8000-000000000005.xml");
	vgpu = gvt_vgpu_get_first(root->ctx);
	assert_string_equal(gvt_vgpu_get_uuid(vgpu), UUID_A);
	assert_null(gvt_vgpu_get_next(vgpu));
	assert_non_null(strstr(root->log, UUID_B ".xml is not a vGPU definition"));
	assert_non_null(strstr(root->log, UUID_C ".xml is the definition of another vGPU"));
	assert_non_null(strstr(root->log, "notes.txt"));
	assert_null(strstr(root->log, ".new-"));
	assert_non_null(strstr(root->log, "dddddddd"));
	assert_non_null(strstr(root->log, "eeeeeeee"));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(goes_round),
		TEST(keeps_what_it_does_not_know),
		TEST(takes_white_space_and_cdata),
		TEST(refuses_what_is_no_definition),
		TEST(tells_all_that_is_wrong_with_lines),
		TEST(settings_have_units_and_are_taken_away),
		TEST(refuses_doctypes_and_entities),
		TEST(refuses_huge_deep_and_binary_text),
		TEST(setters_refuse_bad_values_and_keep_the_old),
		TEST(writes_and_reads_files),
		TEST(a_failing_write_leaves_the_old_file),
		TEST(a_folder_that_is_a_file_is_told),
		TEST(a_broken_file_hides_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
