# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# What gvt top and gvt metrics say of a guest that works, and what gvt monitor tells.

want_guest=yes

# row COLUMN...: the only vGPU's, by gvt top
row() {
	host gvt top --once --delay 3 --no-headings --columns "$1"
}

step 120 "host VM starts, with i915 and gvt; the monitor listens"
host_start
host modprobe i915
host_shell '(setsid gvt monitor >/run/events 2>&1 </dev/null &)
	until [ -e /run/events ]; do :; done'
host_load_gvt

step 120 "a guest is up, and its i915 probes"
uuid=$(host gvt create --type V5_8 --name busy --weight 7 -q)
guest_start "$uuid" x-igd-opregion=on
guest_load_i915

step 60 "at rest it takes no engine's time"
expect_match "engines, weight" '^busy +(0\.[0-9] +){4}7$' "$(row vgpu,render%,copy%,video%,enh%,weight)"

step 60 "a load of the copy engine is seen on that engine"
guest_shell "(setsid $vm_libexec/gpu-load --seconds 120 --fills 100 >/dev/null 2>&1 </dev/null &)"
output=$(row copy%,work/s,traps/s,memory)
read -r copy work traps memory <<<"$output"
note "       copy engine $copy %, $work requests/s, $traps traps/s, $memory MiB"
((${copy%.*} >= 20 && ${copy%.*} <= 101)) || fail "$copy percent of the copy engine"
((work > 0 && memory > 0)) || fail "requests and memory: $output"
expect_match "JSON" '"copy": [1-9]' "$(host gvt top --once --json)"

step 30 "the metrics say the same"
metrics=$(host gvt metrics)
first=$(sed -n 's/^gvt_vgpu_engine_seconds_total{.*engine="copy"} //p' <<<"$metrics")
expect_match "seconds of the copy engine" '^[0-9.]+$' "$first"
expect_match "the vGPU" "gvt_vgpu_active\{uuid=\"$uuid\",name=\"busy\"" "$metrics"
host gvt metrics --output /run/gvt.prom
expect_equal "last line" "# EOF" "$(host tail -n 1 /run/gvt.prom)"

# What an engine was given before the cap runs to its end: that may be long after.
step 60 "a cap is seen, too: about 10 percent, and the guest goes on"
host gvt set busy cap=10 -q
for ((i = 0; i < 8; i++)); do
	copy=$(row copy%)
	((${copy%.*} > 15)) || break
done
((${copy%.*} >= 1 && ${copy%.*} <= 15)) || fail "$copy percent of the copy engine with a cap of 10"

step 60 "the monitor has told of all of it, in order"
host_shell 'kill $(cat /run/guest/pid)
	while kill -0 $(cat /run/guest/pid) 2>/dev/null; do sleep 0.1; done'
host gvt stop busy -q
host gvt start busy -q
host gvt destroy busy -q
expect_equal "events" "gpu-ready 0000:00:02.0
defined $uuid
started $uuid
defined $uuid
stopped $uuid
started $uuid
undefined $uuid
stopped $uuid" "$(host cat /run/events)"
