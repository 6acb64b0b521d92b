# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A GPU that can't be shared yet: no i915, enable_gvt not set, no gvt, no libvirt; each has its own words and next step.

want_guest=''

# refused STATUS PATTERN ARGUMENT...: gvt must refuse with this exit status and these words, and leave nothing behind
refused() {
	local status=$1 pattern=$2
	shift 2

	expect_status "$status" host gvt "$@"
	expect_match "gvt $*" "$pattern" "$messages"
	expect_equal "gvt $*: output" "" "$output"
	expect_equal "files in /etc/gvt" "" "$(host_shell 'find /etc/gvt -type f 2>/dev/null || true')"
	expect_equal "mdevs" "" "$(host_shell 'ls /sys/bus/mdev/devices 2>/dev/null || true')"
}

step 120 "host VM starts with the simulated GPU, and loads nothing for it"
host_start

step 20 "no i915"
refused 6 'modprobe i915' types
refused 6 'modprobe i915' create --type V5_4

step 60 "i915 without enable_gvt"
host modprobe i915 enable_gvt=0
refused 6 'options i915 enable_gvt=1' types
refused 6 'options i915 enable_gvt=1' create --type V5_4
expect_match "gpus" 'not-enabled' "$(host gvt gpus)"

step 60 "i915 with it, but no gvt"
host rmmod i915
host modprobe i915
refused 6 'modprobe kvmgt' types
refused 6 'modprobe kvmgt' create --type V5_4

step 60 "all is there but the type, or libvirt"
host_load_gvt
refused 3 'V5_4' create --type V5_16
refused 1 'libvirt' create --type V5_4 --vm win10

step 20 "and without what is missing it works"
uuid=$(host gvt create --type V5_4)
expect_equal "mdevs" "$uuid" "$(host ls /sys/bus/mdev/devices)"
host gvt destroy "$uuid"
expect_equal "mdevs" "" "$(host ls /sys/bus/mdev/devices)"
