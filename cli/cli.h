/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - what the verbs of gvt share: options, exit status, and how results are told
 *
 * A verb is a row in the table of main.c and a function in a cmd-*.c; it asks libgvtmgr and prints.
 * Nothing here knows sysfs or libvirt. Results go to standard output, all else to standard error.
 */
#ifndef GVT_CLI_H
#define GVT_CLI_H

#include <stdbool.h>
#include <json-c/json.h>

#include "lib/gvtmgr.h"

enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_MISUSE = 2,
	STATUS_NOT_FOUND = 3,
	STATUS_NO_CAPACITY = 4,
	STATUS_IN_USE = 5,
	STATUS_UNSUPPORTED = 6,
	STATUS_NOT_PERMITTED = 7,
};

/* Options, as bits of what a verb takes; those of every verb are in OPT_COMMON. */
#define OPT_BASE	 (1u << 0)
#define OPT_CONNECT	 (1u << 1)
#define OPT_JSON	 (1u << 2)
#define OPT_QUIET	 (1u << 3)
#define OPT_VERBOSE	 (1u << 4)
#define OPT_HELP	 (1u << 5)
#define OPT_COLUMNS	 (1u << 6)
#define OPT_NO_HEADINGS	 (1u << 7)
#define OPT_DRY_RUN	 (1u << 8)
#define OPT_TYPE	 (1u << 9)
#define OPT_GPU		 (1u << 10)
#define OPT_VM		 (1u << 11)
#define OPT_NAME	 (1u << 12)
#define OPT_UUID	 (1u << 13)
#define OPT_NO_AUTOSTART (1u << 14)
#define OPT_TRANSIENT	 (1u << 15)
#define OPT_WAIT	 (1u << 16)
#define OPT_VERSION	 (1u << 17)
#define OPT_NO_DETACH	 (1u << 18)
#define OPT_SETTINGS	 (1u << 19) /* one for each of the library's settings */
#define OPT_LIVE	 (1u << 20)
#define OPT_CONFIG	 (1u << 21)
#define OPT_SVG		 (1u << 22)
#define OPT_WISHES	 (1u << 23) /* settings belong to the argument before them */
#define OPT_HOSTDEV	 (1u << 24) /* how a domain has it */
#define OPT_TERMINAL	 (1u << 25) /* no option: the verb talks to a person */
#define OPT_READS	 (1u << 26) /* nor this: its argument is a file that it reads */
#define OPT_FIX	 (1u << 27)
#define OPT_ONCE	 (1u << 28)
#define OPT_DELAY	 (1u << 29)
#define OPT_OUTPUT	 (1u << 30)
#define OPT_COMMON	 (OPT_BASE | OPT_CONNECT | OPT_QUIET | OPT_VERBOSE | OPT_HELP)
#define OPT_TABLE	 (OPT_JSON | OPT_COLUMNS | OPT_NO_HEADINGS)

#define WISHES_MAX 32

/* An argument of a verb with OPT_WISHES, and the settings behind it. */
struct wish {
	const char *type; /* NULL: settings came first */
	const char *settings[GVT_SETTING_COUNT];
};

struct cli {
	struct gvt_ctx *ctx;
	const struct verb *verb;
	unsigned int given; /* options, as bits */
	unsigned int verbose;
	unsigned int wait_seconds, delay;
	const char *base;
	const char *connect;
	const char *columns;
	const char *type;
	const char *gpu;
	const char *vm;
	const char *name;
	const char *uuid;
	const char *settings[GVT_SETTING_COUNT];
	const char *hostdev[GVT_HOSTDEV_COUNT];
	const char *svg, *output;
	struct wish wishes[WISHES_MAX];
	unsigned int wish_count;
};

struct verb {
	const char *name;
	const char *arguments; /* for the usage line, "" for none */
	const char *summary;
	const char *details; /* what --help says beyond the options */
	unsigned int options;
	int least, most; /* arguments */
	enum status (*run)(struct cli *cli, char **arguments);
};

const struct verb *verb_find(const char *name);
const struct verb *verb_at(unsigned int index); /* NULL behind the last */

/* options.c: fill *cli; arguments that are no options end up in front, *count of them */
enum status options_parse(struct cli *cli, const struct verb *verb, int argc, char **argv);
/* How a domain is to have the vGPU: what is given, or NULL for "auto", an enum gvt_hostdev_option. */
const char *hostdev_text(const struct cli *cli, int option);
void options_print_help(unsigned int options);

/*
 * remote.c: when the URI names another host, runs there what @argv says (the words behind "gvt"), with
 * @file or NULL as standard input, and returns true with its exit status.
 */
bool remote_run(const struct cli *cli, const char *uri, char **argv, const char *file,
		enum status *status);

/* report.c */
__attribute__((format(printf, 2, 3))) enum status misuse(const struct cli *cli, const char *format,
							 ...);
/* The context's last error, with its hint, on standard error; its exit status. */
enum status report(const struct cli *cli);
/* The exit status alone, when the words were told already. */
enum status status_of_error(const struct cli *cli);
/* Print and drop an object, which may be NULL for want of memory. */
enum status print_json(const struct cli *cli, struct json_object *object);
/* The outermost object with one member, which is taken over. */
enum status print_json_member(const struct cli *cli, const char *key, struct json_object *member);
/* Drops both, and leaves NULL, when one is missing or the array can't grow. */
bool append_json(struct json_object **array, struct json_object *element);
/* A text as member; "" is null. False without memory. */
bool add_json_text(struct json_object *object, const char *key, const char *text);
bool is_given(const struct cli *cli, unsigned int option);
/* Standard error, unless -q. */
__attribute__((format(printf, 2, 3))) void tell(const struct cli *cli, const char *format, ...);
/* GVT_DRY_RUN if asked for, for the library's changes. */
unsigned int change_flags(const struct cli *cli);
/* The vGPU that an argument names; on failure reported. */
enum status find_vgpu(const struct cli *cli, const char *what, struct gvt_vgpu **vgpu);
/* The same, with its UUID: a change takes a new look, which ends the object. */
enum status find_to_change(const struct cli *cli, const char *what, struct gvt_vgpu **vgpu, char uuid[37]);
/* That there is no Intel GPU at all. */
enum status no_gpu(const struct cli *cli);
/* The GPU of --gpu, or NULL in *gpu without that option; on failure reported. */
enum status find_gpu(const struct cli *cli, struct gvt_gpu **gpu);

/* A whole file, or standard input for "-", as text to be freed; on failure reported. */
enum status read_text(const struct cli *cli, const char *path, size_t most, char **text,
		      size_t *length);
/* With --json the vGPU of that UUID, as it is after the change. */
enum status print_changed(const struct cli *cli, const char *uuid);
/* What the options of OPT_SETTINGS and OPT_HOSTDEV say, into a definition; on failure reported. */
enum status take_settings(const struct cli *cli, struct gvt_definition *def);

/* That, or without --gpu the first GPU that offers vGPUs, or the first; on failure reported. */
enum status choose_gpu(const struct cli *cli, struct gvt_gpu **gpu);

enum status cmd_gpus(struct cli *cli, char **arguments);
enum status cmd_types(struct cli *cli, char **arguments);
enum status cmd_list(struct cli *cli, char **arguments);
enum status cmd_show(struct cli *cli, char **arguments);
enum status cmd_create(struct cli *cli, char **arguments);
enum status cmd_destroy(struct cli *cli, char **arguments);
enum status cmd_xml(struct cli *cli, char **arguments);
enum status cmd_attach(struct cli *cli, char **arguments);
enum status cmd_detach(struct cli *cli, char **arguments);
enum status cmd_restore(struct cli *cli, char **arguments);
enum status cmd_screenshot(struct cli *cli, char **arguments);
enum status cmd_define(struct cli *cli, char **arguments);
enum status cmd_undefine(struct cli *cli, char **arguments);
enum status cmd_edit(struct cli *cli, char **arguments);
enum status cmd_validate(struct cli *cli, char **arguments);
enum status cmd_start(struct cli *cli, char **arguments);
enum status cmd_stop(struct cli *cli, char **arguments);
enum status cmd_set(struct cli *cli, char **arguments);
enum status cmd_rename(struct cli *cli, char **arguments);
enum status cmd_autostart(struct cli *cli, char **arguments);
enum status cmd_plan(struct cli *cli, char **arguments);
enum status cmd_export(struct cli *cli, char **arguments);
enum status cmd_import(struct cli *cli, char **arguments);
enum status cmd_doctor(struct cli *cli, char **arguments);
enum status cmd_top(struct cli *cli, char **arguments);
enum status cmd_metrics(struct cli *cli, char **arguments);
enum status cmd_monitor(struct cli *cli, char **arguments);
enum status cmd_help(struct cli *cli, char **arguments);

#endif
