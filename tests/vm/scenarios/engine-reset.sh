# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# Engines hang and batches never end: the distribution's i915 resets what has to be reset, and all other work goes on.

want_guest=''
host_graphics=yes
engines='rcs0 bcs0 vcs0 vecs0'

# reset_count ENGINE: how often the kernel has said that it resets it; "chip" is all of the GPU
reset_count() {
	host dmesg | grep -c "Resetting $1 for" || true
}

# expect_resets ENGINE COUNT
expect_resets() {
	expect_equal "resets of $1" "$2" "$(reset_count "$1")"
}

# set_property NAME VALUE: of every engine, such as heartbeat_interval_ms
set_property() {
	host_shell "for engine in /sys/class/drm/card0/engine/*; do echo $2 >\$engine/$1; done"
}

expect_alive() {
	expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
	expect_equal "engines that hang" "" "$(gpusim_ask status | awk '$2 == "hung" { print $1 }')"
}

# What a kernel says of hangs that it has ended is what this scenario is about.
other_complaints() {
	complaints | grep -vE 'GPU HANG: ecode 9:|Resetting ((rcs|bcs|vcs|vecs)0|chip) for ' || true
}

step 120 "host VM starts with the simulated GPU"
host_start

step 60 "i915 loads"
host modprobe i915
# Quicker than the 2.5 s between the heartbeats of a desktop.
set_property heartbeat_interval_ms 1000

step 60 "work goes on beside a batch that never ends, on every engine; nothing is reset"
for engine in $engines; do
	host "$vm_libexec/hang-check" switch "$engine"
	expect_resets "$engine" 0
done

step 60 "a batch that can't be preempted: its engine alone is reset, the others go on"
for engine in $engines; do
	host "$vm_libexec/hang-check" hang "$engine"
	expect_resets "$engine" 1
	expect_alive
done

step 20 "i915's error state of the first hang tells where it was"
error=$(host sed -n '/^rcs0 command stream/,/GFX_MODE/p' /sys/class/drm/card0/error)
printf '%s\n' "$error"
batch=$(sed -nE 's/^ *batch: \[0x00000000_([0-9a-f]{5}).*/\1/p' <<<"$error")
expect_match "where the streamer is" "ACTHD: 0x00000000 ${batch}00[04]$" "$error"
expect_match "where the batch is" "BBADDR: 0x00000000_${batch}00[15]$" "$error"
expect_match "what it runs" 'IPEHR: 0x(18800101|00000000)$' "$error"
expect_match "what has nothing to do" ' INSTDONE: 0xffdfffff$' "$error"
expect_match "the shaders" 'ROW_INSTDONE\[0\]\[0\]: 0xffffffff$' "$error"
# It keeps the first one; to collect others would take longer than all else here.
host_shell 'echo N >/sys/kernel/debug/dri/0/i915_params/error_capture'

step 60 "an engine that hangs at a submission is reset; a program on it goes on"
for engine in rcs0 bcs0; do
	name=${engine%0}
	gpusim_ask fault "hang:${name^^}"
	case $engine in
	rcs0) host gem_exec_nop -r 1 ;;
	bcs0) host gem_blt -r 1 -t 10 ;;
	esac
	expect_resets "$engine" 2
	expect_alive
done

step 60 "the same with no preemption to notice it, but a heartbeat that fails"
set_property preempt_timeout_ms 0
gpusim_ask fault hang:RCS
host gem_exec_nop -r 1
expect_match "why" 'Resetting rcs0 for stopped heartbeat' "$(host dmesg)"
expect_resets rcs0 3

step 60 "i915 resets the whole GPU while an engine hangs"
host_shell 'echo 1 >/sys/kernel/debug/dri/0/i915_params/reset'
host "$vm_libexec/hang-check" hang rcs0
expect_resets chip 1
expect_resets rcs0 3
expect_alive

step 60 "the GPU works, to the byte"
host gem_exec_nop -r 1
host "$vm_libexec/blit-check"
for engine in $engines; do
	host "$vm_libexec/hang-check" switch "$engine"
done
expect_alive

step 30 "the kernel log has no other complaint"
expect_equal "complaints" "" "$(other_complaints)"
