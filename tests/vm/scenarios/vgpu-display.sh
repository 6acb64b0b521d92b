# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# What viewers get of a vGPU's screen through VFIO: a region, dma-bufs, a monitor by their wish; and what they keep of it.

want_guest=''

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 60 "regions, dma-bufs, EDIDs, and a dma-buf that is held"
uuid=$(vgpu_make V5_4)
host "$vm_libexec/vgpu-display" "$uuid"

step 30 "nothing is left, and the host's log has no complaint"
expect_equal "holders" "" "$(host cat /sys/bus/pci/devices/0000:00:02.0/gvt/holders)"
expect_equal "Mlocked" "0" "$(host awk '/^Mlocked/ { print $2 }' /proc/meminfo)"
expect_equal "complaints" "" "$(complaints)"
host rmmod gvt
