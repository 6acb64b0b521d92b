# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# One GPU cut into vGPUs: classic types, sizes of one's own, what is refused and why, fragments; and nothing leaks.

want_guest=''
seed=${GVT_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
parent=/sys/bus/pci/devices/0000:00:02.0

# room NAME...: what the parent says
room() {
	host_shell "cd $parent/gvt && echo \$(cat $*)"
}

# type_counts: each type, and how many of it can be made now
type_counts() {
	host_shell "cd $parent/mdev_supported_types && echo \$(for type in *; do echo \${type#*GVTg_}=\$(cat \$type/available_instances); done)"
}

# set_size UUID NAME VALUE; expect_refused UUID NAME VALUE ERRNO-TEXT LOG-LINE
set_size() {
	host_shell "echo $3 >/sys/bus/mdev/devices/$1/gvt/$2"
}

expect_refused() {
	expect_match "$2 = $3" "$4" "$(host_shell "echo $3 >/sys/bus/mdev/devices/$1/gvt/$2" 2>&1 && echo "it was taken")"
	expect_match "the log" "$5" "$(host_shell 'dmesg | tail -n 1')"
}

size_of() {
	host cat "/sys/bus/mdev/devices/$1/gvt/$2"
}

vgpu_remove() {
	host_shell "echo 1 >/sys/bus/mdev/devices/$1/remove"
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 30 "an empty GPU with 512 MiB of aperture: what there is, and what types fit"
expect_equal "aperture, hidden memory, fences" "384 384 384 3200 3200 3200 28 28" \
	"$(room total_aperture_mb free_aperture_mb largest_aperture_mb total_hidden_mb free_hidden_mb largest_hidden_mb \
		total_fences free_fences)"
expect_equal "types" "V5_2=1 V5_4=3 V5_8=6" "$(type_counts)"

step 30 "each type has its classic numbers"
for numbers in V5_8:64,384,4,2,1024x768 V5_4:128,512,4,4,1920x1200 V5_2:256,1024,4,8,1920x1200; do
	uuid=$(vgpu_make "${numbers%:*}")
	expect_equal "$numbers" "${numbers#*:}" "$(host_shell "cd /sys/bus/mdev/devices/$uuid/gvt &&
		echo \$(cat aperture_mb hidden_mb fences weight resolution) | tr ' ' ,")"
	vgpu_remove "$uuid"
done

step 30 "types that are left beside others"
first=$(vgpu_make V5_4)
expect_equal "types" "V5_2=1 V5_4=2 V5_8=4" "$(type_counts)"
second=$(vgpu_make V5_8)
expect_equal "types" "V5_2=0 V5_4=1 V5_8=3" "$(type_counts)"
expect_match "who holds what" "$first.*128.*512" "$(host cat "$parent/gvt/holders")"
expect_equal "holders" 2 "$(host_shell "grep -c . $parent/gvt/holders")"

step 30 "what does not fit is refused with exact words, and changes nothing"
third=$(vgpu_make V5_4)
expect_equal "types" "V5_2=0 V5_4=0 V5_8=1" "$(type_counts)"
expect_match "create" 'No space left' "$(host_shell "echo $(</proc/sys/kernel/random/uuid) \
	>$parent/mdev_supported_types/i915-GVTg_V5_4/create" 2>&1 && echo "it was made")"
expect_match "the log" 'no room for vGPU .*: 128 MiB of aperture wanted, 64 MiB free, the largest piece has 64 MiB' \
	"$(host_shell 'dmesg | grep "gvt: no room" | tail -n 1')"
expect_refused "$second" aperture_mb 192 'No space left' \
	'192 MiB of aperture wanted, 128 MiB free, the largest piece has 64 MiB'
expect_equal "its aperture" 64 "$(size_of "$second" aperture_mb)"
expect_refused "$second" aperture_mb 65 'Invalid argument' 'the aperture must be an even number of MiB, at least 16'
expect_refused "$second" fences 33 'Invalid argument' 'the number of fences must be from 1 to 32'
expect_refused "$second" fences 32 'No space left' '32 fences wanted, 20 free'
expect_refused "$second" resolution 100x100 'Invalid argument' 'the resolution must be from 640x480 to 4096x2304'
expect_refused "$second" weight 0 'Invalid argument' 'the weight must be from 1 to 64'

step 30 "sizes of one's own"
set_size "$second" aperture_mb 48
set_size "$second" hidden_mb 200
set_size "$second" fences 6
set_size "$second" weight 7
set_size "$second" resolution 2560x1440
expect_equal "sizes" "48 200 6 7 2560x1440" "$(host_shell "cd /sys/bus/mdev/devices/$second/gvt &&
	echo \$(cat aperture_mb hidden_mb fences weight resolution)")"
expect_equal "what is free" "80 1976 14" "$(room free_aperture_mb free_hidden_mb free_fences)"

step 30 "a gap is filled before a larger piece is cut"
for uuid in "$first" "$second" "$third"; do
	vgpu_remove "$uuid"
done
expect_equal "what is free" "384 384 3200 3200 28" \
	"$(room free_aperture_mb largest_aperture_mb free_hidden_mb largest_hidden_mb free_fences)"
first=$(vgpu_make V5_8) second=$(vgpu_make V5_8) third=$(vgpu_make V5_8)
vgpu_remove "$second"
expect_equal "free, largest" "256 192" "$(room free_aperture_mb largest_aperture_mb)"
second=$(vgpu_make V5_8)
expect_equal "free, largest" "192 192" "$(room free_aperture_mb largest_aperture_mb)"
for uuid in "$first" "$second" "$third"; do
	vgpu_remove "$uuid"
done

step 120 "made and removed 200 times and more in random order (again: GVT_SEED=$seed)"
before=$(host awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
host "$vm_libexec/vgpu-partition" "$seed" 900
after=$(host awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
((before - after < 16384)) || fail "$((before - after)) KiB of memory are gone"
expect_equal "holders" "" "$(host cat "$parent/gvt/holders")"
expect_equal "types" "V5_2=1 V5_4=3 V5_8=6" "$(type_counts)"

step 60 "the module can go, and come again"
expect_equal "who uses it" 0 "$(host cat /sys/module/gvt/refcnt)"
host rmmod gvt
host modprobe gvt
expect_equal "types" "V5_2=1 V5_4=3 V5_8=6" "$(type_counts)"

step 30 "the host's own work goes on, and its log has no complaint"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
host "$vm_libexec/blit-check"
# That a vGPU was refused is what the driver core says of it.
expect_equal "complaints" "" "$(complaints | grep -v 'gvt_mdev: probe of .* failed with error -28' || true)"
