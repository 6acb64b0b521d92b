# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# The batches by which the distribution's i915 makes its first render contexts run to their ends; no VM is needed.

i915_module() {
	local modules=${kernel_image%/boot/*}/lib/modules/${kernel_image##*/vmlinuz-}

	find "$modules" -name i915.ko
}

# take_symbol FILE NAME: prints the bytes of an object of .rodata
take_symbol() {
	local address size offset

	read -r address size < <(readelf -sW "$1" | awk -v name="$2" '$8 == name { print $2, $3 }')
	offset=$(readelf -SW "$1" | sed -nE 's/.* \.rodata +PROGBITS +[0-9a-f]+ ([0-9a-f]+) .*/\1/p')
	tail -c +$((16#$address + 16#$offset + 1)) "$1" | head -c "$size"
}

# play DEVICE SYMBOL END: the batch runs, and its last command is where it should be
play() {
	set +o pipefail # take_symbol reads no more than it wants
	take_symbol "$module" "$2" >"$work_dir/$2"
	set -o pipefail
	expect_status 0 limited "$GVT_BUILD/tests/vm/play-batch" "$1" "$work_dir/$2"
	expect_match "$2" "^[0-9]+ commands, the last at $3\$" "$output"
}

step 10 "i915 is there"
module=$(i915_module)
[[ -n $module ]] || fail "$kernel_image has no i915.ko"

step 20 "a Skylake runs Gen9's"
play skl-gt2 gen9_null_state_batch 0xdd4

step 20 "a Broadwell runs Gen8's"
play bdw-gt2 gen8_null_state_batch 0xda4
