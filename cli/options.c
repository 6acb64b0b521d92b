// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define LONGEST_WAIT 3600

struct known {
	unsigned int option;
	char letter; /* 0: none */
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *help;
};

static const struct known known[] = {
	{ OPT_TYPE, 't', "type", "TYPE", "the vGPU's type, as V5_4 ('gvt types' lists them)" },
	{ OPT_VM, 0, "vm", "DOMAIN", "the libvirt domain that gets it, by name or UUID" },
	{ OPT_GPU, 'g', "gpu", "ADDRESS", "the GPU, as 0000:00:02.0 ('gvt gpus' lists them)" },
	{ OPT_NAME, 'n', "name", "NAME", "a name for it" },
	{ OPT_UUID, 'u', "uuid", "UUID", "its UUID, instead of a new one" },
	{ OPT_SETTINGS, 0, "aperture", "SIZE", "graphics memory that the CPU sees, too, as 96M" },
	{ OPT_SETTINGS, 0, "hidden", "SIZE", "graphics memory for the GPU alone, as 512M or 1G" },
	{ OPT_SETTINGS, 0, "fences", "COUNT", "fence registers, 1 to 32" },
	{ OPT_SETTINGS, 'r', "resolution", "WxH[@RATE]",
	  "the picture that its monitor prefers, as 2560x1440" },
	{ OPT_SETTINGS, 0, "weight", "WEIGHT", "share of the GPU's time beside others, 1 to 64" },
	{ OPT_SETTINGS, 0, "cap", "PERCENT", "no more than that of the GPU's time, 1 to 100" },
	{ OPT_SETTINGS | OPT_HOSTDEV, 0, "display", "KIND",
	  "on, off, auto: in its domain; region, dmabuf: what viewers get" },
	{ OPT_HOSTDEV, 0, "ramfb", "on|off", "a picture before the guest's driver runs" },
	{ OPT_HOSTDEV, 0, "rom", "FILE|off", "a ROM file for it" },
	{ OPT_SVG, 0, "svg", "FILE", "draw it to a file, or to standard output (-)" },
	{ OPT_LIVE, 0, "live", NULL, "what is on or runs: set changes it alone, attach and detach too" },
	{ OPT_CONFIG, 0, "config", NULL, "change the definition alone" },
	{ OPT_NO_AUTOSTART, 0, "no-autostart", NULL, "do not start it at boot" },
	{ OPT_TRANSIENT, 0, "transient", NULL, "keep no definition: it ends with the next boot" },
	{ OPT_NO_DETACH, 0, "no-detach", NULL, "leave the domain's configuration as it is" },
	{ OPT_WAIT, 'w', "wait", "SECONDS", "wait as long for GPUs that are not there yet" },
	{ OPT_FIX, 0, "fix", NULL, "write what can be written safely" },
	{ OPT_ONCE, 0, "once", NULL, "look once, and exit" },
	{ OPT_DELAY, 'd', "delay", "SECONDS", "the time between two looks, 1 if not said" },
	{ OPT_OUTPUT, 'o', "output", "FILE", "write to a file, which is replaced whole" },
	{ OPT_DRY_RUN, 0, "dry-run", NULL, "check and say what would be done, but do nothing" },
	{ OPT_JSON, 'j', "json", NULL, "print JSON" },
	{ OPT_COLUMNS, 'c', "columns", "LIST", "print these columns, separated by commas" },
	{ OPT_NO_HEADINGS, 0, "no-headings", NULL, "print no headings" },
	{ OPT_CONNECT, 0, "connect", "URI", "the libvirt to talk to, also another host's: qemu+ssh://…" },
	{ OPT_BASE, 0, "base", "PATH", "look for /sys, /proc, /etc and /run below PATH" },
	{ OPT_QUIET, 'q', "quiet", NULL, "say nothing but errors and results" },
	{ OPT_VERBOSE, 'v', "verbose", NULL, "say more; twice, still more" },
	{ OPT_HELP, 'h', "help", NULL, "print this and exit" },
	{ OPT_VERSION, 'V', "version", NULL, "print the version and exit" },
};

#define KNOWN	   (sizeof(known) / sizeof(known[0]))
#define ARGUMENT   1 /* getopt's value of an argument in its place */
#define LONG_VALUE 256 /* getopt's value of options[i] is this plus i */

void options_print_help(unsigned int options)
{
	for (unsigned int i = 0; i < KNOWN; i++) {
		char left[64], letter[5] = "    ";

		if (!(options & known[i].option))
			continue;
		if (known[i].letter)
			snprintf(letter, sizeof(letter), "-%c, ", known[i].letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, known[i].name,
			 known[i].argument ? " " : "", known[i].argument ? known[i].argument : "");
		printf("  %-24s %s\n", left, known[i].help);
	}
}

static enum status take_seconds(struct cli *cli, const char *name, const char *text,
				unsigned int least, unsigned int *seconds)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || text[0] < '0' || text[0] > '9' || value < least || value > LONGEST_WAIT)
		return misuse(cli, "--%s takes seconds from %u to %d, not '%s'", name, least,
			      LONGEST_WAIT, text);
	*seconds = (unsigned int)value;
	return STATUS_DONE;
}

/* How a domain has it. False when it is the setting of that name that is meant. */
static bool take_hostdev(struct cli *cli, const char *name, const char *text)
{
	static const char *const names[] = { "display", "ramfb", "rom" };
	bool word = !strcmp(text, "on") || !strcmp(text, "off") || !strcmp(text, "auto");

	if (!strcmp(name, "display") && (cli->verb->options & OPT_SETTINGS) && !word)
		return false;
	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		if (!strcmp(name, names[i]))
			cli->hostdev[i] = text;
	return true;
}

const char *hostdev_text(const struct cli *cli, int option)
{
	const char *text = cli->hostdev[option];

	return text && strcmp(text, "auto") ? text : NULL;
}

static enum status take_setting(struct cli *cli, const char *name, const char *text)
{
	enum gvt_setting setting;

	if (gvt_setting_find(name, &setting))
		return misuse(cli, "there is no setting '%s'", name);
	if (!(cli->verb->options & OPT_WISHES)) {
		cli->settings[setting] = text;
		return STATUS_DONE;
	}
	if (!cli->wish_count)
		cli->wish_count = 1;
	cli->wishes[cli->wish_count - 1].settings[setting] = text;
	return STATUS_DONE;
}

static enum status take_wish(struct cli *cli, const char *type)
{
	if (cli->wish_count == WISHES_MAX)
		return misuse(cli, "takes %d vGPUs at most", WISHES_MAX);
	cli->wishes[cli->wish_count++].type = type;
	return STATUS_DONE;
}

static enum status take(struct cli *cli, const struct known *row, const char *argument)
{
	unsigned int option = row->option;
	const struct {
		unsigned int option;
		const char **where;
	} texts[] = {
		{ OPT_TYPE, &cli->type },	{ OPT_VM, &cli->vm },
		{ OPT_GPU, &cli->gpu },		{ OPT_NAME, &cli->name },
		{ OPT_UUID, &cli->uuid },	{ OPT_BASE, &cli->base },
		{ OPT_COLUMNS, &cli->columns }, { OPT_CONNECT, &cli->connect },
		{ OPT_SVG, &cli->svg },		{ OPT_OUTPUT, &cli->output },
	};

	cli->given |= option;
	if (option == OPT_VERBOSE)
		cli->verbose++;
	if ((option & OPT_HOSTDEV) && (cli->verb->options & OPT_HOSTDEV) &&
	    take_hostdev(cli, row->name, argument))
		return STATUS_DONE;
	if (option & OPT_SETTINGS)
		return take_setting(cli, row->name, argument);
	if (option == OPT_WAIT)
		return take_seconds(cli, row->name, argument, 0, &cli->wait_seconds);
	if (option == OPT_DELAY)
		return take_seconds(cli, row->name, argument, 1, &cli->delay);
	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].option == option)
			*texts[i].where = argument;
	return STATUS_DONE;
}

/* What getopt_long() wants, for the options in the mask. */
struct getopt_tables {
	char letters[2 * KNOWN + 3];
	struct option names[KNOWN + 1];
};

/* How getopt treats arguments: '+' stops at the first, '-' hands each over as an option 1. */
static void make_tables(struct getopt_tables *tables, unsigned int options, bool stop_at_verb)
{
	char *letter = tables->letters;
	unsigned int count = 0;

	if (stop_at_verb)
		*letter++ = '+';
	if (options & OPT_WISHES)
		*letter++ = '-';
	*letter++ = ':';
	for (unsigned int i = 0; i < KNOWN; i++) {
		if (!(options & known[i].option))
			continue;
		if (known[i].letter)
			*letter++ = known[i].letter;
		if (known[i].letter && known[i].argument)
			*letter++ = ':';
		tables->names[count++] = (struct option){
			.name = known[i].name,
			.has_arg = known[i].argument ? required_argument : no_argument,
			.val = LONG_VALUE + i,
		};
	}
	*letter = '\0';
	memset(&tables->names[count], 0, sizeof(tables->names[count]));
}

static const struct known *known_by_value(int value)
{
	if (value >= LONG_VALUE)
		return &known[value - LONG_VALUE];
	for (unsigned int i = 0; i < KNOWN; i++)
		if (known[i].letter == value)
			return &known[i];
	return NULL;
}

/*
 * getopt names a letter, which may stand in the midst of others, in optopt; a long option
 * nowhere.
 */
static enum status refuse(const struct cli *cli, unsigned int options, int value, const char *word)
{
	const struct known *option = optopt ? known_by_value(optopt) : NULL;
	char letter[3] = { '-', (char)optopt, '\0' };

	if (value == ':')
		return misuse(cli, "option '%s%s' needs a value", option ? "--" : "",
			      option ? option->name : word);
	if (option && (options & option->option))
		return misuse(cli, "option '--%s' takes no value", option->name);
	return misuse(cli, "option '%s' is not known here",
		      optopt > ' ' && optopt < 0x7f ? letter : word);
}

enum status options_parse(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	unsigned int options = verb ? verb->options | OPT_COMMON :
				      OPT_COMMON | OPT_VERSION | OPT_JSON;
	struct getopt_tables tables;
	enum status status;
	int value;

	make_tables(&tables, options, !verb);
	optind = 0;
	opterr = 0;
	while ((value = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
		if (value == '?' || value == ':')
			return refuse(cli, options, value, argv[optind - 1]);
		if (value == ARGUMENT)
			status = take_wish(cli, optarg);
		else
			status = take(cli, known_by_value(value), optarg);
		if (status)
			return status;
	}
	return STATUS_DONE;
}
