# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # shared with vm.sh
# Steps: what a scenario consists of. Each has a name and a time limit, which all that is done in it keeps to:
#
#	step 30 "what should be true"
#	command...
#
# A command that fails ends the scenario (errexit). Beware: not in a function that is called by "if", "&&" or "||".

step_name=''
step_start=$EPOCHREALTIME
step_limit=60

now_us() {
	printf '%s' "${EPOCHREALTIME/[.,]/}"
}

step() {
	step_end
	step_limit=$1
	step_name=$2
	step_start=$EPOCHREALTIME
	printf -- '--- %s\n' "$step_name"
}

step_end() {
	[[ -z $step_name ]] || note "$(printf '  %sok%s   %8s  %s' "$green" "$plain" "$(seconds_since "$step_start")" "$step_name")"
	step_name=''
}

# step_left: prints how many seconds the step may still take, at least 1
step_left() {
	local left=$((step_limit - ($(now_us) - ${step_start/[.,]/}) / 1000000))

	printf '%d' $((left > 1 ? left : 1))
}

# limited COMMAND...: a command of this machine, within the step's time
limited() {
	timeout "$(step_left)" "$@"
}

# fail REASON...: end the scenario; works in $(...) too
fail() {
	printf '%s\n' "$*" >>"$run_dir/reason"
	exit 1
}

# fail_with_console VM REASON: end the scenario with the last lines of the console of "host" or "guest"
fail_with_console() {
	local console=$run_dir/$1-console.log

	{
		printf '%s, the last lines:\n' "$2"
		# A panic's first words are further up than its registers and stack.
		tr -d '\r\0' <"$console" | grep -E -B 3 'Kernel panic|BUG: |Oops: ' | cut -c 1-200 | sed 's/^/| /'
		printf '| ...\n'
		tail -n 15 "$console" | tr -d '\r\0' | cut -c 1-200 | sed 's/^/| /'
	} >>"$run_dir/reason"
	exit 1
}

# skip REASON: this machine can't do what the scenario is about
skip() {
	printf '%s\n' "$*" >"$run_dir/reason"
	exit 77
}

# expect_match WHAT PATTERN TEXT: an extended regular expression must match a line of the text
expect_match() {
	grep -qE -- "$2" <<<"$3" || fail "$1: expected a match of \"$2\" in:
$3"
}

# expect_equal WHAT EXPECTED ACTUAL
expect_equal() {
	[[ $2 == "$3" ]] || fail "$1: expected \"$2\", got \"$3\""
}

# expect_status EXPECTED COMMAND...: the command's exit status; its output is left in $output, its messages in $messages
expect_status() {
	local expected=$1 status=0
	shift

	output=$("$@" 2>"$work_dir/messages") || status=$?
	messages=$(<"$work_dir/messages")
	printf '%s\n%s\n' "$output" "$messages"
	((status == expected)) || fail "exit status $status where $expected was expected: $*
$output
$messages"
}
