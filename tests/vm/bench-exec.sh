#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-exec: what a guest pays for its GPU, on kvmgt and on gvt, beside the host; called by "run --bench-exec".
#
# From its load of i915 to the end of its GGTT's clear, and what exec-bench measures. Time is the guest's own; traps are
# those that left its CPU for a device, as KVM counts them.
set -euo pipefail

: "${vm_source:?}"
# shellcheck source-path=SCRIPTDIR source=lib/all.sh
. "$vm_source/lib/all.sh"
# shellcheck source-path=SCRIPTDIR source=lib/tool.sh
. "$vm_source/lib/tool.sh"

traps() {
	host_shell 'cat /sys/kernel/debug/kvm/*-*/mmio_exits'
}

# What i915's own functions say by a probe of the guest's kernel: seconds from the load to the end of i915_init_ggtt.
probe_time() {
	guest_shell 'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || true
		cd /sys/kernel/tracing
		echo "r:cleared i915:i915_init_ggtt" >kprobe_events
		echo 1 >events/kprobes/cleared/enable
		echo load >trace_marker
		modprobe i915 >/dev/null 2>&1 &
		awk "/: load\$/ { sub(/:.*/, \"\", \$4); start = \$4 }
			/ cleared: / { sub(/:.*/, \"\", \$4); printf \"%.3f\n\", \$4 - start; exit }" trace_pipe'
}

# Until the driver has registered: what it does behind its GGTT's clear takes long on kvmgt.
wait_for_i915() {
	guest_shell 'until [ -e /dev/dri/card0 ]; do sleep 0.5; done'
}

# measure DRIVER [OPTION...]: into seconds[] and traps_of[], by DRIVER NAME
measure() {
	local uuid before name

	# shellcheck disable=SC2034 # vm.sh's
	host_driver=$1
	host_load_gvt "${@:2}"
	uuid=$(vgpu_make V5_4)
	guest_start "$uuid" x-igd-opregion=on
	before=$(traps)
	seconds[$1 probe]=$(probe_time)
	traps_of[$1 probe]=$(($(traps) - before))
	wait_for_i915
	for name in "${names[@]}"; do
		before=$(traps)
		seconds[$1 $name]=$(guest "$vm_libexec/exec-bench" "$name" | awk '{ print $2 }')
		traps_of[$1 $name]=$((($(traps) - before) / 3))
	done
	host_shell 'kill -9 $(cat /run/guest/pid)'
	host_shell "until echo 1 >/sys/bus/mdev/devices/$uuid/remove; do :; done"
}

# report NAME WORDS
report() {
	printf '%s\n' "$1" "${seconds[host $1]:-}" "${seconds[kvmgt $1]:-}" "${seconds[gvt $1]:-}" "${traps_of[kvmgt $1]:-}" \
		"${traps_of[gvt $1]:-}" "$2" | awk '
		function ratio(a, b) { return a == "" || b == "" || b == 0 ? "-" : sprintf("%.2f", a / b) }
		function time(a) { return a == "" ? "-" : sprintf("%.4f", a) }
		{ field[NR] = $0 }
		END { printf "%-26s %10s %10s %10s %10s %10s %9s %9s\n", field[7], time(field[2]), time(field[3]), time(field[4]),
			ratio(field[4], field[2]), ratio(field[4], field[3]), field[5], field[6] }'
}

names=(1000-empty-submissions 100-MiB-of-blits 256-MiB-bound-and-unbound)
declare -A seconds traps_of
tool_begin bench-exec fast guest
exec 3>&1 >>"$run_dir/output.log" 2>&1

step 120 "host VM starts"
host_start
host modprobe i915
for name in "${names[@]}"; do
	seconds[host $name]=$(host "$vm_libexec/exec-bench" "$name" | awk '{ print $2 }')
done
step 600 "gvt"
measure gvt
# What the guest had of it goes behind the guest. kvmgt can't be unloaded once a guest of it was killed: it comes last.
host_shell 'until rmmod gvt 2>/dev/null; do sleep 0.1; done'
step 900 "kvmgt"
measure kvmgt

{
	printf '%-26s %10s %10s %10s %10s %10s %9s %9s\n' "in seconds" host kvmgt gvt gvt/host gvt/kvmgt "traps of" "traps of"
	printf '%-26s %10s %10s %10s %10s %10s %9s %9s\n' "" "" "" "" "" "" kvmgt gvt
	report probe "probe to the end of GGTT"
	report 1000-empty-submissions "1000 empty submissions"
	report 100-MiB-of-blits "100 MiB of blits"
	report 256-MiB-bound-and-unbound "256 MiB bound, unbound"
} >&3
