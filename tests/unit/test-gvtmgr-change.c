// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Creating, destroying, attaching and detaching: all of it or nothing. The domains are those of
 * libvirt's own test driver, which live as long as a connection of this process.
 */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <png.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/hostdev.h"
#include "test-gvtmgr-root.h"

static virConnectPtr libvirt;

static void ignore(void *data, virErrorPtr error)
{
}

static int setup(void **state)
{
	struct root *root = root_new_ready();
	static const char xml[] = "<domain type='test'><name>win10</name><memory>65536</memory>"
				  "<os><type>hvm</type></os><devices/></domain>";
	virDomainPtr domain;

	virSetErrorFunc(NULL, ignore);
	libvirt = virConnectOpen("test:///default");
	assert_non_null(libvirt);
	domain = virDomainDefineXML(libvirt, xml);
	assert_non_null(domain);
	virDomainFree(domain);
	assert_int_equal(gvt_set_libvirt_uri(root->ctx, "test:///default"), 0);
	*state = root;
	return 0;
}

static int teardown(void **state)
{
	root_free(*state);
	assert_int_equal(virConnectClose(libvirt), 0);
	return 0;
}

/* How many mediated devices a domain's configuration has. */
static int count_hostdevs(const char *name)
{
	virDomainPtr domain = virDomainLookupByName(libvirt, name);
	char *xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
	int count = 0;

	for (char *at = xml; (at = strstr(at, "type='mdev'")); at++)
		count++;
	free(xml);
	virDomainFree(domain);
	return count;
}

static struct gvt_definition *new_definition(struct root *root, const char *type,
					     const char *domain)
{
	struct gvt_definition *def;

	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_int_equal(gvt_definition_set_type(def, type), 0);
	if (domain)
		assert_int_equal(gvt_definition_set_domain(def, domain, NULL), 0);
	return def;
}

static int create(struct root *root, const char *type, const char *domain, unsigned int flags)
{
	struct gvt_definition *def = new_definition(root, type, domain);
	int err = gvt_create(root->ctx, def, flags);

	gvt_definition_unref(def);
	return err;
}

static void assert_untouched(struct root *root)
{
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 0);
	assert_int_equal(root_count(root, "/sys/bus/mdev/devices"), 0);
	assert_int_equal(count_hostdevs("win10"), 0);
}

static struct gvt_vgpu *only_vgpu(struct root *root)
{
	struct gvt_vgpu *vgpu;

	assert_int_equal(gvt_scan(root->ctx), 0);
	vgpu = gvt_vgpu_get_first(root->ctx);
	assert_non_null(vgpu);
	assert_null(gvt_vgpu_get_next(vgpu));
	return vgpu;
}

/* --- create ----------------------------------------------------------------------------------- */

static void create_defines_starts_and_attaches(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def = new_definition(root, "v5_4", "win10");
	struct gvt_vgpu *vgpu;

	assert_int_equal(gvt_definition_set_name(def, "desk"), 0);
	assert_int_equal(gvt_create(root->ctx, def, 0), 0);
	assert_string_equal(gvt_definition_get_type(def), "i915-GVTg_V5_4");
	assert_string_equal(gvt_definition_get_gpu(def), GPU);
	assert_non_null(gvt_definition_get_domain_uuid(def));
	vgpu = only_vgpu(root);
	assert_string_equal(gvt_vgpu_get_uuid(vgpu), gvt_definition_get_uuid(def));
	assert_true(gvt_vgpu_is_active(vgpu) && gvt_vgpu_is_defined(vgpu));
	assert_string_equal(gvt_vgpu_get_domain(vgpu), "win10");
	assert_int_equal(count_hostdevs("win10"), 1);
	assert_int_equal(gvt_type_get_available(gvt_vgpu_get_type(vgpu)), 2);
	assert_non_null(strstr(root->log, "defined desk"));
	assert_non_null(strstr(root->log, "started vGPU"));
	assert_non_null(strstr(root->log, "VM win10"));
	gvt_definition_unref(def);
}

static void create_undoes_all_when_a_step_fails(void **state)
{
	static const char *const steps[] = { "define", "start", "attach" };
	struct root *root = *state;

	for (unsigned int i = 0; i < 3; i++) {
		root->fail_step = steps[i];
		root->step_count = 0;
		assert_int_equal(create(root, "V5_4", "win10", 0), -EIO);
		assert_int_equal(root->step_count, i + 1);
		assert_non_null(strstr(gvt_get_error(root->ctx), steps[i]));
		assert_untouched(root);
	}
	root->fail_step = NULL;
	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
}

static volatile sig_atomic_t signals, in_midst;
static char journal[128];

static void count_signal(int number)
{
	signals++;
	in_midst += !access(journal, F_OK);
}

static int raise_before_step(struct gvt_ctx *ctx, const char *step)
{
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(signals, 0);
	return 0;
}

static void a_signal_waits_for_the_end_of_a_change(void **state)
{
	struct root *root = *state;

	signals = in_midst = 0;
	snprintf(journal, sizeof(journal), "%s/etc/gvt/vgpus/.pending", root->path);
	signal(SIGTERM, count_signal);
	root->ctx->seams.before_step = raise_before_step;
	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	assert_int_equal(signals, 1);
	/* Or the next change would undo what is whole. */
	assert_int_equal(in_midst, 0);
	signal(SIGTERM, SIG_DFL);
}

static void create_tells_what_it_could_not_undo(void **state)
{
	struct root *root = *state;

	root->fail_step = "attach";
	root->remove_answer = -EBUSY;
	assert_int_equal(create(root, "V5_4", "win10", 0), -EIO);
	assert_non_null(strstr(gvt_get_error(root->ctx), "attach was made to fail"));
	assert_non_null(strstr(gvt_get_error(root->ctx), "'start' did could not be undone"));
	assert_int_equal(root_count(root, "/sys/bus/mdev/devices"), 1);
	/* The next change tries again. */
	root->remove_answer = 0;
	assert_int_equal(create(root, "V5_4", "win10", 0), -EIO);
	assert_untouched(root);
}

/* A change of a domain was interrupted, and libvirt is away: no other change forgets that. */
static void what_is_left_of_a_domain_waits_for_libvirt(void **state)
{
	struct root *root = *state;
	virDomainPtr domain = virDomainLookupByName(libvirt, "win10");
	char uuid[VIR_UUID_STRING_BUFLEN], left[256];

	assert_int_equal(virDomainGetUUIDString(domain, uuid), 0);
	virDomainFree(domain);
	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	snprintf(left, sizeof(left), "{\"uuid\": \"%s\", \"done\": true, \"domain\": {\"uuid\": \"%s\"}}",
		 gvt_vgpu_get_uuid(only_vgpu(root)), uuid);
	root_write(root, left, "/etc/gvt/vgpus/.pending");
	assert_int_equal(gvt_set_libvirt_uri(root->ctx, "test:///nowhere.xml"), 0);
	assert_int_equal(gvt_rename(only_vgpu(root), "seat", 0), -EBUSY);
	assert_non_null(strstr(gvt_get_hint(root->ctx), "start libvirt"));
	assert_int_equal(count_hostdevs("win10"), 1);
	assert_int_equal(gvt_set_libvirt_uri(root->ctx, "test:///default"), 0);
	assert_int_equal(gvt_rename(only_vgpu(root), "seat", 0), 0);
	assert_int_equal(count_hostdevs("win10"), 0);
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 1);
}

static void create_explains_the_kernels_refusals(void **state)
{
	static const struct {
		int answer;
		enum gvt_error_kind kind;
		const char *part;
	} answers[] = {
		{ -ENOSPC, GVT_ERROR_NO_CAPACITY, "contiguous" },
		{ -EUSERS, GVT_ERROR_NO_CAPACITY, "no further" },
		{ -EEXIST, GVT_ERROR_FAILED, "this UUID" },
		{ -ENODEV, GVT_ERROR_UNSUPPORTED, "going away" },
		{ -EAGAIN, GVT_ERROR_FAILED, "busy" },
		{ -EACCES, GVT_ERROR_NOT_PERMITTED, "denied" },
		{ -EROFS, GVT_ERROR_NOT_PERMITTED, "read-only" },
		{ -EIO, GVT_ERROR_FAILED, "Input/output" },
	};
	struct root *root = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		root->create_answer = answers[i].answer;
		assert_int_equal(create(root, "V5_4", "win10", 0), answers[i].answer);
		root_assert_error(root, answers[i].kind, answers[i].part);
		assert_untouched(root);
	}
}

static void create_dry_runs_change_nothing(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", "win10", GVT_DRY_RUN), 0);
	assert_untouched(root);
	assert_int_equal(root_count(root, "/run"), 0);
	assert_non_null(strstr(root->log, "would define"));
	assert_non_null(strstr(root->log, "would start a vGPU of type V5_4 on GPU " GPU));
	assert_non_null(strstr(root->log, "would attach it to the configuration of VM win10"));
	assert_int_equal(create(root, "V5_1", NULL, GVT_DRY_RUN), -ENOSPC);
}

static void create_transient_writes_nothing(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", NULL, GVT_TRANSIENT), 0);
	assert_false(gvt_vgpu_is_defined(only_vgpu(root)));
	assert_int_equal(create(root, "V5_4", "win10", GVT_TRANSIENT), -EINVAL);
	root_assert_error(root, GVT_ERROR_MISUSE, "transient");
}

static void create_lists_types_for_an_unknown_one(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_3", NULL, 0), -ENOENT);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "V5_3");
	assert_non_null(strstr(gvt_get_hint(root->ctx), "V5_4 (3 available"));
	assert_non_null(strstr(gvt_get_hint(root->ctx), "V5_8"));
	assert_untouched(root);
}

static void create_says_who_has_the_room(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_2", "win10", 0), 0);
	assert_int_equal(create(root, "V5_2", NULL, 0), -ENOSPC);
	root_assert_error(root, GVT_ERROR_NO_CAPACITY, "V5_2 by VM win10");
	assert_non_null(strstr(gvt_get_hint(root->ctx), "V5_4, V5_8"));
}

static void create_chooses_the_gpu_with_most_room(void **state)
{
	static const char second[] = "/sys/bus/pci/devices/0000:03:00.0";
	struct root *root = *state;
	struct gvt_definition *def;

	root_write(root, "0x8086\n", "%s/vendor", second);
	root_write(root, "0x038000\n", "%s/class", second);
	root_write(root, "0x1912\n", "%s/device", second);
	root_write(root, "5\n", "%s/mdev_supported_types/i915-GVTg_V5_4/available_instances",
		   second);
	def = new_definition(root, "V5_4", NULL);
	assert_int_equal(gvt_create(root->ctx, def, GVT_DRY_RUN), 0);
	assert_non_null(strstr(root->log, "on GPU 0000:03:00.0"));
	assert_int_equal(gvt_definition_set_gpu(def, GPU), 0);
	root->log[0] = '\0';
	assert_int_equal(gvt_create(root->ctx, def, GVT_DRY_RUN), 0);
	assert_non_null(strstr(root->log, "on GPU " GPU));
	assert_int_equal(gvt_definition_set_gpu(def, "0000:09:00.0"), 0);
	assert_int_equal(gvt_create(root->ctx, def, GVT_DRY_RUN), -ENODEV);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "0000:09:00.0");
	assert_non_null(strstr(gvt_get_hint(root->ctx), GPU ", 0000:03:00.0"));
	gvt_definition_unref(def);
}

static void create_needs_a_host_that_can(void **state)
{
	struct root *root = *state;

	root_remove(root, "/sys/bus/pci/devices/" GPU "/mdev_supported_types");
	root_write(root, "N\n", "/sys/module/i915/parameters/enable_gvt");
	assert_int_equal(create(root, "V5_4", NULL, 0), -ENODEV);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "enable_gvt");
	root_remove(root, "/sys/bus/pci");
	root_remove(root, "/sys/class");
	assert_int_equal(create(root, "V5_4", NULL, 0), -ENODEV);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "no Intel GPU");
	assert_untouched(root);
}

static void create_refuses_a_uuid_or_name_that_is_taken(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def = new_definition(root, "V5_8", NULL);

	root_add_definition(root, UUID_A, "V5_8", "<name>desk</name>");
	root_add_mdev(root, UUID_B, "V5_8");
	root_write(root, "broken", "/etc/gvt/vgpus/" UUID_C ".xml");
	assert_int_equal(gvt_definition_set_uuid(def, UUID_A), 0);
	assert_int_equal(gvt_create(root->ctx, def, 0), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, UUID_A);
	assert_int_equal(gvt_definition_set_uuid(def, UUID_B), 0);
	assert_int_equal(gvt_create(root->ctx, def, 0), -EEXIST);
	assert_int_equal(gvt_definition_set_uuid(def, UUID_C), 0);
	assert_int_equal(gvt_create(root->ctx, def, 0), -EEXIST);
	assert_int_equal(gvt_definition_set_uuid(def, NULL), 0);
	assert_int_equal(gvt_definition_set_name(def, "desk"), 0);
	assert_int_equal(gvt_create(root->ctx, def, 0), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, "desk");
	gvt_definition_unref(def);
}

static void create_needs_a_type(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def;

	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_int_equal(gvt_create(root->ctx, def, 0), -EINVAL);
	root_assert_error(root, GVT_ERROR_MISUSE, "type");
	gvt_definition_unref(def);
}

static void create_lists_domains_for_an_unknown_one(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", "win11", 0), -ENOENT);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "win11");
	assert_non_null(strstr(gvt_get_hint(root->ctx), "win10"));
	assert_untouched(root);
}

static void create_gives_a_domain_one_vgpu(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_8", "win10", 0), 0);
	assert_int_equal(create(root, "V5_8", "win10", 0), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, "win10 has a vGPU already");
	/* Also when only the domain knows of it. */
	root_remove(root, "/etc/gvt/vgpus");
	assert_int_equal(create(root, "V5_8", "win10", 0), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, "mediated device already");
	assert_int_equal(count_hostdevs("win10"), 1);
}

static void create_says_that_libvirt_is_not_there(void **state)
{
	struct root *root = *state;

	assert_int_equal(gvt_set_libvirt_uri(root->ctx, "qemu+unix:///system?socket=/nonexistent"),
			 0);
	assert_int_equal(create(root, "V5_4", "win10", 0), -ENOTCONN);
	root_assert_error(root, GVT_ERROR_FAILED, "libvirt is not running");
	assert_non_null(strstr(gvt_get_hint(root->ctx), "systemctl start"));
	assert_untouched(root);
}

static void two_changes_at_a_time_are_kept_apart(void **state)
{
	struct root *root = *state;
	char path[256];
	int fd;

	assert_int_equal(create(root, "V5_8", NULL, 0), 0);
	snprintf(path, sizeof(path), "%s/run/gvt/lock", root->path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_SH), 0);
	gvt_set_lock_timeout(root->ctx, 0);
	assert_int_equal(create(root, "V5_8", NULL, 0), -ETIMEDOUT);
	root_assert_error(root, GVT_ERROR_IN_USE, "/run/gvt/lock");
	assert_int_equal(gvt_destroy(gvt_vgpu_get_first(root->ctx), 0), -ETIMEDOUT);
	assert_int_equal(gvt_restore(root->ctx, NULL, 0, 0, NULL, NULL), -ETIMEDOUT);
	assert_int_equal(create(root, "V5_8", NULL, GVT_DRY_RUN), 0);
	close(fd);
	assert_int_equal(create(root, "V5_8", NULL, 0), 0);
}

/* --- destroy ---------------------------------------------------------------------------------- */

static void destroy_takes_all_away(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	assert_int_equal(gvt_destroy(only_vgpu(root), GVT_DRY_RUN), 0);
	assert_int_equal(count_hostdevs("win10"), 1);
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), 0);
	assert_untouched(root);
	assert_int_equal(
		gvt_type_get_available(gvt_type_find(gvt_gpu_get_first(root->ctx), "V5_4")), 3);
}

static void destroy_undoes_all_when_a_step_fails(void **state)
{
	static const char *const steps[] = { "detach", "undefine", "stop" };
	struct root *root = *state;
	char *before, *after, uuid[37];

	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	snprintf(uuid, sizeof(uuid), "%s", gvt_vgpu_get_uuid(only_vgpu(root)));
	before = root_read(root, "/etc/gvt/vgpus/%s.xml", uuid);
	for (unsigned int i = 0; i < 3; i++) {
		root->fail_step = steps[i];
		root->step_count = 0;
		assert_int_equal(gvt_destroy(only_vgpu(root), 0), -EIO);
		assert_int_equal(root->step_count, i + 1);
		after = root_read(root, "/etc/gvt/vgpus/%s.xml", uuid);
		assert_string_equal(before, after);
		free(after);
		assert_true(gvt_vgpu_is_active(only_vgpu(root)));
		assert_int_equal(count_hostdevs("win10"), 1);
	}
	free(before);
}

static void destroy_explains_the_kernels_refusals(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	root->remove_answer = -EBUSY;
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), -EBUSY);
	root_assert_error(root, GVT_ERROR_IN_USE, "in use");
	root->remove_answer = -EAGAIN;
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), -EAGAIN);
	root_assert_error(root, GVT_ERROR_FAILED, "another program");
	assert_true(gvt_vgpu_is_defined(only_vgpu(root)));
	assert_int_equal(count_hostdevs("win10"), 1);
	/* It went away by itself: that is what was wanted. */
	root->remove_answer = -ENODEV;
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), 0);
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 0);
}

static void destroy_refuses_while_it_is_used(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	root_add_user(root, gvt_vgpu_get_uuid(only_vgpu(root)), 812, "win10");
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), -EBUSY);
	root_assert_error(root, GVT_ERROR_IN_USE, "pid 812, VM win10");
	assert_int_equal(count_hostdevs("win10"), 1);
	root_remove(root, "/proc/812");
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), 0);
}

static void destroy_takes_what_others_made(void **state)
{
	struct root *root = *state;

	root_add_mdev(root, UUID_A, "V5_8");
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), 0);
	assert_untouched(root);
	root_add_definition(root, UUID_B, "V5_8", "<domain>gone</domain>");
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), 0);
	assert_untouched(root);
}

static void destroy_needs_libvirt_for_what_is_attached(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", "win10", 0), 0);
	assert_int_equal(gvt_set_libvirt_uri(root->ctx, "qemu+unix:///system?socket=/nonexistent"),
			 0);
	assert_int_equal(gvt_destroy(only_vgpu(root), 0), -ENOTCONN);
	root_assert_error(root, GVT_ERROR_FAILED, "libvirt is not running");
	assert_non_null(strstr(gvt_get_hint(root->ctx), "--no-detach"));
	assert_int_equal(gvt_destroy(only_vgpu(root), GVT_NO_DETACH), 0);
	assert_int_equal(root_count(root, "/etc/gvt/vgpus"), 0);
	assert_int_equal(count_hostdevs("win10"), 1);
}

static void destroy_tells_when_another_was_faster(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu;

	root_add_mdev(root, UUID_A, "V5_8");
	vgpu = only_vgpu(root);
	root_remove(root, "/sys/bus/mdev/devices/" UUID_A);
	assert_int_equal(gvt_destroy(vgpu, 0), -ENOENT);
	assert_int_equal(gvt_get_error_kind(root->ctx), GVT_ERROR_NOT_FOUND);
}

/* --- attach and detach ------------------------------------------------------------------------ */

static void attach_and_detach_go_round(void **state)
{
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", NULL, 0), 0);
	assert_int_equal(gvt_attach(only_vgpu(root), "win10", NULL, 0, GVT_DRY_RUN), 0);
	assert_int_equal(count_hostdevs("win10"), 0);
	assert_int_equal(gvt_attach(only_vgpu(root), "win10", NULL, 0, 0), 0);
	assert_int_equal(count_hostdevs("win10"), 1);
	assert_string_equal(gvt_vgpu_get_domain(only_vgpu(root)), "win10");
	assert_int_equal(gvt_attach(only_vgpu(root), "win10", NULL, 0, 0), 0);
	assert_int_equal(count_hostdevs("win10"), 1);
	assert_int_equal(gvt_attach(only_vgpu(root), "test", NULL, 0, 0), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, "belongs to VM win10");
	assert_int_equal(gvt_detach(only_vgpu(root), 0), 0);
	assert_int_equal(count_hostdevs("win10"), 0);
	assert_null(gvt_vgpu_get_domain(only_vgpu(root)));
	assert_true(gvt_vgpu_is_active(only_vgpu(root)));
	assert_int_equal(gvt_detach(only_vgpu(root), 0), -ENOENT);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "belongs to no VM");
}

static void attach_undoes_all_when_a_step_fails(void **state)
{
	static const char *const steps[] = { "record", "attach" };
	struct root *root = *state;

	assert_int_equal(create(root, "V5_4", NULL, 0), 0);
	for (unsigned int i = 0; i < 2; i++) {
		root->fail_step = steps[i];
		assert_int_equal(gvt_attach(only_vgpu(root), "win10", NULL, 0, 0), -EIO);
		assert_null(gvt_vgpu_get_domain(only_vgpu(root)));
		assert_int_equal(count_hostdevs("win10"), 0);
	}
	root->fail_step = NULL;
	assert_int_equal(gvt_attach(only_vgpu(root), "win10", NULL, 0, 0), 0);
	root->fail_step = "record";
	assert_int_equal(gvt_detach(only_vgpu(root), 0), -EIO);
	assert_string_equal(gvt_vgpu_get_domain(only_vgpu(root)), "win10");
	assert_int_equal(count_hostdevs("win10"), 1);
}

static void attach_refuses_what_would_not_last(void **state)
{
	struct root *root = *state;

	root_add_mdev(root, UUID_A, "V5_8");
	assert_int_equal(gvt_attach(only_vgpu(root), "win10", NULL, 0, 0), -ENOTSUP);
	root_assert_error(root, GVT_ERROR_FAILED, "no definition");
	assert_int_equal(count_hostdevs("win10"), 0);
}

static void detach_forgets_a_domain_that_is_gone(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_8", "<domain>gone</domain>");
	assert_int_equal(gvt_detach(only_vgpu(root), 0), 0);
	assert_null(gvt_vgpu_get_domain(only_vgpu(root)));
}

/* --- resolution ------------------------------------------------------------------------------- */

static int create_with_resolution(struct root *root)
{
	struct gvt_definition *def = new_definition(root, "V5_4", NULL);
	int err;

	assert_int_equal(gvt_definition_set_setting(def, GVT_SETTING_RESOLUTION, "2560x1440@50"), 0);
	err = gvt_create(root->ctx, def, 0);
	gvt_definition_unref(def);
	return err;
}

static void a_resolution_is_set_before_anybody_opens_it(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu;

	root->gvt = true;
	assert_int_equal(create_with_resolution(root), 0);
	vgpu = only_vgpu(root);
	assert_string_equal(gvt_vgpu_get_setting(vgpu, GVT_SETTING_RESOLUTION), "2560x1440@50");
	/* And again after a reboot. */
	root_remove(root, "/sys/bus/mdev/devices/%s", gvt_vgpu_get_uuid(vgpu));
	assert_string_equal(gvt_vgpu_get_setting(only_vgpu(root), GVT_SETTING_RESOLUTION), "2560x1440@50");
	root->created_count = 0;
	root_remove(root, "/sys/bus/pci/devices/" GPU "/%s", gvt_vgpu_get_uuid(only_vgpu(root)));
	assert_int_equal(gvt_restore(root->ctx, NULL, 0, 0, NULL, NULL), 0);
	assert_int_equal(root->created_count, 1);
	vgpu = only_vgpu(root);
	assert_true(gvt_vgpu_is_active(vgpu));
	assert_string_equal(gvt_vgpu_get_setting(vgpu, GVT_SETTING_RESOLUTION), "2560x1440@50");
}

static void without_its_resolution_it_is_not_made(void **state)
{
	struct root *root = *state;

	assert_int_equal(create_with_resolution(root), -ENOENT);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "its driver is kvmgt");
	assert_untouched(root);
	root->gvt = true;
	root->set_answer = -EINVAL;
	root->set_answer_to = "resolution";
	assert_int_equal(create_with_resolution(root), -EINVAL);
	root_assert_error(root, GVT_ERROR_FAILED, "the kernel refuses the value");
	assert_untouched(root);
}

/* A picture of 3 by 2, as gvt.ko's attribute has it. */
static void put_screen(struct root *root, uint32_t width, int32_t height, size_t bytes)
{
	uint8_t bitmap[54 + 3 * 2 * 4] = { 'B', 'M' };

	memcpy(bitmap + 18, &width, 4);
	memcpy(bitmap + 22, &height, 4);
	for (unsigned int i = 0; i < 6; i++)
		memcpy(bitmap + 54 + 4 * i, &(uint32_t){ 0x112233 * (i + 1) }, 4);
	root_write_bytes(root, bitmap, bytes, "/sys/bus/mdev/devices/%s/gvt/screen", UUID_A);
}

static void a_screenshot_is_a_png(void **state)
{
	struct root *root = *state;
	png_image png = { .version = PNG_IMAGE_VERSION };
	unsigned int width, height;
	uint8_t rgb[3 * 2 * 3];
	char path[128];

	snprintf(path, sizeof(path), "%s/picture.png", root->path);
	root_add_mdev(root, UUID_A, "V5_4");
	put_screen(root, 3, -2, 54 + 24);
	assert_int_equal(gvt_vgpu_screenshot(only_vgpu(root), path, &width, &height), 0);
	assert_int_equal(width, 3);
	assert_int_equal(height, 2);
	assert_true(png_image_begin_read_from_file(&png, path));
	assert_int_equal(png.width, 3);
	assert_int_equal(png.height, 2);
	png.format = PNG_FORMAT_RGB;
	assert_true(png_image_finish_read(&png, NULL, rgb, 0, NULL));
	for (unsigned int i = 0; i < 6; i++)
		assert_int_equal(rgb[3 * i] << 16 | rgb[3 * i + 1] << 8 | rgb[3 * i + 2], 0x112233 * (i + 1));
	assert_false(root_has(root, "/picture.png.new"));
}

static void a_screen_that_is_none_gives_no_file(void **state)
{
	struct root *root = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/picture.png", root->path);
	root_add_mdev(root, UUID_A, "V5_4");
	assert_int_equal(gvt_vgpu_screenshot(only_vgpu(root), path, NULL, NULL), -ENOENT);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "kvmgt");
	put_screen(root, 3, -2, 54 + 23);
	assert_true(gvt_vgpu_screenshot(only_vgpu(root), path, NULL, NULL) < 0);
	put_screen(root, 0, -2, 54 + 24);
	assert_int_equal(gvt_vgpu_screenshot(only_vgpu(root), path, NULL, NULL), -EBADMSG);
	put_screen(root, 3, INT32_MIN, 54 + 24);
	assert_int_equal(gvt_vgpu_screenshot(only_vgpu(root), path, NULL, NULL), -EBADMSG);
	put_screen(root, 3, -2, 54 + 24);
	assert_int_equal(gvt_vgpu_screenshot(only_vgpu(root), "/no/such/folder/x.png", NULL, NULL), -ENOENT);
	assert_non_null(strstr(gvt_get_error(root->ctx), "can't write /no/such/folder/x.png"));
	assert_false(root_has(root, "/picture.png"));
	assert_false(root_has(root, "/picture.png.new"));
	root_remove(root, "/sys/bus/mdev/devices/%s", UUID_A);
	root_add_definition(root, UUID_A, "i915-GVTg_V5_4", "");
	assert_int_equal(gvt_vgpu_screenshot(only_vgpu(root), path, NULL, NULL), -ENODATA);
	root_assert_error(root, GVT_ERROR_FAILED, "is not on");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_resolution_is_set_before_anybody_opens_it),
		TEST(without_its_resolution_it_is_not_made),
		TEST(a_screenshot_is_a_png),
		TEST(a_screen_that_is_none_gives_no_file),
		TEST(create_defines_starts_and_attaches),
		TEST(create_undoes_all_when_a_step_fails),
		TEST(a_signal_waits_for_the_end_of_a_change),
		TEST(create_tells_what_it_could_not_undo),
		TEST(what_is_left_of_a_domain_waits_for_libvirt),
		TEST(create_explains_the_kernels_refusals),
		TEST(create_dry_runs_change_nothing),
		TEST(create_transient_writes_nothing),
		TEST(create_lists_types_for_an_unknown_one),
		TEST(create_says_who_has_the_room),
		TEST(create_chooses_the_gpu_with_most_room),
		TEST(create_needs_a_host_that_can),
		TEST(create_refuses_a_uuid_or_name_that_is_taken),
		TEST(create_needs_a_type),
		TEST(create_lists_domains_for_an_unknown_one),
		TEST(create_gives_a_domain_one_vgpu),
		TEST(create_says_that_libvirt_is_not_there),
		TEST(two_changes_at_a_time_are_kept_apart),
		TEST(destroy_takes_all_away),
		TEST(destroy_undoes_all_when_a_step_fails),
		TEST(destroy_explains_the_kernels_refusals),
		TEST(destroy_refuses_while_it_is_used),
		TEST(destroy_takes_what_others_made),
		TEST(destroy_needs_libvirt_for_what_is_attached),
		TEST(destroy_tells_when_another_was_faster),
		TEST(attach_and_detach_go_round),
		TEST(attach_undoes_all_when_a_step_fails),
		TEST(attach_refuses_what_would_not_last),
		TEST(detach_forgets_a_domain_that_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
