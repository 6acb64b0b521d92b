# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with vm.sh and step.sh
# The guest VM (L2): QEMU in the fast tier's host, a libvirt domain in the full tier's.

domain=win10
guest_name=guest # of a fast host, which can have several

guest_socket() {
	if [[ $host_tier == full ]]; then
		printf '/var/lib/libvirt/qemu/%s.agent' "$domain"
	else
		printf '/run/%s/agent' "$guest_name"
	fi
}

guest_pid_file() {
	if [[ $host_tier == full ]]; then
		printf '/run/libvirt/qemu/%s.pid' "$domain"
	else
		printf '/run/%s/pid' "$guest_name"
	fi
}

# vgpu_make TYPE: make a vGPU by the kernel's own interface; prints its UUID
vgpu_make() {
	local type=$1 uuid

	uuid=$(</proc/sys/kernel/random/uuid)
	# A type is called i915-GVTg_V5_4 or, for short, V5_4.
	host_shell "cd /sys/class/mdev_bus/0000:00:02.0/mdev_supported_types
		for type in *; do
			case \$type in
			'$type' | *-GVTg_'$type') echo '$uuid' >\$type/create; exit ;;
			esac
		done
		echo 'the host has no vGPU type $type, only:' * >&2
		exit 1"
	printf '%s' "$uuid"
}

# vgpu_statistic UUID NAME: what gvt has counted of it since it was made
vgpu_statistic() {
	host sed -n "s/^$2 //p" "/sys/bus/mdev/devices/$1/gvt/statistics"
}

# guest_start [UUID [PROPERTY=VALUE,... [WORD...]]]: start the guest of a fast host, with that vGPU, QEMU's device for it so,
# and these words for its kernel
guest_start() {
	local status=0

	host "$vm_libexec/guest-start" "$guest_name" "$(step_left)" "$@" || status=$?
	((status == 0)) || guest_failed "the guest VM did not start (status $status)"
}

# guest_talk [VMSH-OPTION...] [-- COMMAND...]: talk to the guest VM's agent, through the host's
guest_talk() {
	local status=0 limit inner=() outer=()

	while (($# > 0)) && [[ $1 != -- ]]; do
		inner+=("$1")
		[[ $1 != --pty && $1 != --no-stdin ]] || outer+=("$1")
		shift
	done
	# The inner limit comes first, so that it can say what has not ended.
	limit=$(step_left)
	step_limit=$((step_limit + 5)) host_talk "${outer[@]}" -- \
		"$vm_libexec/vmsh" --pid "$(guest_pid_file)" --timeout "$limit" "${inner[@]}" "$(guest_socket)" "$@" || status=$?
	if ((status == 125)) && ! guest_is_alive; then
		guest_failed "the guest VM has died"
	fi
	return "$status"
}

# in_guest NAME COMMAND...: a command of this file, for the guest of that name
in_guest() {
	local guest_name=$1

	"${@:2}"
}

# guest COMMAND...: run it in the guest VM, with no input
guest() {
	guest_talk --no-stdin -- "$@"
}

# guest_shell SCRIPT: run a shell script in the guest VM
guest_shell() {
	guest sh -ec "$1"
}

# Until the driver has registered. modprobe itself also waits for the console on the virtual monitor, and long: stock
# kvmgt loses flips of a guest that is as slow as this one.
guest_load_i915() {
	guest_shell 'mark="i915 loads: $$ $(cat /proc/uptime)"
		echo "<6>$mark" >/dev/kmsg
		modprobe i915 >/dev/null 2>&1 &
		busybox awk -v mark="$mark" "index(\$0, mark) { since = 1 }
			since && /i915.* probe .*failed/ { exit 1 }
			since && /Initialized i915/ { print; exit }" /dev/kmsg'
}

guest_is_alive() {
	host_shell "kill -0 \"\$(cat $(guest_pid_file))\"" 2>/dev/null
}

# Prints how KVM ended the guest, if it did: that is neither the guest's fault nor that of what is under test.
guest_fate() {
	if [[ $host_tier == full ]]; then
		host grep -hE 'KVM internal error|emulation failure|KVM: entry failed' \
			"/var/log/libvirt/qemu/$domain.log" 2>/dev/null || true
	else
		host cat "/run/$guest_name/fate" 2>/dev/null || true
	fi
}

# Sets the scenario's reason if KVM ended the guest.
explain_guest_fate() {
	local fate step_limit=10 step_start=$EPOCHREALTIME

	host_is_alive || return 0
	fate=$(guest_fate)
	[[ -z $fate ]] || printf 'the guest VM was ended by KVM in the host VM, not by what is under test:\n%s\n' "$fate" \
		>>"$run_dir/reason"
}

# guest_failed REASON: end the scenario with what QEMU and the guest's console have said last
guest_failed() {
	if [[ $host_tier == full ]]; then
		host cat "/var/log/libvirt/qemu/$domain.log" >"$run_dir/guest-qemu.log" 2>/dev/null || true
		host cat "/var/log/libvirt/qemu/$domain-console.log" >"$run_dir/guest-console.log" 2>/dev/null || true
	else
		host cat "/run/$guest_name/qemu.log" >"$run_dir/guest-qemu.log" 2>/dev/null || true
		[[ $guest_name == guest ]] || host cat "/run/$guest_name/console" >"$run_dir/guest-console.log" 2>/dev/null || true
	fi
	{
		printf '%s; QEMU has said:\n' "$1"
		tail -n 5 "$run_dir/guest-qemu.log" | sed 's/^/| /'
	} >>"$run_dir/reason"
	fail_with_console guest "its console"
}
