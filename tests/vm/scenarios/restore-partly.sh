# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A boot at which not all vGPUs can be started: each is told of by itself, the others are there, and who comes late is
# served when the GPU does; libvirt's daemons wait for it, in one piece or in several.

host_tier=full

# said UNIT: what the unit has said since the boot
said() {
	host journalctl -b -o cat -u "$1"
}

step 180 "host VM starts"
host_start

step 60 "more vGPUs are defined than fit, one of them of a type that nobody offers"
large=$(host gvt define --type V5_2 --name large -q)
small=$(host gvt define --type V5_4 --name small -q)
extra=$(host gvt define --type V5_4 --name extra -q)
strange=$(host gvt define --type V5_1 --name strange -q)
host sync

step 180 "the host reboots: the largest first, and what does not fit is told with the reason"
host_reboot
host_shell 'systemctl is-system-running --wait || true' >&2
expect_equal "the unit" "exit-code" "$(host systemctl show -P Result gvt-restore.service)"
expect_match "the largest" "$large: started" "$(said gvt-restore.service)"
expect_match "one has no room" "(($small|$extra): GPU 0000:00:02.0 has no room for a vGPU of type V5_4)" "$(said gvt-restore.service)"
expect_match "who has it" 'V5_2 by' "$(said gvt-restore.service)"
expect_match "one has no type" "$strange: no GPU here offers the vGPU type" "$(said gvt-restore.service)"
expect_equal "on" 2 "$(host_shell 'ls /sys/bus/mdev/devices | wc -l')"

step 60 "when there is room, the same unit starts the rest"
host gvt destroy strange -q
host gvt destroy large -q
host systemctl restart gvt-restore.service
expect_equal "the unit" "success" "$(host systemctl show -P Result gvt-restore.service)"
expect_equal "mdevs" "$(printf '%s\n' "$small" "$extra" | sort)" "$(host ls /sys/bus/mdev/devices)"

step 60 "the GPU goes, and comes late: its vGPUs come with it"
host_shell "mkfifo /run/events
	gvt monitor >/run/events &
	exec 3</run/events
	gvt stop $small -q
	gvt stop $extra -q
	rmmod gvt
	modprobe gvt
	for n in 1 2; do
		while read -r event <&3 && [ \"\${event% *}\" != started ]; do :; done
	done
	kill \$!"
expect_equal "mdevs" "$(printf '%s\n' "$small" "$extra" | sort)" "$(host ls /sys/bus/mdev/devices)"

step 30 "libvirt's daemons come after it, whichever there are"
for unit in libvirtd virtqemud virtnodedevd libvirt-guests display-manager; do
	expect_match "before $unit" "$unit.service" "$(host systemctl show -P Before gvt-restore.service)"
done
