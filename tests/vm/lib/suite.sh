# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # shared with run
# Several scenarios, one after the other, and what became of them.

# A last resort: steps have limits of their own. Each of guest-cycles' many cycles takes its time.
scenario_limit=$((1200 + 60 * ${GVT_CYCLES:-0} + 50 * ${GVT_INSTANTS:-0}))

suite_child=''

stop_suite() {
	trap '' INT TERM
	[[ -z $suite_child ]] || kill -TERM "$suite_child" 2>/dev/null || true
	[[ -z $suite_child ]] || wait "$suite_child" || true
	rm -rf "$suite_dir"
	note "interrupted"
	exit 130
}

run_suite() {
	local name start status passed=0 failed=() skipped=0 suite_start=$EPOCHREALTIME

	[[ $* != all ]] || mapfile -t names < <(scenario_names)
	for name in "${names[@]}"; do
		[[ -e $vm_source/scenarios/$name.sh ]] || misuse "there is no scenario $name; --list names them"
	done

	build_image=''
	note "${bold}preparing$plain in $GVT_CACHE"
	prepare fast guest full graphics
	[[ " ${names[*]} " != *' readme '* ]] || prepare build
	mkdir -p "$artefacts"
	suite_dir=$(mktemp -d "$artefacts/suite.XXXXXX")
	trap stop_suite INT TERM HUP
	# Each scenario is a process of its own: what prepare has found goes to it by a file.
	export prepared=$suite_dir/prepared
	declare -p qemu kernel_image host_archive host_qemu_archive guest_archive boot_archive root_image graphics_image build_image \
		kernel_release gvt_root \
		>"$prepared"
	run_dir=$suite_dir work_dir=$suite_dir payload_install
	for name in "${names[@]}"; do
		note "$bold$name$plain"
		start=$EPOCHREALTIME
		# A process group of its own, in which timeout passes on the signal that ends it.
		setpriv --pdeathsig TERM -- timeout --kill-after=30 "$scenario_limit" \
			"$vm_source/lib/play.sh" "$name" </dev/null &
		suite_child=$!
		status=0
		wait "$suite_child" || status=$?
		suite_child=''
		case $status in
		0)
			passed=$((passed + 1))
			note "${green}PASS$plain $name ($(seconds_since "$start"))"
			;;
		77)
			skipped=$((skipped + 1))
			note "${yellow}SKIP$plain $name"
			;;
		*)
			failed+=("$name")
			note "${red}FAIL$plain $name ($(seconds_since "$start"))"
			;;
		esac
	done
	rm -rf "$suite_dir"
	note "${failed[*]:+failed: ${failed[*]}; }$(seconds_since "$suite_start")"
	# Alone on the last line: programs look for it.
	printf '%d passed, %d failed%s\n' "$passed" "${#failed[@]}" \
		"$( ((skipped == 0)) || printf ', %d skipped' "$skipped")"
	((${#failed[@]} == 0))
}
