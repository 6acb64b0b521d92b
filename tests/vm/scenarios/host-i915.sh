# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The distribution's i915 and kvmgt take the simulated GPU for a real one, and complain of nothing.

want_guest=''

# The lines of the kernel's log that a healthy machine would not have. What is not there on any machine without
# linux-firmware is no complaint of the GPU, nor is that kvmgt looks for a snapshot of registers that nobody ships.
complaints() {
	host dmesg -r >"$work_dir/dmesg"
	awk -F '[<>]' '
		/skl_dmc_ver|DMC firmware|wiki.debian.org\/Firmware|golden_hw_state/ { next }
		/WARNING: CPU|cut here|BUG:|Call Trace|GPU HANG|[Rr]esetting|engine reset|wedged/ { print; next }
		$2 % 8 <= 4 && /i915|drm|gvt|vfio|mdev|02\.0/ { print }
	' "$work_dir/dmesg"
}

step 120 "host VM starts with the simulated GPU"
host_start

step 60 "i915 loads"
host modprobe i915

step 30 "i915 runs on it: not wedged, four engines"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
expect_equal "engines" "bcs0 rcs0 vcs0 vecs0" "$(host_shell 'cd /sys/class/drm/card0/engine && echo *')"
expect_equal "driver" "i915" "$(host_shell 'basename $(readlink /sys/bus/pci/devices/0000:00:02.0/driver)')"
host cat /sys/kernel/debug/dri/0/i915_engine_info

step 10 "the kernel log has no complaint"
expect_equal "complaints" "" "$(complaints)"

step 60 "kvmgt loads"
host_load_kvmgt

# 512 MiB of aperture, 128 of them the host's: 384 MiB for types of 64, 128 and 256 MiB.
step 20 "kvmgt offers the types that fit into 512 MiB of aperture"
expect_equal "types" "i915-GVTg_V5_2 1
i915-GVTg_V5_4 3
i915-GVTg_V5_8 6" "$(host_shell 'cd /sys/class/mdev_bus/0000:00:02.0/mdev_supported_types
	for type in *; do echo $type $(cat $type/available_instances); done')"

step 10 "still no complaint, and not wedged"
expect_equal "complaints" "" "$(complaints)"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"

step 60 "i915 and kvmgt unload and load again"
host rmmod kvmgt
host rmmod i915
host modprobe i915
host modprobe kvmgt
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
expect_equal "complaints" "" "$(complaints)"
