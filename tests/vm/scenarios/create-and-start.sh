# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# One command makes a vGPU for a libvirt domain, virsh starts it, and the guest's stock i915 finds it.

host_tier=full

step 180 "host VM starts, with the simulated GPU and libvirt"
host_start

step 60 "libvirtd runs, and a domain named win10 is defined"
host systemctl start libvirtd
host virsh define "$vm_libexec/$domain.xml"

step 30 "gvt sees the GPU and its types"
output=$(host gvt gpus --no-headings --columns GPU,PLATFORM,DRIVER,STATE)
expect_equal "gpus" "0000:00:02.0 Skylake i915 ready" "$(tr -s ' ' <<<"$output")"
output=$(host gvt types --no-headings)
expect_equal "types and how many fit" "V5_2 1
V5_4 3
V5_8 6" "$(awk '{ print $1, $3 }' <<<"$output")"
expect_match "types as JSON" '"i915-GVTg_V5_4"' "$(host gvt types --json)"

step 60 "words and exit status when it can't be done; nothing is left behind"
expect_status 3 host gvt create --type V5_3 --vm win10
expect_match "unknown type" 'V5_3' "$messages"
expect_match "known types" 'V5_4' "$messages"
expect_status 3 host gvt create --type V5_4 --vm win11
expect_match "unknown domain" 'win11' "$messages"
expect_match "domains there are" 'win10' "$messages"
expect_status 2 host gvt create --vm win10
expect_status 7 host setpriv --reuid nobody --regid nogroup --clear-groups gvt create --type V5_4
expect_equal "vGPUs" "" "$(host gvt list --no-headings)"
expect_equal "definitions" "" "$(host_shell 'ls /etc/gvt/vgpus 2>/dev/null || true')"

step 60 "gvt create --type V5_4 --vm win10"
uuid=$(host gvt create --type V5_4 --vm win10 2>"$work_dir/messages") || fail "$(<"$work_dir/messages")"
expect_match "a UUID alone" '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' "$uuid"
expect_equal "lines of output" 1 "$(wc -l <<<"$uuid")"
expect_match "what comes next" 'virsh start win10' "$(<"$work_dir/messages")"
expect_equal "type of the mdev" "i915-GVTg_V5_4" \
	"$(host_shell "basename \$(readlink /sys/bus/mdev/devices/$uuid/mdev_type)")"
expect_match "the domain's configuration" "<address uuid='$uuid'/>" "$(host virsh dumpxml --inactive win10)"
expect_match "list" "^$uuid .*V5_4 .*win10 .*yes .*yes" "$(host gvt list --no-headings)"

step 60 "a second one for the same domain, and one with no room, are refused"
expect_status 1 host gvt create --type V5_8 --vm win10
expect_match "the domain has one" "$uuid" "$messages"
second=$(host gvt create --type V5_2 --transient)
expect_status 4 host gvt create --type V5_4
expect_match "who has the room" 'win10' "$messages"
expect_match "and the other" "$second" "$messages"
host gvt destroy "$second"
expect_equal "mdevs" "$uuid" "$(host ls /sys/bus/mdev/devices)"

step 30 "gvt xml prints what libvirt's schema accepts"
host_shell 'virsh dumpxml --inactive win10 | sed "/<hostdev/,/<\/hostdev>/d; /<\/devices>/,\$d" >/tmp/win10.xml
	gvt xml win10 >>/tmp/win10.xml
	echo "</devices></domain>" >>/tmp/win10.xml
	virt-xml-validate /tmp/win10.xml domain
	virsh define /tmp/win10.xml'

step 120 "virsh start win10"
host virsh start win10
expect_status 5 host gvt destroy win10
expect_match "why not" 'qemu' "$messages"

step 120 "the guest is up and has the vGPU: lspci shows 8086:1912"
guest true
expect_match "lspci" '00:02.0 .*8086:1912' "$(guest lspci -n)"

# The driver goes on to clear its GGTT, entry by trapped entry; that takes minutes and is not what this is about.
step 180 "the guest's i915 finds it: VGT balloon successfully"
guest_shell 'modprobe i915 >/dev/null 2>&1 &
	grep -m 1 "VGT balloon successfully" /dev/kmsg'

step 60 "the guest ends, the vGPU stays, and gvt destroy removes it"
host virsh destroy win10
host gvt destroy win10
expect_equal "mdevs" "" "$(host ls /sys/bus/mdev/devices)"
expect_equal "definitions" "" "$(host ls /etc/gvt/vgpus)"
expect_equal "hostdevs" 0 "$(host_shell 'virsh dumpxml --inactive win10 | grep -c "<hostdev" || true')"
