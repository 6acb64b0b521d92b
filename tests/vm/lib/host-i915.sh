# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # shared with play.sh
# What every device of gvt-gpusim must be to the distribution's drivers.

# host_i915 VERSION: i915, kvmgt and gvt work on the host's GPU, and the types are i915-GVTg_VERSION_n
host_i915() {
	step 120 "host VM starts with the simulated GPU"
	host_start

	step 60 "i915 loads"
	host modprobe i915

	step 60 "i915 runs on it: not wedged, four engines"
	expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
	expect_equal "engines" "bcs0 rcs0 vcs0 vecs0" "$(host_shell 'cd /sys/class/drm/card0/engine && echo *')"
	expect_equal "driver" "i915" "$(host_shell 'basename $(readlink /sys/bus/pci/devices/0000:00:02.0/driver)')"
	host cat /sys/kernel/debug/dri/0/i915_engine_info

	step 60 "fills and copies through its copy engine are right, to the byte"
	host "$vm_libexec/blit-check"

	step 30 "the kernel log has no complaint"
	expect_equal "complaints" "" "$(complaints)"

	for host_driver in kvmgt gvt; do
		step 60 "$host_driver loads"
		host_load_gvt

		# 512 MiB of aperture, 128 of them the host's: 384 MiB for types of 64, 128 and 256 MiB.
		step 30 "$host_driver offers the types that fit into 512 MiB of aperture"
		expect_equal "types" "i915-GVTg_$1_2 1
i915-GVTg_$1_4 3
i915-GVTg_$1_8 6" "$(host_shell 'cd /sys/class/mdev_bus/0000:00:02.0/mdev_supported_types
			for type in *; do echo $type $(cat $type/available_instances); done')"

		step 30 "still no complaint, and not wedged"
		expect_equal "complaints" "" "$(complaints)"
		expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
		host_unload_gvt
	done

	step 120 "i915 and gvt unload and load again"
	host rmmod i915
	host modprobe i915
	host_load_gvt
	expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
	expect_equal "complaints" "" "$(complaints)"
}
