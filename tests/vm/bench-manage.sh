#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-manage: gvt beside mdevctl and virsh; called by "run --bench-manage".
#
# Lists of seven real vGPUs, and of 2,000 in a tree of files that stands in the place of /sys; and the restore of seven at
# boot, beside mdevctl's start of the same and beside the writes alone that make them, which nobody can do without.
set -euo pipefail

: "${vm_source:?}"
# shellcheck source-path=SCRIPTDIR source=lib/all.sh
. "$vm_source/lib/all.sh"
# shellcheck source-path=SCRIPTDIR source=lib/tool.sh
. "$vm_source/lib/tool.sh"

# Milliseconds of a command in the host VM: the least of so many times, each measured there.
# least_ms TIMES COMMAND
least_ms() {
	host bash -ec "least=
		for ((i = 0; i < $1; i++)); do
			start=\${EPOCHREALTIME/./}
			{ $2; } >/dev/null
			took=\$((\${EPOCHREALTIME/./} - start))
			[[ -n \$least && \$least -le \$took ]] || least=\$took
		done
		echo \$((least / 1000)).\$((least % 1000 / 100))"
}

# report WHAT MS OF-WHAT MS
report() {
	printf '%-34s %10s ms   %-28s %10s ms   ratio %s\n' "$1" "$2" "$3" "$4" \
		"$(awk -v a="$2" -v b="$4" 'BEGIN { printf "%.2f", b ? a / b : 0 }')"
}

# shellcheck disable=SC2034 # vm.sh's
host_tier=full host_aperture=1G
tool_begin bench-manage fast guest full
exec 3>&1 >>"$run_dir/output.log" 2>&1

step 180 "host VM starts, with 1 GiB of aperture, and libvirt"
host_start
host systemctl start libvirtd virtnodedevd 2>/dev/null || host systemctl start libvirtd

step 60 "seven vGPUs, defined here and in mdevctl"
host_shell 'for i in 1 2 3 4 5 6 7; do
		uuid=$(gvt create --type V5_8 --name vgpu$i -q)
		mdevctl define --uuid $uuid --parent 0000:00:02.0 --type i915-GVTg_V5_8
	done'
expect_equal "mdevs" 7 "$(host_shell 'ls /sys/bus/mdev/devices | wc -l')"

step 120 "lists of seven"
gvt_list=$(least_ms 5 'gvt list')
mdevctl_list=$(least_ms 5 'mdevctl list')
virsh_list=$(least_ms 5 'virsh -q nodedev-list --cap mdev')

step 180 "lists of 2,000, below another root"
host_shell 'mkdir -p /fake && mount -t tmpfs -o size=512M,nr_inodes=0 tmpfs /fake
	device=/fake/sys/devices/pci0000:00/0000:00:02.0
	mkdir -p $device/mdev_supported_types/i915-GVTg_V5_8/devices /fake/sys/bus/mdev/devices /fake/sys/bus/pci/devices \
		/fake/sys/class/mdev_bus /fake/etc/gvt/vgpus /fake/run
	ln -s ../../../devices/pci0000:00/0000:00:02.0 /fake/sys/bus/pci/devices/0000:00:02.0
	ln -s ../../devices/pci0000:00/0000:00:02.0 /fake/sys/class/mdev_bus/0000:00:02.0
	for file in vendor device class resource; do
		cat /sys/bus/pci/devices/0000:00:02.0/$file >$device/$file
	done
	for file in name device_api available_instances description; do
		cat /sys/class/mdev_bus/0000:00:02.0/mdev_supported_types/i915-GVTg_V5_8/$file \
			>$device/mdev_supported_types/i915-GVTg_V5_8/$file 2>/dev/null || true
	done'
host bash -ec 'device=/fake/sys/devices/pci0000:00/0000:00:02.0
	for ((i = 0; i < 2000; i++)); do
		printf -v uuid "%08x-0000-4000-8000-%012x" $i $i
		mkdir $device/$uuid
		ln -s ../mdev_supported_types/i915-GVTg_V5_8 $device/$uuid/mdev_type
		ln -s ../../../devices/pci0000:00/0000:00:02.0/$uuid /fake/sys/bus/mdev/devices/$uuid
		echo "<vgpu><uuid>$uuid</uuid><type>i915-GVTg_V5_8</type></vgpu>" >/fake/etc/gvt/vgpus/$uuid.xml
	done'
expect_equal "vGPUs" 2000 "$(host_shell 'gvt --base /fake list --no-headings | wc -l')"
gvt_many=$(least_ms 3 'gvt --base /fake list')
mdevctl_many=$(least_ms 3 'unshare -m sh -c "mount --rbind /fake/sys /sys && exec mdevctl list"')

step 180 "seven are restored at boot"
host sync
host_reboot
host_shell 'systemctl is-system-running --wait || true' >&2
expect_equal "mdevs" 7 "$(host_shell 'ls /sys/bus/mdev/devices | wc -l')"
restored=$(host_shell 'start=$(systemctl show -P ExecMainStartTimestampMonotonic gvt-restore.service)
	end=$(systemctl show -P ExecMainExitTimestampMonotonic gvt-restore.service)
	echo $(((end - start) / 1000))')

step 60 "the same by mdevctl, and by nothing but the writes"
stop='for i in 1 2 3 4 5 6 7; do gvt stop vgpu$i -q; done'
host_shell "$stop"
by_mdevctl=$(least_ms 1 'for i in $(ls /etc/mdevctl.d/0000:00:02.0); do mdevctl start --uuid $i; done')
host_shell "$stop"
by_writes=$(least_ms 1 'for i in $(ls /etc/mdevctl.d/0000:00:02.0); do
	echo $i >/sys/class/mdev_bus/0000:00:02.0/mdev_supported_types/i915-GVTg_V5_8/create; done')
host_shell "$stop"
by_restore=$(least_ms 1 'gvt restore -q')
step_end

{
	report "gvt list, 7 vGPUs" "$gvt_list" "mdevctl list" "$mdevctl_list"
	report "gvt list, 7 vGPUs" "$gvt_list" "virsh nodedev-list" "$virsh_list"
	report "gvt list, 2,000 vGPUs" "$gvt_many" "mdevctl list" "$mdevctl_many"
	report "gvt-restore.service at boot, 7" "$restored" "mdevctl start, 7 times" "$by_mdevctl"
	report "gvt restore, 7" "$by_restore" "the writes alone" "$by_writes"
} >&3
