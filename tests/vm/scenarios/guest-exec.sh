# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# A guest's work runs on the GPU: through the guest's stock i915, gvt.ko's checks and the host's stock i915.

want_guest=yes
guest_graphics=yes

# To the end means exit status 0. A benchmark's numbers are bench-exec's; host-i915-use runs the same on the host.
run_benchmarks() {
	local command

	while read -r command; do
		printf '== %s\n' "$command"
		# shellcheck disable=SC2086 # words
		guest $command
	done <<-END
		gem_blt -r 1 -t 100
		gem_busy -I
		gem_create -s 4096 -r 1
		gem_exec_ctx -r 1
		gem_exec_fault -r 1
		gem_exec_nop -r 1
		gem_latency -t 2
		gem_prw
		gem_set_domain -r 1
		gem_syslatency -t 2
		intel_upload_blit_large
		intel_upload_blit_large_map
	END
}

step 120 "host VM starts, with i915 and gvt"
host_start
host modprobe i915
host_load_gvt

step 120 "a guest with a vGPU is up"
uuid=$(vgpu_make V5_4)
guest_start "$uuid" x-igd-opregion=on

step 120 "the guest's i915 probes, and its first contexts run on all engines"
guest_load_i915
expect_equal "i915_wedged" 0 "$(guest cat /sys/kernel/debug/dri/0/i915_wedged)"
expect_equal "engines" "bcs0 rcs0 vcs0 vecs0" "$(guest_shell 'cd /sys/class/drm/card0/engine && echo *')"
expect_equal "complaints" "" "$(guest_complaints)"

step 180 "fills and copies through its copy engine are right, to the byte"
guest "$vm_libexec/blit-check"

step 180 "benchmarks of intel-gpu-tools run in it to their end"
run_benchmarks

step 60 "Mesa finds its GPU"
expect_match "eglinfo" '^EGL driver name: iris$' "$(guest_shell 'eglinfo -B 2>/dev/null | sed "/^Surfaceless/,\$d"')"
expect_match "vulkaninfo" 'deviceName +=.*Intel.*SKL GT2' "$(guest vulkaninfo --summary)"

step 30 "nothing was refused, and the host's log has no complaint"
host cat "/sys/bus/mdev/devices/$uuid/gvt/statistics"
expect_equal "rejected" 0 "$(vgpu_statistic "$uuid" rejected)"
expect_equal "ppgtt_dropped" 0 "$(vgpu_statistic "$uuid" ppgtt_dropped)"
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
expect_equal "complaints" "" "$(complaints)"
