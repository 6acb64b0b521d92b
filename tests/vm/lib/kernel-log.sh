# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # shared with play.sh
# What the host VM's kernel has to say.

# complaints: the lines of the host's kernel log that a healthy machine would not have. What is not there on any machine without
# linux-firmware is no complaint of the GPU, nor is that kvmgt looks for a snapshot of registers that nobody ships, or that gvt was not
# built with the kernel.
# An update of planes that i915 has no 100 µs for is a machine that is busy: an emulated CPU stood still meanwhile.
complaints() {
	host dmesg -r | complaints_of
}

# guest_complaints: the same of the guest's kernel
guest_complaints() {
	guest dmesg -r | complaints_of
}

complaints_of() {
	awk -F '[<>]' '
		/[Aa]tomic update failure on pipe/ { next }
		/(skl|kbl)_dmc_ver|DMC firmware|wiki.debian.org\/Firmware|golden_hw_state/ { next }
		/gvt: (loading out-of-tree module taints kernel|module verification failed)/ { next }
		/WARNING: CPU|cut here|BUG:|Call Trace|GPU HANG|[Rr]esetting|engine reset|wedged/ { print; next }
		$2 % 8 <= 4 && /i915|drm|gvt|vfio|mdev|02\.0/ { print }
	'
}
