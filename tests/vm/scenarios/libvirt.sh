# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# vGPUs and libvirt's domains: what a domain can show, the hook, running domains; and clear words where it can't be.

host_tier=full
# Two guests are started, and one has its device exchanged: with two CPUs, the emulated host stood still once in five runs.
host_one_cpu=yes

# hostdev DOMAIN: its hostdev element, in one line
hostdev() {
	host virsh dumpxml --inactive "$1" | sed -n '/<hostdev/,/<\/hostdev>/p' | tr -d '\n' | tr -s ' '
}

# set_graphics XML: the domain win10 with these devices more
set_graphics() {
	host_shell "sed 's|</name>|&<uuid>11111111-1111-4111-8111-111111111111</uuid>|; s|</devices>|$1</devices>|' $vm_libexec/win10.xml >/run/win10.xml && virsh define /run/win10.xml" >&2
}

step 180 "host VM starts, with the simulated GPU and libvirt"
host_start
host systemctl start libvirtd

step 60 "a domain without graphics has a vGPU without display"
set_graphics ''
uuid=$(host gvt create --type V5_8 --vm win10 -q)
expect_match "hostdev" "display='off'> <source> <address uuid='$uuid'/>" "$(hostdev win10)"
host gvt destroy win10
expect_status 1 host gvt create --type V5_8 --vm win10 --display on
expect_match "why not" 'no graphics' "$messages"
expect_match "what to do" "<graphics type='vnc'/>" "$messages"
expect_equal "vGPUs" "" "$(host gvt list --no-headings)"

step 60 "one with VNC shows it, and as dma-buf only with OpenGL"
set_graphics '<graphics type="vnc"/>'
uuid=$(host gvt create --type V5_8 --vm win10 -q)
expect_match "hostdev" "display='on'>" "$(hostdev win10)"
host gvt detach win10
host gvt set "$uuid" display=dmabuf
expect_status 1 host gvt attach "$uuid" win10 --display on
expect_match "why not" 'OpenGL' "$messages"
host gvt attach "$uuid" win10
expect_match "hostdev" "display='off'>" "$(hostdev win10)"
host gvt detach win10
host gvt set "$uuid" display=region

step 60 "with no other video device it has ramfb; ROM and options are libvirt's"
set_graphics '<graphics type="vnc"/><video><model type="none"/></video>'
host gvt attach "$uuid" win10
expect_match "hostdev" "display='on' ramfb='on'>" "$(hostdev win10)"
host gvt detach win10
expect_status 3 host gvt attach "$uuid" win10 --rom /usr/share/qemu/none.rom
expect_match "why not" 'no ROM file /usr/share/qemu/none.rom' "$messages"
host touch /usr/share/qemu/some.rom
host gvt attach "$uuid" win10 --rom /usr/share/qemu/some.rom --ramfb off
expect_match "hostdev" "display='on'>.*<rom file='/usr/share/qemu/some.rom'/>" "$(hostdev win10)"
host gvt destroy win10

step 120 "the hook: a vGPU that is off is started with its domain"
set_graphics '<graphics type="vnc"/>'
uuid=$(host gvt define --type V5_8 --name desk --vm win10 --no-autostart -q)
expect_equal "mdevs" "" "$(host ls /sys/bus/mdev/devices)"
host virsh start win10
expect_equal "mdevs" "$uuid" "$(host ls /sys/bus/mdev/devices)"
guest true
expect_match "lspci" ' 0300: 8086:1912' "$(guest lspci -n)"
expect_match "hostdev" "display='on'>" "$(hostdev win10)"

step 60 "another domain with the same vGPU is refused, in words that virsh shows"
host_shell "sed 's|<name>win10<|<name>win11<|; s|>1111|>2222|; s|win10.agent|win11.agent|; s|win10-console|win11-console|' /run/win10.xml \
	>/run/win11.xml && virsh define /run/win11.xml && gvt xml desk >/run/hostdev.xml &&
	virsh attach-device win11 /run/hostdev.xml --config"
expect_status 1 host virsh start win11
expect_match "why not" "vGPU $uuid of VM win11 belongs to VM win10" "$messages"
expect_match "state" 'shut off' "$(host virsh domstate win11)"

step 60 "libvirt's daemon is restarted: the running domain and its vGPU stay"
host systemctl restart libvirtd
expect_match "state" 'running' "$(host virsh domstate win10)"
expect_equal "mdevs" "$uuid" "$(host ls /sys/bus/mdev/devices)"
expect_status 5 host gvt stop desk
expect_match "who has it" 'VM win10' "$messages"

step 60 "the domain ends, and what was started for it, too; its definition stays"
host virsh destroy win10
expect_equal "mdevs" "" "$(host ls /sys/bus/mdev/devices)"
expect_match "list" "^$uuid +desk .*win10 +no +yes +no" "$(host gvt list --no-headings)"
host virsh undefine win11
host gvt undefine desk
expect_equal "hostdev" "" "$(hostdev win10)"

step 120 "a running domain gets one"
uuid=$(host gvt create --type V5_8 --name later -q)
host virsh start win10
guest true
expect_equal "GPUs" 0 "$(guest_shell 'lspci -n | grep -c 8086:1912 || true')"
host gvt attach later win10 --live
guest_shell 'until lspci -n | grep -q 8086:1912; do read -r _ </proc/uptime; done'
expect_match "hostdev" "$uuid" "$(hostdev win10)"
expect_status 5 host gvt destroy later

step 60 "and gives it back"
host gvt detach later --live
expect_equal "GPUs" 0 "$(guest_shell 'lspci -n | grep -c 8086:1912 || true')"
expect_equal "hostdev" "" "$(hostdev win10)"
expect_equal "live hostdevs" 0 "$(host_shell 'virsh dumpxml win10 | grep -c "<hostdev" || true')"
host gvt destroy later
host virsh destroy win10
expect_equal "vGPUs" "" "$(host gvt list --no-headings)"
