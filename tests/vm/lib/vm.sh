# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2054,SC2154 # shared with payload.sh and step.sh
# The VMs: the simulated GPU, the host VM (L1) on it, the guest VM (L2) in that; start, talk, end.
#
# What a scenario may set before host_start:
host_tier=fast		# fast: busybox, full: Debian with systemd and libvirt
host_gpu=skl-gt2	# a device of gvt-gpusim, or nothing
host_aperture=512M
host_monitor=''		# CONNECTOR=MODE or CONNECTOR=FILE of gvt-gpusim, several separated by blanks
host_mount=''		# a folder of this machine for /mnt of all VMs
want_guest=yes		# a fast host carries what it needs to run a guest
host_one_cpu=''		# yes: a full host has one CPU, too
host_packages=''	# a folder: the full host has a compiler, and of us only what is in these packages
host_driver=gvt		# the module that makes vGPUs: gvt, or the distribution's kvmgt
host_graphics=''	# yes: a fast host has Debian's programs that use a GPU
guest_graphics=''	# yes: its guest has them

run_dir='' work_dir='' socket_dir=''
host_pid=''
gpusim_pid=''

# vm_paths NAME: where this run keeps its files. Sets run_dir (kept), work_dir and socket_dir (removed at the end).
vm_paths() {
	run_dir=$artefacts/$1
	rm -rf "$run_dir"
	mkdir -p "$run_dir/work"
	work_dir=$run_dir/work
	# A socket's path has room for 107 characters.
	socket_dir=$(mktemp -d /tmp/gvt-vm.XXXXXX)
}

vm_cleanup() {
	local pid

	stop_long_step
	for pid in $host_pid $gpusim_pid; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in $host_pid $gpusim_pid; do
		wait "$pid" 2>/dev/null || true
	done
	host_pid='' gpusim_pid=''
	rm -rf "${work_dir:-}" "${socket_dir:-}"
}

# Ends with this shell, even if that is killed.
start_process() {
	exec setpriv --pdeathsig KILL -- "$@"
}

gpusim_start() {
	local program line ready monitor options=()

	program=$(installed_program gvt-gpusim)
	for monitor in $host_monitor; do
		options+=(--monitor "$monitor")
	done
	# It says on stdout when it listens; stderr has what is wrong.
	exec {ready}< <(start_process "$program" --socket "$socket_dir/gpu" --device "$host_gpu" \
		--aperture "$host_aperture" "${options[@]}" --screenshot-dir "$run_dir" \
		--control "$socket_dir/control" --log "$run_dir/gpusim.log" 2>"$run_dir/gpusim.err" </dev/null)
	gpusim_pid=$!
	if ! read -r -t "$(step_left)" -u "$ready" line || [[ $line != *'listening on'* ]]; then
		fail "gvt-gpusim did not start: $(tail -n 5 "$run_dir/gpusim.err")"
	fi
	exec {ready}<&-
}

# gpusim_ask COMMAND...: a command for the simulated GPU
gpusim_ask() {
	"$(installed_program gvt-gpusim)" --ask "$socket_dir/control" "$@"
}

# How many CPUs the host VM has. On an emulated machine with two, a guest gets at times an interrupt a second time that KVM
# has injected (QEMU 11.1): its kernel dies in its entry code ("ENTRY_TRAMPOLINE stack guard page was hit") or stands
# still, about once in five minutes of work on its GPU; with one CPU that was never seen, and nothing takes longer. The full
# tier's guests do too little to meet it, but for those of host_one_cpu, and systemd's start is quicker on two.
host_cpus() {
	if [[ -n $host_one_cpu || ($host_tier == fast && -n $want_guest) ]]; then
		printf 1
	else
		printf 2
	fi
}

host_start() {
	# On a busy machine an emulated CPU stands still for longer than the kernel's watchdogs allow.
	local append='console=ttyS0 panic=-1 hostname=host nosoftlockup rcupdate.rcu_cpu_stall_suppress=1' options=()

	if [[ -n $host_gpu ]]; then
		gpusim_start
		options+=(-device '{"driver":"vfio-user-pci","addr":"02.0","socket":{"type":"unix","path":"'"$socket_dir/gpu"'"}}')
	fi
	if [[ -n $host_mount ]]; then
		append+=' gvt.mount'
		options+=(-fsdev "local,id=mnt,path=${host_mount//,/,,},security_model=none,multidevs=remap"
			-device virtio-9p-pci,fsdev=mnt,mount_tag=mnt,addr=07.0)
	fi
	"payload_$host_tier"
	if [[ $host_tier == full ]]; then
		cp --sparse=always --reflink=auto "$(if [[ -n $host_packages ]]; then printf '%s' "$build_image"; else printf '%s' "$root_image"; fi)" "$work_dir/disk"
		options+=(-drive "file=${work_dir//,/,,}/disk,if=none,id=disk,format=raw,cache=unsafe,discard=unmap"
			-device virtio-blk-pci,drive=disk,addr=06.0)
	else
		# A fast host has nothing to come back with after a reboot: it has crashed.
		options+=(-no-reboot)
	fi
	if [[ -n $host_graphics$guest_graphics ]]; then
		append+=" ${host_graphics:+gvt.graphics} ${guest_graphics:+gvt.guest-graphics}"
		options+=(-drive "file=${graphics_image//,/,,},if=none,id=graphics,format=raw,readonly=on"
			-device virtio-blk-pci,drive=graphics,addr=08.0)
	fi

	start_process "${qemu[@]}" -name host -nodefaults -display none -vga none \
		-accel tcg,thread=multi -smp "$(host_cpus)" -cpu EPYC,+svm,+npt -m 4G \
		-object memory-backend-memfd,id=memory,size=4G,share=on -machine pc,memory-backend=memory \
		-kernel "$kernel_image" -initrd "$initrd" -append "$append" \
		-chardev "file,id=console,path=${run_dir//,/,,}/host-console.log" -serial chardev:console \
		-device virtio-serial-pci,addr=05.0 \
		-chardev "socket,id=agent,path=$socket_dir/host,server=on,wait=off" \
		-device "virtserialport,chardev=agent,name=org.gvt.agent" \
		-chardev "file,id=guest-console,path=${run_dir//,/,,}/guest-console.log" \
		-device virtserialport,chardev=guest-console,name=org.gvt.guest-console \
		"${options[@]}" >"$run_dir/host-qemu.log" 2>&1 </dev/null &
	host_pid=$!
	host_talk
}

# host_talk [VMSH-OPTION...] [-- COMMAND...]: talk to the host VM's agent; the command gets our input
host_talk() {
	local options=() status=0

	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	"$GVT_BUILD/tests/vm/vmsh" --pid "$host_pid" --timeout "$(step_left)" "${options[@]}" "$socket_dir/host" "$@" ||
		status=$?
	if ((status == 125)) && ! host_is_alive; then
		fail_with_console host "the host VM has died; its console"
	fi
	return "$status"
}

host_is_alive() {
	# A zombie can still be signalled.
	[[ -n $host_pid && -e /proc/$host_pid/stat && $(</proc/"$host_pid"/stat) != *') Z '* ]] 2>/dev/null
}

# host COMMAND...: run it in the host VM, with no input
host() {
	host_talk --no-stdin -- "$@"
}

# host_shell SCRIPT: run a shell script in the host VM
host_shell() {
	host sh -ec "$1"
}

# host_load_gvt [OPTION...]: gvt, and what else serves guests; the options are gvt's. Or kvmgt, if host_driver says so.
#
# vfio asks for its IOMMU driver while it is itself being loaded; kmod can do that, busybox can't. Neither module asks for
# power while i915 reads its registers for it: a GPU with no monitor may sleep.
host_load_gvt() {
	host_shell "awake=/sys/kernel/debug/dri/0/i915_forcewake_user
		[ ! -e \$awake ] || exec 3<\$awake
		modprobe -a kvm-amd vfio_iommu_type1
		modprobe $host_driver $*"
}

host_unload_gvt() {
	host rmmod "$host_driver"
}

host_reboot() {
	host_talk --no-stdin --reboot -- systemctl reboot
}

# Kept for whoever wants to know what happened; never a reason to fail. In a subshell, because a VM that dies just now
# would end this shell.
keep_logs() (
	step_limit=30 step_start=$EPOCHREALTIME
	host_is_alive || exit 0
	host dmesg >"$run_dir/host-dmesg.log" 2>&1 || exit 0
	[[ $host_tier == full ]] || exit 0
	host journalctl -b --no-pager -o short-monotonic >"$run_dir/host-journal.log" 2>&1
	host_shell 'cd /var/log/libvirt/qemu && tar c .' 2>/dev/null | tar x -C "$run_dir" --one-top-level=libvirt 2>/dev/null
)
