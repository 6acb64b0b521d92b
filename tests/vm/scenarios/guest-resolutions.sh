# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# The size of a guest's screen: chosen with its vGPU, and while it runs.

want_guest=yes
guest_graphics=yes

connector=/sys/class/drm/card0-HDMI-A-1

# begin RESOLUTION: a vGPU of that resolution, and a guest with it, without a console
begin() {
	uuid=$(host gvt create --type V5_4 --resolution "$1" -q)
	guest_start "$uuid" x-igd-opregion=on,display=on drm_kms_helper.fbdev_emulation=0
	guest_load_i915
}

end() {
	host_shell 'kill -9 $(cat /run/guest/pid)'
	host_shell "until gvt destroy $uuid -q 2>/dev/null; do :; done"
}

# expect_preferred WIDTHxHEIGHT: that the monitor prefers that, and that it is what is shown in it
expect_preferred() {
	expect_equal "preferred mode" "$1" "$(guest_shell "echo detect >$connector/status; head -n 1 $connector/modes")"
	guest_shell "edid-decode --check $connector/edid >/run/edid || { cat /run/edid; exit 1; }"
	show "$1" --cursor 10,10
	expect_equal "size of the picture" "$1" "$(pixels "$1")"
	expect_equal "its corners" "102080 102080" "$(pixels "$1" 0,0 "$((${1%x*} - 1)),$((${1#*x} - 1))")"
	expect_equal "its cursor" "ffffff" "$(pixels "$1" 10,10)"
	expect_equal "complaints" "" "$(guest_complaints)"
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

for resolution in 1024x768 2560x1440 3840x2160; do
	step 120 "--resolution $resolution"
	begin $resolution
	expect_preferred $resolution
	end
done

step 120 "--resolution 1920x1200"
begin 1920x1200
expect_preferred 1920x1200

step 60 "the resolution changes while it runs: the guest hears of another monitor"
guest_shell 'echo 4 >/sys/module/drm/parameters/debug'
host_shell "echo 1280x720 >/sys/bus/mdev/devices/$uuid/gvt/resolution"
guest_shell 'until dmesg | grep -m 1 "HDMI-A-1\].*status updated from connected to connected"; do :; done
	echo 0 >/sys/module/drm/parameters/debug'
expect_preferred 1280x720

step 60 "in 1280x720, modetest sets each mode and flips at its rate"
set_all_modes

step 30 "the host's log has no complaint"
end
expect_equal "complaints" "" "$(complaints)"
