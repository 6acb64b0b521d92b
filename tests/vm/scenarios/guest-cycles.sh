# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# Guests come, work, and are killed in the midst of it, again and again: nothing of them stays. (GVT_CYCLES: how often.)

want_guest=yes
cycles=${GVT_CYCLES:-3}

# cycle: a vGPU is made, a guest started on it and given work that does not end, killed, and the vGPU destroyed
cycle() {
	local uuid

	uuid=$(vgpu_make V5_8)
	guest_start "$uuid" x-igd-opregion=on
	guest_load_i915
	guest_shell "(setsid $vm_libexec/gpu-load --seconds 1000 --fills 100 >/dev/null 2>&1 </dev/null &)
		(setsid $vm_libexec/gpu-abuse spin >/dev/null 2>&1 </dev/null &)
		sleep 1"
	host_shell 'kill -9 $(cat /run/guest/pid)'
	host_shell "until echo 1 2>/dev/null >/sys/bus/mdev/devices/$uuid/remove; do sleep 0.1; done"
}

# What is there when nobody has anything: KiB of memory, i915's objects and their bytes, who holds a part of the GPU. Much is
# given back some time after its owner has gone: memory counts when no more of it becomes free in a second.
remains() {
	host_shell 'free=0 before=-1
		while [ $free -gt $before ]; do
			before=$free
			sync; echo 3 >/proc/sys/vm/drop_caches
			echo 7 >/sys/kernel/debug/dri/0/i915_gem_drop_caches
			sleep 1
			free=$(awk "/^MemFree:/ { print \$2 }" /proc/meminfo)
		done
		awk "/^(MemFree|Mlocked|Unevictable):/ { printf \"%s %d \", \$1, \$2 }" /proc/meminfo
		head -n 1 /sys/kernel/debug/dri/0/i915_gem_objects
		cat /sys/bus/pci/devices/0000:00:02.0/gvt/holders'
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
# With the tables watched, there is more to be given back.
host_load_gvt watch_tables=1

step 120 "a guest comes, works and is killed"
cycle
before=$(remains)
printf '%s\n' "$before"

step $((60 * cycles)) "the same $cycles times"
for ((n = 0; n < cycles; n++)); do
	cycle
done
after=$(remains)
printf '%s\n' "$after"

step 30 "nothing of them is left"
expect_equal "objects of i915" "${before#*Unevictable: * }" "${after#*Unevictable: * }"
expect_match "locked memory" 'Mlocked: 0 ' "$after"
less=$(($(awk '{ print $2; exit }' <<<"$before") - $(awk '{ print $2; exit }' <<<"$after")))
note "       $less KiB less are free"
# What a kernel keeps for itself, such as slabs, is some MiB here or there: many cycles tell more than few.
((less < 8192 + 64 * cycles)) || fail "$less KiB of memory are gone after $cycles guests"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
host "$vm_libexec/blit-check"
# Batches that never end and are not preempted in time, as on a busy machine, end with their engine's reset.
resets='Resetting (rcs|bcs)0 for preemption time out|GPU HANG: ecode 9:[12]'
expect_equal "complaints" "" "$(complaints | grep -vE "$resets" || true)"
