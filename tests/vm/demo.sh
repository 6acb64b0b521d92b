#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole story with its real commands and their output; called by "run --demo".
set -euo pipefail

: "${vm_source:?}"
# shellcheck source-path=SCRIPTDIR source=lib/all.sh
. "$vm_source/lib/all.sh"
# shellcheck source-path=SCRIPTDIR source=lib/tool.sh
. "$vm_source/lib/tool.sh"

host_tier=full
demo_start=$EPOCHREALTIME

# What a scenario keeps in a log is told here, and what it says goes to the terminal.

chapter() {
	step_name=$2
	step_limit=$1
	step_start=$EPOCHREALTIME
	printf '\n%s# %s%s\n' "$bold" "$2" "$plain"
}

# show PROMPT FUNCTION COMMAND: as a person would type it
show() {
	printf '%s%s%s %s\n' "$green" "$1" "$plain" "$3"
	"$2" "$3" 2>&1
}

on_host() {
	show 'host#' host_shell "$1"
}

in_guest() {
	show 'guest#' guest_shell "$1"
}

tool_begin demo fast guest full

chapter 240 "A machine with a (simulated) Skylake GPU boots Debian 12: its own i915, libvirt; and gvt.ko"
host_start
# The agent is up early; the story begins when the boot is over.
host_shell 'systemctl is-system-running --wait >/dev/null || true'
on_host 'lspci -s 02.0'
on_host 'dmesg | grep -E "Initialized i915|MDEV: Registered"'
host systemctl enable --now libvirtd 2>>"$run_dir/output.log"
# With a console, and a small one: each of its pixels is a trap in two hypervisors.
host_shell "sed 's/drm_kms_helper.fbdev_emulation=0/video=HDMI-A-1:640x480-16 nosoftlockup rcupdate.rcu_cpu_stall_suppress=1/' \
	$vm_libexec/$domain.xml >/run/domain.xml && virsh define /run/domain.xml >/dev/null"
on_host 'virsh list --all'

chapter 60 "What can it share?"
on_host 'gvt gpus'
on_host 'gvt types'

chapter 60 "A vGPU for win10, with one command"
on_host 'gvt create --type V5_4 --vm win10'
on_host 'gvt list'
uuid=$(host gvt list --no-headings --columns UUID)

chapter 240 "The guest finds it"
on_host 'virsh start win10'
guest true
in_guest 'lspci -nn -s 02.0'
printf '%sguest#%s %s\n' "$green" "$plain" 'modprobe i915 & dmesg --follow | grep vgt -i'
guest_shell 'modprobe i915 >/dev/null 2>&1 &
	grep -m 1 "VGT balloon successfully" /dev/kmsg' | sed 's/.*;//'
host virsh destroy win10 >/dev/null

chapter 240 "The host reboots"
printf '%shost#%s reboot\n' "$green" "$plain"
host_reboot
on_host 'systemctl start libvirtd; systemctl status --no-pager --lines=3 gvt-restore.service'
on_host 'gvt list'

chapter 240 "It is all there again: the same vGPU, and win10 starts"
expect_equal "the vGPU" "$uuid" "$(host gvt list --no-headings --columns UUID)"
on_host 'virsh start win10'
in_guest 'lspci -nn -s 02.0'

chapter 240 "And this is what it shows"
guest_shell 'modprobe i915 >/dev/null 2>&1
	until dmesg | grep -q "fb0: i915drmfb frame buffer"; do sleep 1; done
	printf "\033c\033[?25l" >/dev/tty1'
in_guest '{ uname -sr; lspci -s 02.0; dmesg | grep -oE "VGT balloon successfully|Initialized i915 [0-9.]+"; } >/dev/tty1'
on_host 'gvt screenshot win10 guest.png'
mkdir -p "$GVT_BUILD/demo"
host cat guest.png >"$GVT_BUILD/demo/guest.png"

cat <<END

${bold}What you have seen$plain
  gvt-gpusim, a simulated Skylake GPU, in QEMU as the GPU of a host VM
  the distribution's i915 driver, which takes it for a real one, and gvt.ko on top of it
  gvt create --type V5_4 --vm win10     made vGPU $uuid
  virsh start win10                     a guest whose own i915 found that vGPU
  a reboot of the host                  after which it was there again before libvirt started
  gvt screenshot win10 guest.png        its screen: $GVT_BUILD/demo/guest.png
It took $(seconds_since "$demo_start"). Logs and consoles: $run_dir
Try it yourself: tests/vm/run --in host --full --gvt --shell
END
