# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# What gvt plan says is what the kernel does: random plans are played against gvt.ko and against kvmgt.

want_guest=''
seed=${GVT_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}

# play_plans ROUNDS: the counts that plan-play prints, as "name value" pairs
play_plans() {
	host "$vm_libexec/plan-play" "$seed" "$1"
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 30 "the empty GPU, and a plan that fits"
output=$(host gvt plan V5_4 V5_8)
expect_match "answer" 'Now: fits' "$output"
expect_match "map" 'A  V5_4 +aperture 128 MiB at 128, hidden 512 MiB at 512' "$output"
expect_status 4 host gvt plan V5_2 V5_2
expect_match "why not" '256 MiB of aperture wanted, 128 MiB free' "$(host gvt plan V5_2 V5_2 || true)"
expect_match "what instead" 'Nearest that fits now: V5_2; V5_4' "$(host gvt plan V5_2 V5_2 || true)"
expect_match "a drawing" '<svg .*' "$(host gvt plan V5_2 --svg -)"

step 200 "gvt.ko: 400 random plans with sizes of their own, and fragments (again: GVT_SEED=$seed)"
counts=$(play_plans 400)
note "$counts"
expect_match "plans that fit, that do not, other orders, nearest plans" \
	'fit [1-9][0-9]+ short [1-9][0-9]+ uncertain 0 orders [1-9][0-9]* nearest [1-9][0-9]*' "$counts"
expect_equal "mdevs" "" "$(host_shell 'ls /sys/bus/mdev/devices')"

step 60 "kvmgt takes its place"
host_unload_gvt
host_driver=kvmgt
host_load_gvt

step 200 "kvmgt: 300 random plans"
counts=$(play_plans 300)
note "$counts"
expect_match "plans that fit, that do not" 'fit [1-9][0-9]+ short [1-9][0-9]+' "$counts"
expect_equal "mdevs" "" "$(host_shell 'ls /sys/bus/mdev/devices')"
