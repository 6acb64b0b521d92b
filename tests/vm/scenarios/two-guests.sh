# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# Two guests share a GPU: by weight; and whatever one of them does, the other's work is right and goes on.

want_guest=yes
load=$vm_libexec/gpu-load
abuse=$vm_libexec/gpu-abuse

# copy_time UUID: ns that the copy engine has been the vGPU's
copy_time() {
	vgpu_statistic "$1" gpu_ns_copy
}

# begin GUEST COMMAND: in the background; what it says, and its status, are for result
begin() {
	in_guest "$1" guest_shell "rm -f /tmp/result
		(setsid sh -c '{ $2; } >/tmp/output 2>&1; echo status \$? >>/tmp/output; mv /tmp/output /tmp/result' </dev/null >/dev/null 2>&1 &)"
}

# load_begin GUEST SECONDS: keep the copy engine busy
load_begin() {
	begin "$1" "$load --seconds $2 --fills 500"
}

# result GUEST: what was begun there has ended well; prints what it said
result() {
	local text

	text=$(in_guest "$1" guest_shell 'while [ ! -e /tmp/result ]; do sleep 0.2; done; cat /tmp/result')
	printf '%s: %s\n' "$1" "${text//$'\n'/; }"
	[[ $text == *'status 0'* ]] || fail "in guest $1 something went wrong: $text"
}

# good_result: that of the good one, and that nothing of it took longer than a request of the other may keep the engine
good_result() {
	local text longest

	text=$(result good)
	longest=${text##*longest took } longest=${longest%% ms*}
	note "       $text"
	((longest < 5000)) || fail "a request of the good one took $longest ms"
}

# share SECONDS: percent of the copy engine's time that the good one gets of what both get, in so long
share() {
	local good bad

	good=$(copy_time "$good_uuid") bad=$(copy_time "$bad_uuid")
	sleep "$1"
	good=$(($(copy_time "$good_uuid") - good)) bad=$(($(copy_time "$bad_uuid") - bad))
	printf '%d' $((100 * good / (good + bad)))
	printf 'in %d s the good one had %d ms of the engine, the other %d ms\n' "$1" $((good / 1000000)) $((bad / 1000000)) >&2
}

# set_weights GOOD BAD
set_weights() {
	host_shell "echo $1 >/sys/bus/mdev/devices/$good_uuid/gvt/weight
		echo $2 >/sys/bus/mdev/devices/$bad_uuid/gvt/weight"
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt
good_uuid=$(vgpu_make V5_8)
bad_uuid=$(vgpu_make V5_8)

step 180 "two guests are up, and their i915s probe"
in_guest good guest_start "$good_uuid" x-igd-opregion=on
in_guest bad guest_start "$bad_uuid" x-igd-opregion=on
in_guest good guest_load_i915
in_guest bad guest_load_i915

step 120 "with weights 3 and 1, both at full load, they get time in that ratio"
set_weights 3 1
load_begin good 22
load_begin bad 22
sleep 3
percent=$(share 12)
((percent >= 71 && percent <= 79)) || fail "the one with weight 3 had $percent % of the time, not 75 %"
good_result
result bad

step 60 "weights change while both run"
load_begin good 18
load_begin bad 18
set_weights 2 6
sleep 3
percent=$(share 10)
((percent >= 21 && percent <= 29)) || fail "the one with weight 2 of 8 had $percent % of the time, not 25 %"
good_result
result bad
set_weights 4 4

step 120 "one waits for what never comes, on the render engine: it gets over it, and the other's work is right"
load_begin good 18
begin bad "$abuse wait"
result bad
good_result

step 120 "one runs in circles, and lets nobody in between: the same"
load_begin good 10
begin bad "$abuse loop"
result bad
good_result

step 120 "one rewrites its batch while it runs: the same"
load_begin good 10
begin bad "$abuse rewrite 1000000"
result bad
good_result

step 150 "one submits random batches, until it is given up: the same"
load_begin good 40
# i915 bans a program after a few.
begin bad "for i in 1 2 3 4 5 6 7 8; do $abuse random 4; done; true"
result bad
good_result
host cat "/sys/bus/mdev/devices/$bad_uuid/gvt/statistics"
expect_equal "state" "failed" "$(host cat "/sys/bus/mdev/devices/$bad_uuid/gvt/state")"

step 60 "its VM is killed, and its vGPU made anew: it works again"
host_shell 'kill -9 $(cat /run/bad/pid)'
host_shell "while ! echo 1 >/sys/bus/mdev/devices/$bad_uuid/remove; do sleep 0.1; done"
bad_uuid=$(vgpu_make V5_8)
in_guest bad guest_start "$bad_uuid" x-igd-opregion=on
in_guest bad guest_load_i915

step 120 "one is killed in mid-flight, on two engines: the other's work is right"
load_begin good 10
begin bad "$abuse spin"
sleep 4
host_shell 'kill -9 $(cat /run/bad/pid)'
good_result
host_shell "while ! echo 1 >/sys/bus/mdev/devices/$bad_uuid/remove; do sleep 0.1; done"

# Of circles that let nobody in between, and of nonsense that was written while it ran.
resets='Resetting rcs0 for (preemption time out|CS error)|GPU HANG: ecode 9:1'

step 30 "the host's GPU goes on, and its log tells of nothing but resets of the engine that was abused"
host cat "/sys/bus/mdev/devices/$good_uuid/gvt/statistics"
expect_equal "rejected" 0 "$(vgpu_statistic "$good_uuid" rejected)"
expect_equal "hangs" 0 "$(vgpu_statistic "$good_uuid" hangs)"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
host "$vm_libexec/blit-check"
expect_equal "complaints" "" "$(complaints | grep -Ev "$resets")"
