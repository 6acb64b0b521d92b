#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck source-path=SCRIPTDIR/..
# play.sh NAME: play one scenario; exit status 0 passed, 77 skipped, else failed. Called by run.
set -euo pipefail

: "${vm_source:?}" "${prepared:?}"
. "$vm_source/lib/all.sh"

finish() {
	local status=$?

	trap '' INT TERM
	trap - EXIT
	set +e
	if ((status == 0)); then
		step_end
	elif ((status == 77)); then
		note "  skipped: $(<"$run_dir/reason")"
	elif ((status == 130 || status == 143)); then
		note "  ended from outside, or out of time as a whole, at: $step_name"
	else
		explain_failure "$status"
	fi
	keep_logs
	vm_cleanup
	exit "$status"
}

explain_failure() {
	note "  ${red}FAIL$plain $(printf '%8s  %s' "$(seconds_since "$step_start")" "${step_name:-before the first step}")"
	explain_guest_fate
	if [[ -s $run_dir/reason ]]; then
		note "$(sed 's/^/       /' "$run_dir/reason")"
	else
		note "       exit status $1; what the step has written last:"
		note "$(tac "$run_dir/output.log" | sed '/^--- /,$d' | head -n 20 | tac | sed 's/^/       | /')"
	fi
	note "       all logs: $run_dir"
}

# shellcheck source=/dev/null
. "$prepared"
# Once only: timeout signals this process, and then its group. No signal may break into the tidying up.
trap 'trap "" INT TERM; exit 130' INT
trap 'trap "" INT TERM; exit 143' TERM
trap finish EXIT
vm_paths "$1"
exec >"$run_dir/output.log" 2>&1

# shellcheck source=/dev/null
. "$vm_source/scenarios/$1.sh"
