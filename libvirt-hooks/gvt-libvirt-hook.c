// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gvt-libvirt-hook [--base PATH] DOMAIN OPERATION SUB-OPERATION EXTRA - libvirt's qemu hook, from
 * hooks/qemu.d/gvt
 *
 * The domain's XML is on standard input. A status other than 0 keeps a domain from starting, and
 * would kill one that libvirt only finds again ("reconnect"); so what is not "prepare" or "release" is
 * answered before anything can go wrong. What is said on standard error goes to libvirt's log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "lib/gvtmgr.h"

#define XML_MAX (16u << 20)

static void print_log(void *data, int priority, const char *message)
{
	fprintf(stderr, "gvt: %s\n", message);
}

/* NULL when there is none that could be used. */
static char *read_xml(size_t *length)
{
	size_t room = 65536;
	char *text = malloc(room), *more;

	*length = 0;
	while (text) {
		*length += fread(text + *length, 1, room - *length, stdin);
		if (*length < room)
			return text;
		room *= 2;
		more = room <= XML_MAX ? realloc(text, room) : NULL;
		if (!more)
			free(text);
		text = more;
	}
	return NULL;
}

static int run(const char *root, const char *operation, const char *sub_operation, const char *xml,
	       size_t length)
{
	struct gvt_ctx *ctx;
	int err = 0;

	if (gvt_new(&ctx))
		return 1;
	gvt_set_log_fn(ctx, print_log, NULL);
	gvt_set_log_priority(ctx, LOG_NOTICE);
	if (root)
		err = gvt_set_root(ctx, root);
	if (!err)
		err = gvt_hook(ctx, operation, sub_operation, xml, length);
	if (err)
		fprintf(stderr, "gvt: %s\n     %s\n", gvt_get_error(ctx), gvt_get_hint(ctx));
	gvt_unref(ctx);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *root = NULL;
	int status = 0;
	size_t length;
	char *xml;

	if (argc > 2 && !strcmp(argv[1], "--base")) {
		root = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 4 || (strcmp(argv[2], "prepare") && strcmp(argv[2], "release")))
		return 0;
	xml = read_xml(&length);
	if (xml)
		status = run(root, argv[2], argv[3], xml, length);
	free(xml);
	return strcmp(argv[2], "prepare") ? 0 : status;
}
