# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2016,SC2034,SC2154
# One screen from power-on: libvirt's display='on' ramfb='on' shows the firmware, and then the driver's pictures.

host_tier=full

# screendump NAME: what QEMU shows of the domain, to NAME.png in the run's folder
screendump() {
	host virsh qemu-monitor-command "$domain" --hmp 'screendump /run/screen.png -f png' >&2
	host cat /run/screen.png >"$run_dir/$1.png"
}

step 180 "host VM starts, with the simulated GPU, gvt and libvirt"
host_start
# Its QEMU may write pictures where this scenario looks for them.
host_shell 'printf "%s\n" "user = \"root\"" "security_driver = \"none\"" >>/etc/libvirt/qemu.conf'
host systemctl restart libvirtd

step 60 "a domain with VNC, a vGPU that it shows, and a firmware that takes its time"
uuid=$(host gvt create --type V5_4 --resolution 800x600 -q)
host_shell "sed -e 's|</os>|<bootmenu enable=\"yes\" timeout=\"20000\"/></os>|' \
	-e 's|</devices>|<graphics type=\"vnc\"/><video><model type=\"none\"/></video>\
<hostdev mode=\"subsystem\" type=\"mdev\" model=\"vfio-pci\" display=\"on\" ramfb=\"on\">\
<source><address uuid=\"$uuid\"/></source>\
<address type=\"pci\" domain=\"0\" bus=\"0\" slot=\"2\" function=\"0\"/></hostdev></devices>|' \
	$vm_libexec/$domain.xml >/run/domain.xml
	cat /run/domain.xml
	virsh define /run/domain.xml"

step 60 "virsh start: the firmware's words are on the screen"
host virsh start "$domain"
# In its first row, and in the fourth, some pixels of the first 80 are not black.
lit=''
while [[ ! $lit =~ a.*\|.*a ]]; do
	(($(step_left) > 5)) || fail "QEMU shows nothing of the firmware"
	screendump firmware
	[[ $(pixels firmware) == 1024x768 ]] || continue
	lit="$(pixels firmware {0..79},7)|$(pixels firmware {0..79},55)"
done

step 120 "the guest's i915 takes over: the same screen shows its pictures, in its size"
guest_load_i915
begin_show --cursor 100,100
screendump driver
expect_equal "size" 800x600 "$(pixels driver)"
expect_equal "corner and cursor" "102080 ffffff" "$(pixels driver 799,599 100,100)"

step 30 "the logs have no complaint"
expect_equal "complaints" "" "$(guest_complaints)"
expect_equal "complaints" "" "$(complaints)"
host virsh destroy "$domain"
