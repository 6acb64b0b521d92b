# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# The same on a Broadwell, which needs no firmware to sleep when it has nothing to do.

want_guest=''
host_gpu=bdw-gt2
. "$vm_source/lib/host-i915.sh"

host_i915 V4

# Writing the delay makes an idle GPU's suspension due at once; but i915 may just now be busy.
step 60 "i915 suspends the idle GPU, and wakes it for work"
host_shell 'cd /sys/bus/pci/devices/0000:00:02.0/power
	echo 0 >autosuspend_delay_ms
	until grep -q suspended runtime_status; do :; done
	exec 3</sys/kernel/debug/dri/0/i915_forcewake_user
	grep active runtime_status'
expect_equal "i915_wedged" 0 "$(host cat /sys/kernel/debug/dri/0/i915_wedged)"
expect_equal "complaints" "" "$(complaints)"
