# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# A guest's screen: its monitor, what people see of it through QEMU and gvt.

want_guest=yes
guest_graphics=yes

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 120 "a guest with a display of 800x600 is up; QEMU has no OpenGL"
uuid=$(vgpu_make V5_4)
host_shell "echo 800x600 >/sys/bus/mdev/devices/$uuid/gvt/resolution"
guest_start "$uuid" x-igd-opregion=on,display=on

step 240 "the guest's i915 probes, finds the monitor, and draws its console"
guest_load_i915
guest_shell 'until [ -e /dev/fb0 ]; do sleep 0.2; done'
expect_equal "status" connected "$(guest cat /sys/class/drm/card0-HDMI-A-1/status)"
guest_shell 'cat /sys/class/drm/card0-HDMI-A-1/modes; edid-decode </sys/class/drm/card0-HDMI-A-1/edid'

step 60 "QEMU shows it"
host_shell "until head -c 54 /sys/bus/mdev/devices/$uuid/gvt/screen >/tmp/head; do sleep 1; n=\$((n+1)); [ \$n -lt 20 ] || break; done; ls -l /tmp/head"
guest_shell 'cat /sys/kernel/debug/dri/0/i915_display_info; dmesg | tail -20; for r in 0x70008 0x60400 0x70180 0x7019c 0x6c05c 0x44408 0x44404 0x4440c; do intel_reg read $r; done; cat /sys/kernel/debug/dri/0/state' || true
guest_shell 'printf "\033c\033[?25l" >/dev/tty1; awk "BEGIN { for (c = 32; c < 127; c++) printf \"%c\", c; print \"\" }" >/dev/tty1; echo hello >/dev/tty1'
qemu_screendump console; host cat /run/guest/qemu.log; host_shell "head -c 2000000 /sys/bus/mdev/devices/$uuid/gvt/screen >/tmp/s.bmp"; host cat /tmp/s.bmp >"$run_dir/s.bmp"; host dmesg | tail -5
"$GVT_BUILD/tests/vm/png-text" "$run_dir/console.png"
guest dmesg
expect_equal "complaints" "" "$(guest_complaints)"
