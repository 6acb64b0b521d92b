# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# Programs that nobody here wrote use the simulated GPU through the distribution's i915: benchmarks, Mesa, a console.

want_guest=''
host_graphics=yes
# Small, because the console draws each of its pixels through the aperture, a trap for each.
host_monitor=HDMI-B=720x480

# expect_busy ENGINE JSON: intel_gpu_top saw that engine at work in one of its samples; the first has nothing to count from
expect_busy() {
	expect_match "busy times of $1" '[1-9]' "$(awk -v engine="\"$1\"" '
		index($0, engine) { inside = 1 }
		inside && /"busy"/ { gsub(/[^0-9.]/, ""); print; inside = 0 }' <<<"$2")"
}

# start_frames COMMAND...: start a program that draws until its input ends; it has counted 60 frames when this returns.
# Slower than the mode is no fault of the GPU: on a busy machine a virtual CPU stands still at times and misses frames.
start_frames() {
	local line

	coproc frames { host_talk -- "$@" 2>&1; }
	frames_process=$frames_PID
	while IFS= read -r -u "${frames[0]}" line; do
		printf '%s\n' "$line"
		[[ ! $line =~ ^freq:\ ([1-5][0-9]|60)\. ]] || return 0
	done
	fail "$1 counted no 60 frames, or at more than 60 Hz"
}

end_frames() {
	local input=${frames[1]}

	exec {input}>&-
	# What it says until then is of no interest, but there must be a reader.
	cat <&"${frames[0]}" >/dev/null || true
	wait "$frames_process"
}

# The time of the host VM, and the vblanks of its first pipe so far
vblank_count() {
	host_shell 'cat /proc/uptime; vbltest -M i915' | awk 'NR == 1 { time = $1 } /^starting count/ { print time, $3 }'
}

# To the end means exit status 0, which each of them has only then. Those not here are no test of a GPU: they need files,
# or other devices, or hours. gem_busy without -I gives its targets of relocations as handles where indices are due.
run_benchmarks() {
	local command

	while read -r command; do
		printf '== %s\n' "$command"
		# shellcheck disable=SC2086 # words
		host $command
	done <<-END
		gem_blt -r 1 -t 100
		gem_busy -I
		gem_create -s 4096 -r 1
		gem_exec_ctx -r 1
		gem_exec_fault -r 1
		gem_exec_nop -r 1
		gem_exec_reloc -r 1
		gem_latency -t 2
		gem_prw
		gem_set_domain -r 1
		gem_syslatency -t 2
		intel_upload_blit_large
		intel_upload_blit_large_map
		intel_upload_blit_small
	END
}

# suspend STATE: all devices to sleep and back again; the machine's own part in it is left out.
suspend() {
	host_shell "echo devices >/sys/power/pm_test; echo $1 >/sys/power/state"
	expect_match "kernel log" 'PM: suspend exit' "$(host_shell 'dmesg | tail -n 20')"
	expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
	host gem_exec_nop -r 1
}

# Columns of the glyph in the console's top left cell where it is lit, in this row of its 16.
glyph_row() {
	local y=$1 x points=()

	for x in {0..7}; do
		points+=("$x,$y")
	done
	picture_pixels console "${points[@]}" | sed 's/000000/./g; s/[0-9a-f]\{6\}/#/g; s/ //g'
}

step 120 "host VM starts with the simulated GPU and a monitor"
host_start

step 180 "i915 loads and draws its console"
host modprobe i915

step 120 "the console on the monitor can be read"
host_shell 'printf "\033[2J\033[H\033[?25lHello from the host" >/dev/tty1'
# The H of the kernel's 8x16 font: two legs, and a bar in the seventh row.
expect_equal "fifth row of the first letter" "##...##." "$(glyph_row 4)"
expect_equal "seventh row of the first letter" "#######." "$(glyph_row 6)"
expect_equal "last row of the first letter" "........" "$(glyph_row 15)"

step 30 "modetest lists the monitor and its mode"
output=$(host modetest -M i915 -c)
expect_match "connectors" '[[:space:]]connected[[:space:]]+HDMI-A-[1-9]' "$output"
expect_match "modes" '#0 720x480 ' "$output"
connector=$(awk '$3 == "connected" { print $1; exit }' <<<"$output")

step 90 "modetest sets the mode and flips between two pictures, one of them with the bars of SMPTE"
start_frames modetest -M i915 -v -s "$connector:720x480"
bars=''
until [[ $bars == "c0c0c0 c0c000 00c0c0 00c000 c000c0 c00000 0000c0" ]]; do
	bars=$(picture_pixels bars 51,9 154,99 257,199 360,9 462,99 565,199 668,299)
	(($(step_left) > 1)) || fail "bars.png: the other picture each time, or wrong colours: $bars"
done
end_frames

step 30 "vblanks come at the mode's rate"
before=$(vblank_count)
start_frames vbltest -M i915
end_frames
rate=$(awk '{ printf "%d", ($4 - $2) / ($3 - $1) }' <<<"$before $(vblank_count)")
((rate >= 54 && rate <= 66)) || fail "$rate vblanks a second where the mode has 60"

step 60 "Mesa's iris and anv take it for a Skylake"
# Its status tells of the platforms that are not here, such as X11.
expect_match "eglinfo" '^EGL driver name: iris$' "$(host_shell 'eglinfo -B 2>/dev/null | sed "/^Surfaceless/,\$d"')"
expect_match "vulkaninfo" 'deviceName +=.*Intel.*SKL GT2' "$(host vulkaninfo --summary)"

step 60 "kmscube draws its frames to their end"
# It takes the end of its input for a wish to stop; this one never ends.
for mode in '' --atomic; do
	output=$(host_shell "[ -e /tmp/quiet ] || mkfifo /tmp/quiet; kmscube $mode --count 30 0<>/tmp/quiet" 2>&1)
	expect_match "renderer" 'renderer: "Mesa Intel.*HD Graphics 530 \(SKL GT2\)"' "$output"
	[[ $output != *interrupted* ]] || fail "kmscube did not draw to its end"
done

step 60 "fills and copies through the copy engine are right, to the byte"
host "$vm_libexec/blit-check"

step 300 "benchmarks of intel-gpu-tools run to their end"
run_benchmarks

step 90 "intel_gpu_top sees the engines at work, and the clock that they have"
expect_busy Render/3D/0 "$(host_shell 'gem_exec_nop -r 5 >/dev/null &
	timeout 4 intel_gpu_top -J -s 500 || [ $? = 124 ]
	wait')"
expect_match "intel_gpu_frequency" '^max: 1150 MHz' "$(host intel_gpu_frequency)"

step 180 "i915 is taken off the GPU and put on it again"
host_shell 'cd /sys/bus/pci/drivers/i915 && echo 0000:00:02.0 >unbind && echo 0000:00:02.0 >bind'
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
host gem_exec_nop -r 1

step 180 "it sleeps with a machine that idles (s2idle), and wakes up"
suspend freeze

step 180 "it sleeps with a machine that is suspended to memory, and wakes up"
suspend mem

step 30 "the kernel log has no complaint"
expect_equal "complaints" "" "$(complaints)"
