# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A Broadwell with a monitor: i915 finds it, sets its mode, and the console can be seen on it.

want_guest=''
host_gpu=bdw-gt2
host_monitor=HDMI-B=1024x768

# What pipe A shows, as a file of this machine; its size stands in the PNG's first chunk.
screenshot() {
	gpusim_ask screenshot A "$run_dir/$1.png"
	expect_equal "size of the picture" 1024x768 \
		"$(od -An -t u1 -j 16 -N 8 "$run_dir/$1.png" | awk '{ print $3 * 256 + $4 "x" $7 * 256 + $8 }')"
}

step 120 "host VM starts with a monitor"
host_start

step 300 "i915 loads, and draws its console"
host modprobe i915

step 120 "the monitor is there, with its mode, and nothing is to complain of"
expect_equal "monitor" "connected 1024x768" \
	"$(host_shell 'cd /sys/class/drm/card0-HDMI-A-1 && echo $(cat status) $(head -n 1 modes)')"
expect_match "mode of pipe A" 'active=yes, mode="1024x768"' "$(host cat /sys/kernel/debug/dri/0/i915_display_info)"
expect_equal "complaints" "" "$(complaints)"

step 120 "what is written to the console is seen"
screenshot before
host_shell 'printf "\033[H\033[?25l%s\n" "A Broadwell shows this." >/dev/tty1'
screenshot written
! cmp -s "$run_dir/before.png" "$run_dir/written.png" || fail "the picture has not changed"
