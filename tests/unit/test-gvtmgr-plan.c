// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans: what fits beside what is there, in which order, and what instead. Sizes in MiB. That the
 * kernel is of the same opinion is what the scenario "plan" is for.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test-gvtmgr-root.h"

#define GVT_FOLDER "/sys/devices/pci0000:00/" GPU "/gvt/"

/* A Skylake with gvt.ko: 384 MiB of aperture from 128 on, 3,200 of hidden memory from 512 on. */
static void add_gvt(struct root *root, const char *holders)
{
	root->gvt = true;
	root_write(root, "384\n", GVT_FOLDER "total_aperture_mb");
	root_write(root, "3200\n", GVT_FOLDER "total_hidden_mb");
	root_write(root, "28\n", GVT_FOLDER "total_fences");
	root_write(root, holders, GVT_FOLDER "holders");
}

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

/* Wishes as "V5_4 V5_8:96:256:8", with aperture, hidden memory and fences of their own. */
static struct gvt_plan *plan(struct root *root, const char *wishes)
{
	char text[256], *save, *word;
	struct gvt_plan *made;

	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_int_equal(gvt_plan_new(gvt_gpu_get_first(root->ctx), &made), 0);
	snprintf(text, sizeof(text), "%s", wishes);
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		static const enum gvt_setting parts[] = { GVT_SETTING_APERTURE, GVT_SETTING_HIDDEN,
							  GVT_SETTING_FENCES };
		struct gvt_value values[3];
		char *colon = strchr(word, ':'), *next;
		size_t count = 0;

		for (; colon && count < 3; colon = next) {
			*colon++ = '\0';
			next = strchr(colon, ':');
			values[count] = (struct gvt_value){ parts[count], colon };
			count++;
		}
		assert_int_equal(gvt_plan_add(made, word, values, count), 0);
	}
	return made;
}

static void assert_order(struct gvt_plan *made, const char *expected)
{
	char found[256] = "", wish[64];

	for (unsigned int i = 0; i < gvt_plan_get_count(made); i++) {
		size_t len = strlen(found);

		snprintf(found + len, sizeof(found) - len, "%s%s", i ? " " : "",
			 gvt_plan_get_wish(made, gvt_plan_get_order(made, i), wish, sizeof(wish)));
	}
	assert_string_equal(found, expected);
}

static void assert_nearest(struct gvt_plan *made, const char *expected)
{
	char found[256] = "";

	for (unsigned int i = 0; i < gvt_plan_get_count(made); i++) {
		bool own;
		struct gvt_type *type = gvt_plan_get_nearest(made, i, &own);
		size_t len = strlen(found);

		snprintf(found + len, sizeof(found) - len, "%s%s%s", i ? " " : "",
			 type ? gvt_type_get_short_name(type) : "-", own ? "*" : "");
	}
	assert_string_equal(found, expected);
}

/* Pieces of a resource as "host@0+128 V5_4@128+128 free@256+256", in MiB. */
static void assert_pieces(struct gvt_plan *made, enum gvt_plan_view view,
			  enum gvt_plan_resource resource, const char *expected)
{
	static const char *const uses[] = { "host", "free", "active", "wish" };
	struct gvt_plan_piece piece;
	char found[512] = "";

	for (unsigned int i = 0; !gvt_plan_get_piece(made, view, resource, i, &piece); i++) {
		unsigned int shift = resource == GVT_PLAN_FENCES ? 0 : 20;
		size_t len = strlen(found);

		snprintf(found + len, sizeof(found) - len, "%s%s@%u+%u", i ? " " : "",
			 piece.title[0] ? piece.title : uses[piece.use],
			 (unsigned int)(piece.start >> shift), (unsigned int)(piece.size >> shift));
	}
	assert_string_equal(found, expected);
}

static void assert_answers(struct gvt_plan *made, enum gvt_plan_answer now,
			   enum gvt_plan_answer empty)
{
	assert_int_equal(gvt_plan_get_answer(made, GVT_PLAN_NOW), now);
	assert_int_equal(gvt_plan_get_answer(made, GVT_PLAN_EMPTY), empty);
}

static void an_empty_gpu_takes_what_its_sums_say(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	for (int gvt = 0; gvt < 2; gvt++) {
		if (gvt)
			add_gvt(root, "");
		made = plan(root, "V5_4 V5_4 V5_4");
		assert_answers(made, GVT_PLAN_FITS, GVT_PLAN_FITS);
		assert_string_equal(gvt_plan_get_reason(made, GVT_PLAN_NOW), "");
		assert_int_equal(gvt_plan_get_placed(made, GVT_PLAN_NOW), 3);
		gvt_plan_unref(made);
		made = plan(root, "V5_8 V5_4 V5_2");
		assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_DOES_NOT_FIT);
		assert_string_equal(gvt_plan_get_reason(made, GVT_PLAN_NOW),
				    "256 MiB of aperture wanted, 192 MiB free");
		assert_int_equal(gvt_plan_get_placed(made, GVT_PLAN_NOW), 2);
		gvt_plan_unref(made);
	}
}

static void pieces_cover_the_whole_gpu(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	add_gvt(root, UUID_A " aperture 192+64 hidden 1000+400 fences 4\n");
	root_add_mdev(root, UUID_A, "V5_8");
	root_add_definition(root, UUID_A, "V5_8", "<name>desk</name>");
	made = plan(root, "V5_4");
	assert_pieces(made, GVT_PLAN_NOW, GVT_PLAN_APERTURE,
		      "host@0+128 free@128+64 desk (V5_8)@192+64 V5_4@256+128 free@384+128");
	assert_pieces(made, GVT_PLAN_NOW, GVT_PLAN_HIDDEN,
		      "free@512+488 desk (V5_8)@1000+400 V5_4@1400+512 free@1912+1800 host@3712+384");
	assert_pieces(made, GVT_PLAN_NOW, GVT_PLAN_FENCES,
		      "host@0+4 active@4+4 V5_4@8+4 free@12+20");
	assert_pieces(made, GVT_PLAN_EMPTY, GVT_PLAN_APERTURE, "host@0+128 V5_4@128+128 free@256+256");
	gvt_plan_unref(made);
}

static void the_smallest_gap_is_taken(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	add_gvt(root, UUID_A " aperture 192+64 hidden 512+384 fences 4\n");
	made = plan(root, "V5_8 V5_2");
	assert_answers(made, GVT_PLAN_FITS, GVT_PLAN_FITS);
	assert_pieces(made, GVT_PLAN_NOW, GVT_PLAN_APERTURE,
		      "host@0+128 V5_8@128+64 active@192+64 V5_2@256+256");
	gvt_plan_unref(made);
}

static void fragments_are_seen(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	add_gvt(root, UUID_A " aperture 256+64 hidden 512+384 fences 4\n");
	made = plan(root, "V5_2");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_FITS);
	assert_string_equal(gvt_plan_get_reason(made, GVT_PLAN_NOW),
			    "256 MiB of aperture wanted, 320 MiB free, the largest piece has 192 MiB");
	assert_nearest(made, "V5_4");
	gvt_plan_unref(made);
}

static void sizes_of_its_own_are_made_from_the_type(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	add_gvt(root, "");
	made = plan(root, "V5_8:96:256:8");
	assert_answers(made, GVT_PLAN_FITS, GVT_PLAN_FITS);
	assert_pieces(made, GVT_PLAN_NOW, GVT_PLAN_APERTURE,
		      "host@0+128 V5_8, aperture 96 MiB, hidden 256 MiB, 8 fences@128+96 free@224+288");
	gvt_plan_unref(made);
	/* The type itself must fit first, even if what is wanted is smaller. */
	root_write(root, UUID_A " aperture 128+352 hidden 512+384 fences 4\n", GVT_FOLDER "holders");
	made = plan(root, "V5_8:32:256");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_FITS);
	gvt_plan_unref(made);
	root_write(root, "", GVT_FOLDER "holders");
	made = plan(root, "V5_8:64:384:20 V5_8:64:384:9");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_DOES_NOT_FIT);
	assert_string_equal(gvt_plan_get_reason(made, GVT_PLAN_NOW), "9 fences wanted, 8 free");
	assert_nearest(made, "V5_8* V5_8");
	gvt_plan_unref(made);
}

static void kvmgt_is_trusted_in_sums_alone(void **state)
{
	struct root *root = *state;
	struct gvt_value value = { GVT_SETTING_APERTURE, "96" };
	struct gvt_plan *made;

	root_add_mdev(root, UUID_A, "V5_8");
	root_add_mdev(root, UUID_B, "V5_8");
	made = plan(root, "V5_8");
	assert_answers(made, GVT_PLAN_FITS, GVT_PLAN_FITS);
	assert_int_equal(gvt_plan_add(made, "V5_8", &value, 1), -ENOTSUP);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "kvmgt");
	gvt_plan_unref(made);
	made = plan(root, "V5_2");
	assert_answers(made, GVT_PLAN_UNCERTAIN, GVT_PLAN_FITS);
	assert_int_equal(gvt_plan_get_sure(made, GVT_PLAN_NOW), 0);
	assert_int_equal(gvt_plan_get_placed(made, GVT_PLAN_NOW), 1);
	gvt_plan_unref(made);
	made = plan(root, "V5_8 V5_4");
	assert_answers(made, GVT_PLAN_UNCERTAIN, GVT_PLAN_FITS);
	assert_int_equal(gvt_plan_get_sure(made, GVT_PLAN_NOW), 1);
	gvt_plan_unref(made);
	made = plan(root, "V5_2 V5_8");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_FITS);
	gvt_plan_unref(made);
}

static void the_table_of_entries_bounds_hidden_memory(void **state)
{
	struct root *root = *state;
	char config[256] = { 0 };
	struct gvt_plan *made;

	/* 4 MiB of entries: a GGTT of 2 GiB, of which 2048 - 512 - 384 MiB are for vGPUs. */
	config[0x50] = (char)(2 << 6);
	root_write_bytes(root, config, sizeof(config), "/sys/devices/pci0000:00/" GPU "/config");
	made = plan(root, "V5_4 V5_4 V5_4");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_DOES_NOT_FIT);
	assert_string_equal(gvt_plan_get_reason(made, GVT_PLAN_NOW),
			    "512 MiB of hidden memory wanted, 128 MiB free");
	gvt_plan_unref(made);
}

static void an_order_is_found_in_which_they_fit(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	/* Gaps of 128 and 192 MiB: the small one would take the start of the smaller one. */
	add_gvt(root, UUID_A " aperture 256+64 hidden 512+384 fences 4\n");
	made = plan(root, "V5_8 V5_4 V5_4");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_FITS);
	assert_true(gvt_plan_order_helps(made));
	assert_order(made, "V5_4 V5_4 V5_8");
	gvt_plan_unref(made);
	/* Gaps of 128 (at 128) and 192 (at 320): two of 96 MiB first leave no 128 in one piece. */
	made = plan(root, "V5_8:96:384 V5_8:96:384 V5_4");
	assert_answers(made, GVT_PLAN_DOES_NOT_FIT, GVT_PLAN_FITS);
	assert_true(gvt_plan_order_helps(made));
	assert_order(made, "V5_4 V5_8, aperture 96 MiB V5_8, aperture 96 MiB");
	gvt_plan_unref(made);
}

static void the_nearest_plan_changes_as_little_as_it_can(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;

	add_gvt(root, "");
	made = plan(root, "V5_2 V5_2");
	assert_nearest(made, "V5_2 V5_4");
	gvt_plan_unref(made);
	made = plan(root, "V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8");
	assert_nearest(made, "V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 -");
	gvt_plan_unref(made);
	made = plan(root, "V5_4 V5_8");
	assert_nearest(made, "V5_4 V5_8");
	gvt_plan_unref(made);
	made = plan(root, "V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 V5_8");
	assert_nearest(made, "V5_8 V5_8 V5_8 V5_8 V5_8 V5_8 - - - - - -");
	gvt_plan_unref(made);
}

/* So many different ones that not all can be tried: what is said fits all the same. */
static void a_nearest_plan_of_many_wishes(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;
	unsigned int kept = 0;

	add_gvt(root, "");
	made = plan(root, "");
	for (unsigned int i = 0; i < 32; i++) {
		char size[16];
		struct gvt_value aperture = { GVT_SETTING_APERTURE, size };

		snprintf(size, sizeof(size), "%u", 32 + 4 * i);
		assert_int_equal(gvt_plan_add(made, "V5_8", &aperture, 1), 0);
	}
	for (unsigned int i = 0; i < 32; i++)
		kept += gvt_plan_get_nearest(made, i, NULL) != NULL;
	assert_in_range(kept, 5, 11);
	gvt_plan_unref(made);
}

static void what_sysfs_says_is_not_believed(void **state)
{
	static const char *const lines[] = {
		"x aperture 0+64 hidden 512+384 fences 4\n", /* the host's part */
		"x aperture 128+640 hidden 512+384 fences 4\n",
		"x aperture 128+64 hidden 512+384 fences 29\n",
		"x aperture 4294967295+64 hidden 512+384 fences 4\n",
		"x aperture 128+64 hidden 512+384 fences 4\ny aperture 160+64 hidden 896+384 fences 4\n",
		"nonsense\n",
	};
	struct root *root = *state;
	struct gvt_plan *made;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		add_gvt(root, lines[i]);
		assert_int_equal(gvt_scan(root->ctx), 0);
		assert_int_equal(gvt_plan_new(gvt_gpu_get_first(root->ctx), &made), -ENODATA);
		assert_null(made);
		root_assert_error(root, GVT_ERROR_UNSUPPORTED, "does not say");
	}
}

static void misuse_is_told(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made = plan(root, "");
	struct gvt_value bad = { GVT_SETTING_APERTURE, "95" };

	assert_int_equal(gvt_plan_add(made, "V5_9", NULL, 0), -ENOENT);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "V5_9");
	assert_int_equal(gvt_plan_add(made, "V5_8", &bad, 1), -EINVAL);
	for (int i = 0; i < 32; i++)
		assert_int_equal(gvt_plan_add(made, NULL, NULL, 0), 0);
	assert_int_equal(gvt_plan_add(made, NULL, NULL, 0), -E2BIG);
	assert_int_equal(gvt_plan_get_answer(made, GVT_PLAN_NOW), GVT_PLAN_DOES_NOT_FIT);
	assert_null(gvt_plan_get_nearest(made, 31, NULL));
	gvt_plan_unref(made);
	root_remove(root, "/sys/devices/pci0000:00/" GPU "/mdev_supported_types");
	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_int_equal(gvt_plan_new(gvt_gpu_get_first(root->ctx), &made), -ENODEV);
}

static void it_is_drawn_with_names_that_are_no_markup(void **state)
{
	struct root *root = *state;
	struct gvt_plan *made;
	struct json_object *object;
	char *svg;

	add_gvt(root, UUID_A " aperture 192+64 hidden 1000+400 fences 4\n");
	root_add_mdev(root, UUID_A, "V5_8");
	root_add_definition(root, UUID_A, "V5_8", "<domain>a&lt;b&gt;&amp;</domain>");
	made = plan(root, "V5_4");
	assert_int_equal(gvt_plan_to_svg(made, GVT_PLAN_NOW, &svg), 0);
	assert_non_null(strstr(svg, "xmlns=\"http://www.w3.org/2000/svg\""));
	assert_non_null(strstr(svg, "a&lt;b&gt;&amp; (V5_8): 64 MiB at 192 MiB"));
	assert_non_null(strstr(svg, "V5_4: 128 MiB at 256 MiB"));
	free(svg);
	object = gvt_plan_to_json(made);
	assert_non_null(strstr(json_object_to_json_string(object), "\"answer\": \"fits\""));
	json_object_put(object);
	gvt_plan_unref(made);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_gpu_takes_what_its_sums_say),
		TEST(pieces_cover_the_whole_gpu),
		TEST(the_smallest_gap_is_taken),
		TEST(fragments_are_seen),
		TEST(sizes_of_its_own_are_made_from_the_type),
		TEST(kvmgt_is_trusted_in_sums_alone),
		TEST(the_table_of_entries_bounds_hidden_memory),
		TEST(an_order_is_found_in_which_they_fit),
		TEST(the_nearest_plan_changes_as_little_as_it_can),
		TEST(a_nearest_plan_of_many_wishes),
		TEST(what_sysfs_says_is_not_believed),
		TEST(misuse_is_told),
		TEST(it_is_drawn_with_names_that_are_no_markup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
