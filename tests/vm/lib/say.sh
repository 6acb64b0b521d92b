# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What people see of the harness: all of it on stderr, since stdout belongs to the command of --in. A scenario's own
# stderr goes to a log; so what stderr was at the start is kept.

exec {terminal}>&2

# shellcheck disable=SC2034 # used by those who source this
if [[ -t 2 ]]; then
	bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
else
	bold='' red='' green='' yellow='' plain=''
fi

note() {
	[[ -n ${GVT_QUIET:-} ]] || printf '%s\n' "$*" >&"$terminal"
}

die() {
	printf '%sgvt vm:%s %s\n' "$red" "$plain" "$*" >&"$terminal"
	exit 1
}

# seconds_since EPOCHREALTIME-VALUE: prints the time that has passed as "12.3 s"
seconds_since() {
	local us=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))

	printf '%d.%d s' $((us / 1000000)) $((us / 100000 % 10))
}

# long_step WHAT COMMAND...: run a command that takes a while; show its output only if it fails.
#
# Sets long_step_status and returns 0 always: errexit holds in the command only where nobody around it, up to here and
# further, asks for a status by "if", "&&" or "||". So don't call it from there either.
long_step_job='' long_step_log=''

long_step() {
	local what=$1 start=$EPOCHREALTIME
	shift

	long_step_log=$(mktemp "${TMPDIR:-/tmp}/gvt-log.XXXXXX")
	[[ -n ${GVT_QUIET:-} ]] || printf '  %s ... ' "$what" >&"$terminal"
	long_step_status=0
	# A process group of its own, so that all of it can be ended; and errexit in it, whatever the caller has.
	set -m
	(
		trap - INT TERM HUP EXIT
		set -e
		"$@"
	) >"$long_step_log" 2>&1 </dev/null &
	long_step_job=$!
	set +m
	wait "$long_step_job" || long_step_status=$?
	long_step_job=''
	if ((long_step_status == 0)); then
		note "$(seconds_since "$start")"
	else
		printf '%sfailed%s (%s), exit status %d:\n' "$red" "$plain" "$(seconds_since "$start")" \
			"$long_step_status" >&"$terminal"
		tail -n 40 "$long_step_log" >&"$terminal"
	fi
	rm -f "$long_step_log"
}

# For those who end this shell: nothing may go on behind its back.
stop_long_step() {
	[[ -n $long_step_job ]] || return 0
	kill -TERM -- "-$long_step_job" 2>/dev/null || true
	wait "$long_step_job" || true
	rm -f "$long_step_log"
}
