# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# After a reboot of the host the vGPU is there again, the same one, before libvirt starts.

host_tier=full

step 180 "host VM starts, with a domain named win10"
host_start
host systemctl start libvirtd
host virsh define "$vm_libexec/$domain.xml"

step 60 "one vGPU for win10 that starts at boot, one that does not"
uuid=$(host gvt create --type V5_4 --vm win10)
other=$(host gvt create --type V5_8 --no-autostart)
host systemctl enable libvirtd
host sync

step 180 "the host reboots"
host_reboot

step 90 "the same vGPU is there again, and the other one is not"
host systemctl start libvirtd.service
expect_equal "mdevs" "$uuid" "$(host ls /sys/bus/mdev/devices)"
expect_match "list" "^$uuid .*V5_4 .*win10 .*yes .*yes .*yes" "$(host gvt list --no-headings)"
expect_match "list" "^$other .*V5_8 .*no .*yes .*no" "$(host gvt list --no-headings)"

step 30 "it was there before libvirtd started"
expect_equal "result of the restore" "success" "$(host systemctl show -P Result gvt-restore.service)"
restored=$(host systemctl show -P ExecMainExitTimestampMonotonic gvt-restore.service)
libvirt=$(host systemctl show -P ExecMainStartTimestampMonotonic libvirtd.service)
((restored > 0 && libvirt > 0)) || fail "no times: restored at $restored, libvirtd at $libvirt"
((restored < libvirt)) || fail "restored at $restored µs, but libvirtd started at $libvirt µs"

step 120 "virsh start win10"
host virsh start win10

step 120 "the guest has it"
expect_match "lspci" '00:02.0 .*8086:1912' "$(guest lspci -n)"

step 60 "a GPU that comes late: the module goes and returns, and the vGPU with it"
host virsh destroy win10
# The parent's event starts a unit, which starts the vGPU.
host_shell "mkfifo /run/events
	gvt monitor >/run/events &
	exec 3</run/events
	echo 1 >/sys/bus/mdev/devices/$uuid/remove
	rmmod gvt
	modprobe gvt
	while read -r event <&3 && [ \"\$event\" != 'started $uuid' ]; do :; done
	kill \$!"
expect_equal "mdevs" "$uuid" "$(host ls /sys/bus/mdev/devices)"
