# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # shared with vm.sh
# What the demonstration and the benchmarks have alike, which play steps outside of a scenario: a place for their files, an
# end that leaves no VM behind, and words when they fail.

# tool_begin NAME PIECE...: with these pieces of the cache; see prepare
tool_begin() {
	tool_name=$1
	shift
	vm_paths "$tool_name"
	trap tool_finish EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	prepare "$@"
	payload_install
}

tool_finish() {
	local status=$?

	trap '' INT TERM
	trap - EXIT
	set +e
	if ((status != 0)); then
		printf '\n%s failed at: %s\n' "$tool_name" "${step_name:-its beginning}" >&2
		[[ ! -s ${run_dir:-}/reason ]] || cat "$run_dir/reason" >&2
		printf 'all logs: %s\n' "${run_dir:-}" >&2
	fi
	keep_logs
	vm_cleanup
	exit "$status"
}
