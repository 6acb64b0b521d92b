# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# Whatever a hostile VMM does to a vGPU by VFIO: the host's kernel has nothing to say, and its GPU goes on.

want_guest=''
seed=${GVT_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}

# storm TYPE ROUNDS ACTIONS: on a vGPU of that type, which is destroyed afterwards
storm() {
	local uuid

	uuid=$(vgpu_make "$1")
	host "$vm_libexec/vgpu-storm" "$uuid" "$seed" "$2" "$3"
	host cat "/sys/bus/mdev/devices/$uuid/gvt/statistics"
	expect_equal "pages that stay pinned" 0 "$(vgpu_statistic "$uuid" pages_pinned)"
	host_shell "echo 1 >/sys/bus/mdev/devices/$uuid/remove"
}

expect_healthy() {
	expect_equal "complaints" "" "$(complaints)"
	expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
	host "$vm_libexec/blit-check"
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 120 "a storm on a V5_4 (again: GVT_SEED=$seed)"
storm V5_4 6 3000
expect_healthy

step 60 "memory that was pinned, locked or allotted is free again"
host_shell 'cat /sys/bus/pci/devices/0000:00:02.0/gvt/holders
	awk "/^(MemFree|VmallocUsed|Unevictable|Mlocked)/" /proc/meminfo'
expect_equal "Mlocked" "0" "$(host awk '/^Mlocked/ { print $2 }' /proc/meminfo)"

step 120 "the same with each entry trapped (trap_ggtt=1), on a V5_8"
host rmmod gvt
host modprobe gvt trap_ggtt=1
storm V5_8 2 2000
expect_healthy

step 30 "the module goes"
host rmmod gvt
expect_equal "complaints" "" "$(complaints)"
