# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# A monitor on the simulated GPU: modes, the Linux console on its picture, frames at their rate, hot-plug.

want_guest=''
# Each pixel that the console draws is a trap: a small picture, with a rate of its own.
host_monitor='HDMI-B=640x480@75'

connector=/sys/class/drm/card0-HDMI-A-1

# wait_status CONNECTOR FROM TO: until i915 has said for the first time that its state has changed so
wait_status() {
	host_shell "until dmesg | grep -m 1 '$1\].*status updated from $2 to $3'; do :; done"
}

# wait_mode CONNECTOR MODE: until that is the mode that the monitor prefers. The console's own look at a new monitor
# leaves out the modes that are larger than its framebuffer, so i915 is asked for all.
wait_mode() {
	host_shell "cd /sys/class/drm/card0-$1
		until [ \"\$(head -n 1 modes)\" = $2 ]; do echo detect >status; done"
}

console() {
	host_shell "printf '%b' '$1' >/dev/tty1"
}

# picture NAME: what pipe A shows, in the artefacts
picture() {
	gpusim_ask screenshot A "$run_dir/$1.png"
}

# Prints the lines of debugfs for so many frames: frame, sums. Then seconds before and after all but the first.
crcs() {
	host_shell 'cd /sys/kernel/debug/dri/0/crtc-0/crc
		echo auto >control
		exec 3<data
		head -n 1 <&3
		read -r before rest </proc/uptime
		head -n '"$1"' <&3
		read -r after rest </proc/uptime
		exec 3<&-
		echo "$before $after"'
}

step 120 "host VM starts with a monitor"
host_start

step 240 "i915 loads, and draws its console"
host modprobe i915

step 30 "the monitor is there with its mode, and nothing else"
expect_equal "status" connected "$(host cat $connector/status)"
expect_equal "preferred mode" 640x480 "$(host_shell "head -n 1 $connector/modes")"
expect_equal "connected" 1 "$(host_shell 'cat /sys/class/drm/card0-*/status | grep -c ^connected')"
expect_equal "monitors" "HDMI-B  640x480" "$(gpusim_ask monitors | grep -v none)"
host cat /sys/kernel/debug/dri/0/i915_display_info
expect_match "mode that is set" '"640x480": 75 ' "$(host cat /sys/kernel/debug/dri/0/i915_display_info)"

step 240 "the console can be read off the picture"
# Reset, no cursor, no line wrap but by us; then all characters, a row at a time.
console '\033c\033[?25l'
host_shell 'awk "BEGIN { for (c = 32; c < 127; c++) printf \"%c\", c; print \"\" }" >/dev/tty1'
host_shell 'uname -sr >/dev/tty1; echo "$(ls /sys/class/drm | grep HDMI-A-1) is a monitor" >/dev/tty1'
picture console
"$GVT_BUILD/tests/vm/png-text" "$run_dir/console.png" | tee "$work_dir/text"
expect_equal "what it says" "640x480
Linux $(host uname -r)
card0-HDMI-A-1 is a monitor" "$(sed '/^$/d' "$work_dir/text")"

step 60 "frames come at the mode's rate, with the same sum while nothing changes"
crcs 150 >"$work_dir/crcs"
cat "$work_dir/crcs"
awk 'NF == 2 { seconds = $2 - $1; next }
	{ last = $1; if (NR == 1) first = $1 }
	END { print first, last, seconds }' "$work_dir/crcs" | {
	read -r first last seconds
	rate=$(awk -v frames=$((last - first)) -v seconds="$seconds" 'BEGIN { printf "%.1f", frames / seconds }')
	echo "$((last - first)) frames in $seconds s: $rate Hz"
	awk -v rate="$rate" 'BEGIN { exit !(rate > 72 && rate < 78) }' || fail "the rate is $rate Hz, and should be 75"
}
awk 'NF > 2 { print $2 }' "$work_dir/crcs" | sort -u >"$work_dir/sums"
expect_equal "sums of a still picture" 1 "$(wc -l <"$work_dir/sums")"

step 60 "another picture has another sum"
console 'more text\n'
expect_equal "sums" 1 "$(crcs 10 | awk 'NF > 2 { print $2 }' | tail -n 1 | grep -vcFf "$work_dir/sums")"

step 30 "the kernel log has no complaint"
expect_equal "complaints" "" "$(complaints)"

step 240 "i915 hears of a monitor that is unplugged, and plugged in again"
host_shell 'echo 4 >/sys/module/drm/parameters/debug'
gpusim_ask unplug HDMI-B
wait_status HDMI-A-1 connected disconnected
expect_equal "status" disconnected "$(host cat $connector/status)"
gpusim_ask plug HDMI-B 800x600
wait_status HDMI-A-1 disconnected connected
expect_equal "status" connected "$(host cat $connector/status)"
wait_mode HDMI-A-1 800x600

step 120 "SIGUSR1 writes the pictures"
rm -f "$run_dir/pipe-A.png"
kill -USR1 "$gpusim_pid"
limited bash -c 'until grep -m 1 "wrote .*pipe-A.png" "$0"; do :; done' "$run_dir/gpusim.log"
[[ -s $run_dir/pipe-A.png ]] || fail "there is no picture"

step 240 "a DisplayPort monitor is found, with its mode"
gpusim_ask unplug HDMI-B
gpusim_ask plug DP-C 640x480
wait_status DP-2 disconnected connected
wait_mode DP-2 640x480

step 30 "the kernel log still has none"
expect_equal "complaints" "" "$(complaints)"
