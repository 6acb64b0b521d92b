#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-probe: what a guest pays from its load of i915 to the end of its GGTT's clear, on kvmgt and on gvt; called by
# "run --bench-probe". Time is the guest's own; traps are those that left its CPU for a device, as KVM counts them.
set -euo pipefail

: "${vm_source:?}"
# shellcheck source-path=SCRIPTDIR source=lib/all.sh
. "$vm_source/lib/all.sh"

finish() {
	local status=$?

	trap '' INT TERM
	trap - EXIT
	set +e
	if ((status != 0)); then
		printf 'bench-probe failed at: %s\n' "${step_name:-its beginning}" >&2
		[[ ! -s ${run_dir:-}/reason ]] || cat "$run_dir/reason" >&2
		printf 'all logs: %s\n' "${run_dir:-}" >&2
	fi
	vm_cleanup
	exit "$status"
}

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

# measure DRIVER: prints seconds and traps
measure() {
	local uuid before seconds

	host_driver=$1
	host_load_gvt >&2
	uuid=$(vgpu_make V5_4)
	guest_start "$uuid" >&2
	before=$(traps)
	seconds=$(probe_time)
	printf '%s %d\n' "$seconds" $(($(traps) - before))
	host_shell 'kill -9 $(cat /run/guest/pid)'
	host_shell "until echo 1 >/sys/bus/mdev/devices/$uuid/remove; do :; done"
	host_unload_gvt
}

vm_paths bench-probe
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
prepare fast guest
payload_install
exec 3>&1 >>"$run_dir/output.log" 2>&1

step 120 "host VM starts"
host_start
host modprobe i915
step 600 "kvmgt"
result=$(measure kvmgt)
read -r kvmgt_seconds kvmgt_traps <<<"$result"
step 600 "gvt"
result=$(measure gvt)
read -r gvt_seconds gvt_traps <<<"$result"

awk -v a="$gvt_seconds" -v b="$kvmgt_seconds" -v c="$gvt_traps" -v d="$kvmgt_traps" 'BEGIN {
	printf "%-12s %-34s %14.3f s %14.3f s  %6.3f  of %s\n", "vm", "guest probe to the end of GGTT clear", a, b, a / b, "kvmgt"
	printf "%-12s %-34s %14d   %14d    %6.3f  of %s\n", "vm", "traps of it", c, d, c / d, "kvmgt"
}' >&3
