// SPDX-License-Identifier: GPL-2.0-or-later
/* edit, validate, set, rename, autostart: what a vGPU is to be. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

#define DEFINITION_MAX 65536
#define VALUES_MAX     16

/* --- texts ------------------------------------------------------------------------------------ */

static enum status no_memory(void)
{
	fputs("gvt: out of memory\n", stderr);
	return STATUS_FAILED;
}

enum status read_text(const struct cli *cli, const char *path, size_t most, char **text,
		      size_t *length)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int err = file ? 0 : errno;

	*text = file ? malloc(most + 1) : NULL;
	if (*text) {
		*length = fread(*text, 1, most + 1, file);
		err = ferror(file) ? errno : *length > most ? EFBIG : 0;
	}
	if (file && file != stdin)
		fclose(file);
	if (*text && !err)
		return STATUS_DONE;
	free(*text);
	*text = NULL;
	if (file && !err)
		return no_memory();
	fprintf(stderr, "gvt: cannot read %s: %s\n", path, strerror(err));
	if (err == ENOENT)
		return STATUS_NOT_FOUND;
	return err == EACCES || err == EPERM ? STATUS_NOT_PERMITTED : STATUS_FAILED;
}

enum status take_settings(const struct cli *cli, struct gvt_definition *def)
{
	for (int i = 0; i < GVT_SETTING_COUNT; i++)
		if (cli->settings[i] && gvt_definition_set_setting(def, i, cli->settings[i]))
			return report(cli);
	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		if (cli->hostdev[i] && gvt_definition_set_hostdev(def, i, hostdev_text(cli, i)))
			return report(cli);
	return STATUS_DONE;
}

/* --- validate --------------------------------------------------------------------------------- */

struct validation {
	const char *path;
	struct json_object *problems; /* with --json */
};

static void add_problem(struct validation *validation, unsigned int line, bool fatal,
			const char *message)
{
	struct json_object *problem = json_object_new_object();

	if (problem && !json_object_object_add(problem, "line", json_object_new_int64(line)) &&
	    !json_object_object_add(problem, "fatal", json_object_new_boolean(fatal)) &&
	    !json_object_object_add(problem, "message", json_object_new_string(message)) &&
	    !json_object_array_add(validation->problems, problem))
		return;
	json_object_put(problem);
	json_object_put(validation->problems);
	validation->problems = NULL;
}

/* FILE:LINE: as compilers write it, for editors to find. */
static void tell_problem(void *data, unsigned int line, bool fatal, const char *message)
{
	struct validation *validation = data;

	if (validation->problems)
		add_problem(validation, line, fatal, message);
	fprintf(stderr, "%s:%u: %s: %s\n", validation->path, line, fatal ? "error" : "note", message);
}

enum status cmd_validate(struct cli *cli, char **arguments)
{
	struct validation validation = { .path = arguments[0] };
	enum status status, printed;
	size_t length;
	char *text;
	int ret;

	status = read_text(cli, arguments[0], DEFINITION_MAX, &text, &length);
	if (status)
		return status;
	if (is_given(cli, OPT_JSON))
		validation.problems = json_object_new_array();
	ret = gvt_validate(cli->ctx, text, length, tell_problem, &validation);
	free(text);
	/* What is no problem of a line. */
	if (ret && ret != -EBADMSG)
		report(cli);
	status = ret ? STATUS_FAILED : STATUS_DONE;
	if (!is_given(cli, OPT_JSON))
		return status;
	printed = print_json_member(cli, "problems", validation.problems);
	return status ? status : printed;
}

/* --- edit ------------------------------------------------------------------------------------- */

static enum status file_failed(const char *verb, const char *path)
{
	fprintf(stderr, "gvt: cannot %s %s: %s\n", verb, path, strerror(errno));
	return STATUS_FAILED;
}

static enum status write_draft(const char *xml, char *path)
{
	int fd = mkstemps(path, 4);
	size_t length = strlen(xml);
	bool written;

	if (fd < 0)
		return file_failed("make", path);
	written = write(fd, xml, length) == (ssize_t)length;
	if (close(fd) < 0 || !written) {
		unlink(path);
		return file_failed("write", path);
	}
	return STATUS_DONE;
}

/* The variable may hold options: the shell takes it apart. */
static enum status run_editor(const char *path)
{
	static const char script[] = "${VISUAL:-${EDITOR:-vi}} \"$1\"";
	int state = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", script, "sh", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &state, 0) < 0)
		return file_failed("edit", path);
	if (WIFEXITED(state) && !WEXITSTATUS(state))
		return STATUS_DONE;
	fputs("gvt: the editor failed; nothing was changed\n"
	      "     VISUAL or EDITOR names the one to use\n", stderr);
	return STATUS_FAILED;
}

static bool wants_another_try(void)
{
	char answer[16];

	if (!isatty(STDIN_FILENO))
		return false;
	fputs("Edit again? [Y/n] ", stderr);
	return fgets(answer, sizeof(answer), stdin) && answer[0] != 'n' && answer[0] != 'N';
}

static enum status take_draft(struct cli *cli, const char *uuid, const char *text, size_t length)
{
	struct gvt_definition *def;
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, uuid, &vgpu);
	int ret;

	if (status)
		return status;
	if (gvt_definition_from_xml(cli->ctx, text, length, &def))
		return report(cli);
	ret = gvt_redefine(vgpu, def, change_flags(cli));
	gvt_definition_unref(def);
	return ret ? report(cli) : STATUS_DONE;
}

/* Until the draft is taken, is left as it was, or its author gives up: then it is @refused. */
static enum status edit_draft(struct cli *cli, const char *uuid, const char *xml, const char *path,
			      bool *refused)
{
	enum status status;

	do {
		size_t length;
		char *text;

		status = run_editor(path);
		if (!status)
			status = read_text(cli, path, DEFINITION_MAX, &text, &length);
		if (status)
			return status;
		if (length == strlen(xml) && !memcmp(text, xml, length)) {
			tell(cli, "nothing was changed");
			free(text);
			return STATUS_DONE;
		}
		status = take_draft(cli, uuid, text, length);
		*refused = status != STATUS_DONE;
		free(text);
	} while (status && wants_another_try());
	return status;
}

enum status cmd_edit(struct cli *cli, char **arguments)
{
	const char *folder = getenv("TMPDIR");
	struct gvt_vgpu *vgpu;
	char uuid[37];
	enum status status = find_to_change(cli, arguments[0], &vgpu, uuid);
	char path[512], *xml;
	bool refused = false;

	if (status)
		return status;
	if (!gvt_vgpu_is_defined(vgpu)) {
		fprintf(stderr, "gvt: vGPU %s has no definition\n     make one: gvt define --uuid %s --type %s\n",
			uuid, uuid, gvt_vgpu_get_short_type_name(vgpu));
		return STATUS_FAILED;
	}
	if (gvt_definition_to_xml(gvt_vgpu_get_definition(vgpu), &xml))
		return no_memory();
	snprintf(path, sizeof(path), "%.400s/gvt-%s-XXXXXX.xml", folder ? folder : "/tmp", uuid);
	status = write_draft(xml, path);
	if (!status) {
		status = edit_draft(cli, uuid, xml, path, &refused);
		if (refused)
			fprintf(stderr, "     what you wrote is kept in %s\n", path);
		else
			unlink(path);
	}
	free(xml);
	return status ? status : print_changed(cli, uuid);
}

/* --- single values ---------------------------------------------------------------------------- */

/* NAME=VALUE; NAME= takes the value away. Cuts the argument in two. */
static enum status take_assignment(const struct cli *cli, char *argument, struct gvt_value *value)
{
	char *equals = strchr(argument, '=');

	if (!equals)
		return misuse(cli, "'%s' is not of the form NAME=VALUE", argument);
	*equals = '\0';
	if (gvt_setting_find(argument, &value->setting)) {
		char known[256] = "";

		for (int i = 0; i < GVT_SETTING_COUNT; i++) {
			size_t used = strlen(known);

			snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "",
				 gvt_setting_get_name(i));
		}
		return misuse(cli, "there is no setting '%s'; choose from %s", argument, known);
	}
	value->text = equals[1] ? equals + 1 : NULL;
	return STATUS_DONE;
}

enum status cmd_set(struct cli *cli, char **arguments)
{
	struct gvt_value values[VALUES_MAX];
	unsigned int flags = change_flags(cli);
	struct gvt_vgpu *vgpu;
	char uuid[37];
	enum status status = find_to_change(cli, arguments[0], &vgpu, uuid);
	size_t count = 0;

	if (is_given(cli, OPT_LIVE) && is_given(cli, OPT_CONFIG))
		return misuse(cli, "takes --live or --config, not both; without, both are changed");
	flags |= is_given(cli, OPT_LIVE) ? GVT_LIVE : 0;
	flags |= is_given(cli, OPT_CONFIG) ? GVT_CONFIG : 0;
	for (; !status && arguments[1 + count]; count++)
		status = take_assignment(cli, arguments[1 + count], &values[count]);
	if (status)
		return status;
	return gvt_set(vgpu, values, count, flags) ? report(cli) : print_changed(cli, uuid);
}

enum status cmd_rename(struct cli *cli, char **arguments)
{
	const char *name = arguments[1] && arguments[1][0] ? arguments[1] : NULL;
	struct gvt_vgpu *vgpu;
	char uuid[37];
	enum status status = find_to_change(cli, arguments[0], &vgpu, uuid);

	if (status)
		return status;
	return gvt_rename(vgpu, name, change_flags(cli)) ? report(cli) : print_changed(cli, uuid);
}

enum status cmd_autostart(struct cli *cli, char **arguments)
{
	const char *word = arguments[1] ? arguments[1] : "yes";
	bool yes = !strcmp(word, "yes") || !strcmp(word, "on");
	struct gvt_vgpu *vgpu;
	char uuid[37];
	enum status status;

	if (!yes && strcmp(word, "no") && strcmp(word, "off"))
		return misuse(cli, "takes yes or no, not '%s'", word);
	status = find_to_change(cli, arguments[0], &vgpu, uuid);
	if (status)
		return status;
	return gvt_set_autostart(vgpu, yes, change_flags(cli)) ? report(cli) :
								 print_changed(cli, uuid);
}
