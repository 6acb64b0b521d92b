# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# A guest's stock i915 finds all that it looks for on a vGPU of gvt.ko, and has nothing to say about it.

want_guest=yes

# room NAME: what the parent says of what is free
room() {
	host cat "/sys/bus/pci/devices/0000:00:02.0/gvt/$1"
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 30 "a vGPU of type V5_4"
free=$(room free_aperture_mb)
uuid=$(vgpu_make V5_4)
expect_equal "what it has" "128 512 4 4 1920x1200" \
	"$(host_shell "cd /sys/bus/mdev/devices/$uuid/gvt && echo \$(cat aperture_mb hidden_mb fences weight resolution)")"
expect_equal "what is left" $((free - 128)) "$(room free_aperture_mb)"

step 120 "a guest with it, and with its OpRegion, is up"
guest_start "$uuid" x-igd-opregion=on
expect_match "lspci" '00:02.0 0300: 8086:1912' "$(guest lspci -n)"

step 120 "the guest's i915 probes: balloons, clears its GGTT, initialises its engines"
guest_load_i915
log=$(guest dmesg)
expect_match "the vGPU" 'Virtual GPU for Intel GVT-g detected' "$log"
expect_match "its aperture" 'Mappable graphic memory: base 0x[0-9a-f]+ size 131072KiB' "$log"
expect_match "its hidden memory" 'Unmappable graphic memory: base 0x[0-9a-f]+ size 524288KiB' "$log"
expect_match "ballooning" 'VGT balloon successfully' "$log"
guest cat /sys/kernel/debug/dri/0/i915_wedged

step 30 "it finds the port that the VBT tells of, and no other"
expect_equal "connectors" "card0-HDMI-A-1" "$(guest_shell 'cd /sys/class/drm && echo card0-*')"

step 30 "its log has no complaint"
expect_equal "complaints" "" "$(guest_complaints)"

step 30 "entries were checked together, and none that was not the guest's"
host cat "/sys/bus/mdev/devices/$uuid/gvt/statistics"
expect_equal "entries that were trapped" 0 "$(vgpu_statistic "$uuid" ggtt_writes)"
expect_equal "entries that were dropped" 0 "$(vgpu_statistic "$uuid" ggtt_dropped)"
expect_equal "accesses to what is not its own" 0 "$(vgpu_statistic "$uuid" outside)"
checked=$(vgpu_statistic "$uuid" ggtt_checked)
registers=$(($(vgpu_statistic "$uuid" register_reads) + $(vgpu_statistic "$uuid" register_writes)))
((checked >= 163840)) || fail "only $checked entries of 163840 were checked"
((registers < 20000)) || fail "$registers accesses to registers were trapped"

step 120 "the driver leaves, and probes again"
guest rmmod i915
guest_load_i915
expect_equal "complaints" "" "$(guest_complaints)"

step 60 "the guest is killed: nothing of it stays pinned, and the vGPU goes"
host_shell 'kill -9 $(cat /run/guest/pid)'
host_shell "until echo 1 >/sys/bus/mdev/devices/$uuid/remove; do :; done"
expect_equal "what is free" "$free" "$(room free_aperture_mb)"
expect_equal "holders" "" "$(room holders)"

step 120 "a guest with a small vGPU and no OpRegion probes, too"
uuid=$(vgpu_make V5_8)
guest_start "$uuid"
guest_load_i915
expect_equal "complaints" "" "$(guest_complaints)"

step 60 "the host's own work goes on, and its log has no complaint"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
host "$vm_libexec/blit-check"
expect_equal "complaints" "" "$(complaints)"
