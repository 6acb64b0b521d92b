# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# gvt doctor on a host that works, and on one where things were taken away; vGPUs of mdevctl and libvirt beside ours; what
# others are told of the host.

host_tier=full

# findings [LEVEL]: the doctor's, as "level subject: text"
findings() {
	host gvt doctor --json >"$work_dir/findings" || true
	jq -r '.findings[] | "\(.level) \(.subject): \(.text)"' "$work_dir/findings" | grep "^${1:-}" || true
}

step 180 "host VM starts, with the simulated GPU, gvt and libvirt"
host_start
host systemctl start libvirtd

step 30 "all is well; what is missing for the next boot is written"
expect_equal "errors" "" "$(findings error)"
expect_match "libvirt" 'ok libvirt: libvirt 9' "$(findings ok)"
host_shell 'mkdir /root/kept && mv /etc/modprobe.d/i915.conf /etc/modules-load.d/gvt-vm.conf /root/kept'
expect_match "options" "i915 options: nothing sets i915's enable_gvt=1" "$(findings warning)"
expect_match "module" 'modules: nothing loads gvt at boot' "$(findings warning)"
expect_match "what it would write" 'options i915 enable_gvt=1' "$(host gvt doctor --fix --dry-run 2>&1)"
expect_equal "files" "" "$(host_shell 'ls /etc/modprobe.d/gvt.conf /etc/modules-load.d/gvt.conf 2>/dev/null || true')"
host gvt doctor --fix -q >&2
expect_equal "errors and warnings" "" "$(findings error)$(findings warning)"

step 180 "the host reboots with what the doctor wrote, and the GPU is ready"
host sync
host_reboot
host_shell 'systemctl is-system-running --wait || true' >&2
expect_match "gpus" 'ready' "$(host gvt gpus --no-headings)"
expect_equal "module" "gvt" "$(host_shell 'ls /sys/module | grep -x -e gvt -e kvmgt')"
host systemctl start libvirtd

step 60 "mdevctl's vGPU is ours, too; and ours is mdevctl's"
uuid=$(</proc/sys/kernel/random/uuid)
host mdevctl define --uuid "$uuid" --parent 0000:00:02.0 --type i915-GVTg_V5_8 --auto
host mdevctl start --uuid "$uuid"
expect_match "the doctor" "mdevctl starts vGPU $uuid" "$(findings note)"
host gvt import mdevctl
expect_match "list" "^$uuid .*V5_8 .*yes +yes +yes" "$(host gvt list --no-headings)"
expect_match "the doctor" "defined here and in mdevctl, alike" "$(findings note)"
host mdevctl undefine --uuid "$uuid"
host gvt rename "$uuid" first
host gvt set first weight=5
host gvt stop first
host_shell "gvt export mdevctl first >/run/first.json &&
	mdevctl define --uuid $uuid --parent 0000:00:02.0 --jsonfile /run/first.json && mdevctl start --uuid $uuid"
expect_equal "weight by mdevctl" 5 "$(host cat "/sys/bus/mdev/devices/$uuid/gvt/weight")"
host gvt restore
host mdevctl stop --uuid "$uuid"
host mdevctl undefine --uuid "$uuid"
host gvt destroy first

step 60 "libvirt's node devices likewise"
second=$(host gvt define --type V5_8 --gpu 0000:00:02.0 --name second --aperture 32M -q)
host_shell "gvt export libvirt second >/run/second.xml && virsh nodedev-define /run/second.xml"
expect_match "nodedev-list" "mdev_${second//-/_}" "$(host virsh nodedev-list --cap mdev --all)"
host gvt undefine second
host virsh nodedev-start "mdev_${second//-/_}_0000_00_02_0"
expect_equal "aperture by libvirt" 32 "$(host cat "/sys/bus/mdev/devices/$second/gvt/aperture_mb")"
host gvt import libvirt
expect_match "list" "^$second .*V5_8 .*yes +yes" "$(host gvt list --no-headings)"
host gvt undefine "$second"
host virsh nodedev-destroy "mdev_${second//-/_}_0000_00_02_0"
host virsh nodedev-undefine "mdev_${second//-/_}_0000_00_02_0"
expect_equal "vGPUs" "" "$(host gvt list --no-headings)"

step 30 "fleets are told this host's types; the metrics' unit writes its file"
name=$(host cat /sys/class/mdev_bus/0000:00:02.0/mdev_supported_types/i915-GVTg_V5_4/name)
expect_match "KubeVirt" "mediatedDeviceTypes:.- i915-GVTg_V5_4.*mdevNameSelector: \"$name\".resourceName: intel.com/V5_4" \
	"$(host gvt export kubevirt --type V5_4 | tr -s ' \n' ' ')"
expect_match "Nova" 'enabled_mdev_types = i915-GVTg_V5_4 \[mdev_i915-GVTg_V5_4\] device_addresses = 0000:00:02.0 .*max_instances = 3 ' \
	"$(host gvt export nova --type V5_4 | tr -s ' \n' ' ')"
expect_match "Proxmox" 'map id=8086:1912,(iommugroup=[0-9]+,)?node=host,path=0000:00:02.0,subsystem-id=[0-9a-f]{4}:[0-9a-f]{4}' \
	"$(host gvt export proxmox --type V5_4)"
host mkdir -p /var/lib/prometheus/node-exporter
host systemctl start gvt-metrics.service
expect_equal "last line" "# EOF" "$(host tail -n 1 /var/lib/prometheus/node-exporter/gvt.prom)"

step 30 "what is wrong is told with what to do"
host_shell 'echo "options i915 enable_guc=3" >/etc/modprobe.d/other.conf
	mkdir -p /etc/gvt/vgpus && echo "<vgpu>" >/etc/gvt/vgpus/11111111-1111-4111-8111-111111111111.xml'
expect_match "GuC" 'i915 is told enable_guc=3' "$(findings error)"
expect_match "definition" '11111111-1111-4111-8111-111111111111.xml is not a vGPU definition: line' "$(findings error)"
expect_status 1 host gvt doctor V5_1
expect_match "aperture" 'V5_1: it needs an aperture of 512 MiB' "$(host gvt doctor V5_1 || true)"
