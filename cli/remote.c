// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Another host: its vGPUs are in its own sysfs, so gvt runs there, over ssh, as libvirt's own
 * qemu+ssh:// does.
 */
#include <errno.h>
#include <fcntl.h>
#include <libxml/uri.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

#define SSH_FAILED 255

static const char connect_option[] = "--connect";

/* "--connect" or what getopt takes for it; @joined: the URI is in the same word. */
static bool is_connect(const char *word, bool *joined)
{
	size_t length = strcspn(word, "=");

	*joined = word[length] == '=';
	return length >= strlen("--c") && length < sizeof(connect_option) &&
	       !strncmp(word, connect_option, length);
}

/* The words for the other side: without the host, and with a file that is read as standard input. */
static void copy_words(char **to, char **argv, const char *file)
{
	bool joined;

	for (; *argv; argv++) {
		if (is_connect(*argv, &joined)) {
			argv += !joined && argv[1];
			continue;
		}
		*to++ = *argv == file ? (char *)"-" : *argv;
	}
	*to = NULL;
}

/* The remote shell takes a command apart: each word in single quotes. */
static char *quote(char *const *words)
{
	size_t size = sizeof("gvt");
	char *line, *at;

	for (char *const *word = words; *word; word++)
		size += 4 * strlen(*word) + 4;
	line = malloc(size);
	if (!line)
		return NULL;
	at = stpcpy(line, "gvt");
	for (; *words; words++) {
		at = stpcpy(at, " '");
		for (const char *c = *words; *c; c++)
			if (*c == '\'')
				at = stpcpy(at, "'\\''");
			else
				*at++ = *c;
		at = stpcpy(at, "'");
	}
	return line;
}

static void exec_ssh(const xmlURI *uri, const char *line, const char *file, bool terminal)
{
	char target[512], port[16];
	const char *ssh[10];
	int count = 0, fd;

	snprintf(target, sizeof(target), "%s%s%s", uri->user ? uri->user : "", uri->user ? "@" : "",
		 uri->server);
	ssh[count++] = "ssh";
	if (terminal)
		ssh[count++] = "-t";
	if (uri->port > 0) {
		snprintf(port, sizeof(port), "%d", uri->port);
		ssh[count++] = "-p";
		ssh[count++] = port;
	}
	ssh[count++] = "--";
	ssh[count++] = target;
	ssh[count++] = line;
	ssh[count] = NULL;
	if (file) {
		fd = open(file, O_RDONLY);
		if (fd < 0 || dup2(fd, STDIN_FILENO) < 0) {
			fprintf(stderr, "gvt: cannot read %s: %s\n", file, strerror(errno));
			_exit(STATUS_FAILED);
		}
	}
	execvp("ssh", (char *const *)ssh);
	fprintf(stderr, "gvt: cannot run ssh: %s\n", strerror(errno));
	_exit(STATUS_FAILED);
}

static enum status run_ssh(const struct cli *cli, const xmlURI *uri, const char *line,
			   const char *file)
{
	bool terminal = (cli->verb->options & OPT_TERMINAL) && isatty(STDIN_FILENO);
	int state = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		exec_ssh(uri, line, file, terminal);
	if (pid < 0 || waitpid(pid, &state, 0) < 0 || !WIFEXITED(state)) {
		fputs("gvt: ssh failed\n", stderr);
		return STATUS_FAILED;
	}
	if (WEXITSTATUS(state) != SSH_FAILED)
		return WEXITSTATUS(state);
	fprintf(stderr, "gvt: host %s can't be reached over ssh\n     try: ssh %s gvt gpus\n",
		uri->server, uri->server);
	return STATUS_FAILED;
}

static bool has_ssh(const char *scheme)
{
	const char *plus = scheme ? strchr(scheme, '+') : NULL;

	return plus && (!strcmp(plus, "+ssh") || !strcmp(plus, "+libssh") || !strcmp(plus, "+libssh2"));
}

static enum status run_at(const struct cli *cli, const xmlURI *uri, char **argv, const char *file)
{
	enum status status = STATUS_FAILED;
	size_t count = 0;
	char **words, *line;

	if (!has_ssh(uri->scheme))
		return misuse(cli, "reaches the vGPUs of another host over ssh alone: --connect "
				   "qemu+ssh://%s/system",
			      uri->server);
	while (argv[count])
		count++;
	words = calloc(count + 1, sizeof(*words));
	if (words)
		copy_words(words, argv, file);
	line = words ? quote(words) : NULL;
	if (line && !cli->connect)
		tell(cli, "on host %s, as LIBVIRT_DEFAULT_URI says:", uri->server);
	if (line)
		status = run_ssh(cli, uri, line, file);
	else
		fputs("gvt: out of memory\n", stderr);
	free(line);
	free(words);
	return status;
}

bool remote_run(const struct cli *cli, const char *uri_text, char **argv, const char *file,
		enum status *status)
{
	xmlURIPtr uri = uri_text ? xmlParseURI(uri_text) : NULL;
	bool remote = uri && uri->server && uri->server[0] && strcmp(uri->server, "localhost");

	if (remote)
		*status = run_at(cli, uri, argv, file && strcmp(file, "-") ? file : NULL);
	xmlFreeURI(uri);
	return remote;
}
