// SPDX-License-Identifier: GPL-2.0-or-later
/* gvt: the table of its verbs, and what is the same for all of them. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cli.h"

static const struct verb verbs[] = {
	{ "doctor", "[TYPE…]", "check the host, and say what keeps vGPUs from working",
	  "Each line tells what was looked at and, below it, what to do. TYPE is one that is wanted. --fix\n"
	  "writes i915's options and the module's name for the next boot; with --dry-run it shows them.\n"
	  "Exit status 1: there are errors.\n",
	  OPT_FIX | OPT_DRY_RUN | OPT_JSON, 0, 16, cmd_doctor },
	{ "gpus", "", "list the Intel GPUs, and say why one can't be shared",
	  "A GPU that can't be shared is listed with the reason; what to do is told below the table.\n",
	  OPT_TABLE, 0, 0, cmd_gpus },
	{ "types", "", "list the types of vGPU that the GPUs offer",
	  "AVAILABLE is how many more of the type the kernel says would fit now.\n",
	  OPT_TABLE | OPT_GPU, 0, 0, cmd_types },
	{ "list", "", "list the vGPUs",
	  "ON: the vGPU exists now. PERSISTENT: it has a definition, and can be there after a reboot.\n"
	  "VM: the libvirt domain that it is for.\n",
	  OPT_TABLE, 0, 0, cmd_list },
	{ "show", "VGPU", "tell all about one vGPU",
	  "VGPU is its UUID, the beginning of it, its name, or the domain that it is for.\n",
	  OPT_JSON, 1, 1, cmd_show },
	{ "create", "--type TYPE", "make a vGPU, and add it to a libvirt domain",
	  "Chooses the GPU, writes the definition, starts the vGPU and, with --vm, adds it to the\n"
	  "domain's persistent configuration. When a step fails, those before it are undone.\n"
	  "Prints the UUID alone on standard output.\n",
	  OPT_TYPE | OPT_VM | OPT_GPU | OPT_NAME | OPT_UUID | OPT_SETTINGS | OPT_HOSTDEV | OPT_NO_AUTOSTART |
		  OPT_TRANSIENT | OPT_DRY_RUN | OPT_JSON,
	  0, 0, cmd_create },
	{ "destroy", "VGPU", "remove a vGPU for good",
	  "Takes it out of its domain's configuration, ends it and removes its definition. Refuses while\n"
	  "a virtual machine has it open.\n",
	  OPT_NO_DETACH | OPT_DRY_RUN | OPT_JSON, 1, 1, cmd_destroy },
	{ "define", "FILE.xml | --type TYPE", "define a vGPU without starting it",
	  "Takes a definition as in gvt-vgpu(5), or '-' for standard input; without UUID one is made.\n"
	  "A vGPU that is on and has no definition gets one, with --uuid.\n",
	  OPT_TYPE | OPT_VM | OPT_GPU | OPT_NAME | OPT_UUID | OPT_SETTINGS | OPT_HOSTDEV | OPT_NO_AUTOSTART |
		  OPT_DRY_RUN | OPT_JSON | OPT_READS,
	  0, 1, cmd_define },
	{ "undefine", "VGPU", "remove a definition, and leave the vGPU as it is",
	  "Takes it out of its domain's configuration. What is on stays on until it is stopped.\n",
	  OPT_NO_DETACH | OPT_DRY_RUN | OPT_JSON, 1, 1, cmd_undefine },
	{ "start", "VGPU", "start a defined vGPU", "", OPT_DRY_RUN | OPT_JSON, 1, 1, cmd_start },
	{ "stop", "VGPU", "end a vGPU, and keep its definition",
	  "Refuses while a virtual machine has it open. One without definition is gone then.\n",
	  OPT_DRY_RUN | OPT_JSON, 1, 1, cmd_stop },
	{ "set", "VGPU NAME=VALUE…", "change settings of a vGPU",
	  "aperture, hidden, fences: for its next start. resolution, weight, cap, display: also at once,\n"
	  "when it is on. NAME= alone goes back to what its type says. All are changed, or none.\n"
	  "They need gvt.ko: kvmgt's types are fixed.\n",
	  OPT_LIVE | OPT_CONFIG | OPT_DRY_RUN | OPT_JSON, 2, 17, cmd_set },
	{ "edit", "VGPU", "edit a definition",
	  "Starts $VISUAL, $EDITOR or vi. What is wrong in it is told with its line, and nothing changes.\n",
	  OPT_DRY_RUN | OPT_JSON | OPT_TERMINAL, 1, 1, cmd_edit },
	{ "rename", "VGPU [NAME]", "give a vGPU another name, or none", "", OPT_DRY_RUN | OPT_JSON,
	  1, 2, cmd_rename },
	{ "autostart", "VGPU [yes|no]", "say whether a vGPU is started at boot", "",
	  OPT_DRY_RUN | OPT_JSON, 1, 2, cmd_autostart },
	{ "validate", "FILE.xml", "tell all that is wrong in a definition, with line numbers",
	  "Notes are about what is kept but not known; only errors count for the exit status.\n",
	  OPT_JSON | OPT_READS, 1, 1, cmd_validate },
	{ "xml", "VGPU", "print the <hostdev> element for libvirt",
	  "For domains that are written by hand or by other tools; 'gvt attach' adds it by itself.\n",
	  OPT_HOSTDEV | OPT_JSON, 1, 1, cmd_xml },
	{ "attach", "VGPU DOMAIN", "add a vGPU to a domain's persistent configuration",
	  "The domain has it from its next start on; with --live at once, too, without its display.\n"
	  "Its screen is shown where the domain's graphics can do that, unless --display says otherwise.\n",
	  OPT_HOSTDEV | OPT_LIVE | OPT_DRY_RUN | OPT_JSON, 2, 2, cmd_attach },
	{ "detach", "VGPU", "take a vGPU out of its domain's persistent configuration",
	  "The vGPU itself stays. With --live, out of the running domain, too.\n",
	  OPT_LIVE | OPT_DRY_RUN | OPT_JSON, 1, 1, cmd_detach },
	{ "plan", "[TYPE [--aperture SIZE …]…]", "say whether vGPUs would fit, and draw where",
	  "Each TYPE is one more vGPU, 3xV5_8 three; sizes belong to the one before them. Tells whether they\n"
	  "fit now and on the empty GPU, in which order to start them, and what fits instead. Exit status\n"
	  "4: they do not fit now. Without TYPE, shows what there is. Changes nothing.\n",
	  OPT_WISHES | OPT_SETTINGS | OPT_GPU | OPT_SVG | OPT_JSON, 0, 0, cmd_plan },
	{ "top", "", "show what vGPUs do, again and again",
	  "GPU time of each engine in percent, requests and trapped accesses a second, memory of the guest\n"
	  "that the GPU may reach in MiB. q ends it. kvmgt counts nothing of this.\n",
	  OPT_ONCE | OPT_DELAY | OPT_TABLE | OPT_TERMINAL, 0, 0, cmd_top },
	{ "metrics", "", "print counters as OpenMetrics text",
	  "For Prometheus: gvt-metrics.timer writes it where node_exporter's textfile collector looks.\n",
	  OPT_OUTPUT, 0, 0, cmd_metrics },
	{ "monitor", "", "tell of vGPUs, definitions and GPUs that come and go",
	  "A line for each: started, stopped, defined, undefined, gpu-ready, gpu-gone; with --json an object\n"
	  "in each line.\n",
	  OPT_JSON, 0, 0, cmd_monitor },
	{ "screenshot", "VGPU FILE.png", "write a picture of what a vGPU shows",
	  "Takes the whole picture with the cursor, as the guest's monitor shows it. Neither the guest nor\n"
	  "its viewer notices. Needs root, and gvt.ko: kvmgt's vGPUs can't be looked at.\n",
	  OPT_JSON, 2, 2, cmd_screenshot },
	{ "export", "FORMAT [VGPU]", "print a vGPU, or a type, for another program",
	  "xml VGPU: its definition. mdevctl VGPU, libvirt VGPU: for mdevctl define --jsonfile, and for\n"
	  "virsh nodedev-define. kubevirt, nova, proxmox: what these need to make vGPUs of --type on\n"
	  "this host; see gvt-fleets(7).\n",
	  OPT_TYPE | OPT_GPU | OPT_JSON, 1, 2, cmd_export },
	{ "import", "mdevctl|libvirt [UUID]", "define what mdevctl or libvirt has",
	  "All vGPUs of GVT-g's types, or one. What is on is not touched.\n",
	  OPT_DRY_RUN | OPT_JSON, 1, 2, cmd_import },
	{ "restore", "", "start all defined vGPUs that start by themselves",
	  "gvt-restore.service calls this at boot. What is active already is left alone; one that fails\n"
	  "does not keep the others from starting.\n",
	  OPT_GPU | OPT_WAIT | OPT_DRY_RUN | OPT_JSON, 0, 0, cmd_restore },
	{ "help", "[VERB]", "tell how a verb is used", "", 0, 0, 1, cmd_help },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

const struct verb *verb_at(unsigned int index)
{
	return index < VERBS ? &verbs[index] : NULL;
}

const struct verb *verb_find(const char *name)
{
	for (unsigned int i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static void print_log(void *data, int priority, const char *message)
{
	const struct cli *cli = data;

	/*
	 * What was done is news; what is only of interest to the curious carries its sender's
	 * name.
	 */
	if (priority == LOG_NOTICE)
		tell(cli, "%s", message);
	else
		fprintf(stderr, "gvt: %s\n", message);
}

static int log_priority(const struct cli *cli)
{
	if (is_given(cli, OPT_QUIET))
		return LOG_ERR;
	return cli->verbose > 1 ? LOG_DEBUG : cli->verbose ? LOG_INFO : LOG_NOTICE;
}

static const char *libvirt_uri(const struct cli *cli)
{
	const char *uri = cli->connect ? cli->connect : getenv("LIBVIRT_DEFAULT_URI");

	return uri && uri[0] ? uri : NULL;
}

static enum status open_context(struct cli *cli)
{
	const char *uri = libvirt_uri(cli);

	if (gvt_new(&cli->ctx)) {
		fputs("gvt: out of memory\n", stderr);
		return STATUS_FAILED;
	}
	gvt_set_log_fn(cli->ctx, print_log, cli);
	gvt_set_log_priority(cli->ctx, log_priority(cli));
	if (cli->base && gvt_set_root(cli->ctx, cli->base))
		return report(cli);
	if (uri && gvt_set_libvirt_uri(cli->ctx, uri))
		return report(cli);
	return STATUS_DONE;
}

/* @words: the command as it was given, behind "gvt". */
static enum status run_verb(struct cli *cli, int argc, char **argv, char **words)
{
	const struct verb *verb = cli->verb;
	enum status status = options_parse(cli, verb, argc, argv);
	int count = argc - optind;
	const char *file;

	if (status)
		return status;
	if (is_given(cli, OPT_HELP))
		return cmd_help(cli, (char *[]){ (char *)verb->name, NULL });
	if (is_given(cli, OPT_JSON) && !(verb->options & OPT_JSON))
		return misuse(cli, "has nothing to print as JSON");
	if (count < verb->least)
		return misuse(cli, "what is missing is %s", verb->arguments);
	if (count > verb->most)
		return misuse(cli, "'%s' is one argument too many", argv[optind + verb->most]);
	file = verb->options & OPT_READS ? argv[optind] : NULL;
	if (verb->run != cmd_help && remote_run(cli, libvirt_uri(cli), words, file, &status))
		return status;
	status = open_context(cli);
	if (!status)
		status = verb->run(cli, argv + optind);
	return status;
}

int main(int argc, char **argv)
{
	struct cli cli = { .verb = NULL };
	char **words = argv + 1;
	enum status status = options_parse(&cli, NULL, argc, argv);

	if (status)
		return status;
	if (is_given(&cli, OPT_VERSION)) {
		puts(PACKAGE_STRING);
		return STATUS_DONE;
	}
	argc -= optind;
	argv += optind;
	if (is_given(&cli, OPT_HELP))
		return cmd_help(&cli, argv);
	if (!argc)
		return misuse(&cli, "say what to do: doctor, types, list, create, …");
	cli.verb = verb_find(argv[0]);
	if (!cli.verb)
		return misuse(&cli, "there is no verb '%s'", argv[0]);
	status = run_verb(&cli, argc, argv, words);
	gvt_unref(cli.ctx);
	/* A result that could not be written was not given. */
	if (fflush(stdout) || ferror(stdout)) {
		fputs("gvt: can't write to standard output\n", stderr);
		if (!status)
			status = STATUS_FAILED;
	}
	return status;
}
