# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# A guest's screen: a monitor that its stock i915 finds, its console, modes at their rates, planes, a desktop; as people
# see it through QEMU with VNC and no OpenGL, and by gvt.

want_guest=yes
guest_graphics=yes

connector=/sys/class/drm/card0-HDMI-A-1

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 120 "a guest whose monitor prefers 640x480 is up, in a QEMU with VNC and no OpenGL"
uuid=$(host gvt create --type V5_4 --resolution 640x480@75 -q)
guest_start "$uuid" x-igd-opregion=on,display=on

step 240 "the guest's i915 finds the monitor"
guest_load_i915
guest_shell "until [ \"\$(cat $connector/status)\" = connected ] && [ -e /dev/fb0 ]; do sleep 0.2; done"
expect_equal "preferred mode" 640x480 "$(guest_shell "head -n 1 $connector/modes")"
guest_shell "edid-decode --check $connector/edid"

step 60 "its console can be read off the picture, which QEMU and gvt have alike"
guest_shell 'printf "\033c\033[?25l" >/dev/tty1
	awk "BEGIN { for (c = 32; c < 127; c++) printf \"%c\", c; print \"\" }" >/dev/tty1
	uname -sr >/dev/tty1; echo "on a vGPU of gvt" >/dev/tty1'
pictures console
"$GVT_BUILD/tests/vm/png-text" "$run_dir/console.png" | tee "$work_dir/text"
expect_equal "what it says" "640x480
Linux $(guest uname -r)
on a vGPU of gvt" "$(sed '/^$/d' "$work_dir/text")"
expect_equal "complaints" "" "$(guest_complaints)"

step 60 "planes and cursor are at their places"
show planes --plane XR24:160x120+100+50 --cursor 300,200
expect_equal "the ground" "102080 102080 102080" "$(pixels planes 0,0 99,50 260,169)"
expect_equal "the plane's quarters" "ff0000 00ff00 0000ff ffffff" "$(pixels planes 100,50 259,50 100,169 259,169)"
expect_equal "the cursor" "ffffff ffffff 102080 102080" "$(pixels planes 300,200 363,200 363,263 299,200)"
show formats --plane YUYV:160x120+520+-60 --cursor -10,470
expect_equal "a YUV plane that is partly outside" "0100ff ffffff 102080" "$(pixels formats 520,10 639,10 520,60)"
expect_equal "a cursor at the edge" "ffffff ffffff 102080" "$(pixels formats 0,470 53,479 54,479)"
expect_equal "complaints" "" "$(guest_complaints)"

step 180 "modetest sets every mode of the monitor, and flips at its rate"
set_all_modes | tee "$work_dir/rates"
expect_equal "modes" 3 "$(wc -l <"$work_dir/rates")"
expect_equal "complaints" "" "$(guest_complaints)"

step 240 "a weston session with the pixman renderer shows its desktop"
# The console, which weston takes the terminal from, would draw itself anew.
guest_shell 'echo 0 >/sys/class/vtconsole/vtcon1/bind
	mkdir -p /run/weston && chmod 700 /run/weston
	XDG_RUNTIME_DIR=/run/weston setsid weston --backend=drm-backend.so --use-pixman --tty=2 --continue-without-input \
		--idle-time=0 >/run/weston/log 2>&1 </dev/null &'
# Its background is a pattern of greys, its bar at the top is darker; its clock may change between two looks.
until pictures desktop && [[ $(pixels desktop 320,240 100,479 300,16) =~ ^([6-9]).{5}\ [6-9].{5}\ [1-4] ]]; do
	guest_shell '! grep fatal /run/weston/log'
done

step 30 "the logs have no complaint"
expect_equal "complaints" "" "$(guest_complaints)"
expect_equal "complaints" "" "$(complaints)"
host cat "/sys/bus/mdev/devices/$uuid/gvt/statistics"
expect_equal "dropped" 0 "$(vgpu_statistic "$uuid" ggtt_dropped)"
