# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# From an empty machine to a running guest: what README says there, line by line, on a host that has a compiler, libvirt and
# nothing of ours. With Debian's packages, of which lintian finds no error; DKMS builds the module there.

host_tier=full

# commands N: those of README's N-th block in "Use it on an Intel machine"; root, who needs no sudo, gives them
commands() {
	sed -n '/^## Use it on/,/^## Try/p' "$top_source/README.md" |
		awk -v wanted="$1" '/^       [^ ]/ { block += !inside; inside = 1; if (block == wanted) print substr($0, 8); next } { inside = 0 }' |
		sed 's/^sudo //'
}

# run_commands: those of standard input, in the host, in a folder beside that of the packages
run_commands() {
	while IFS= read -r command <&3; do
		printf 'host# %s\n' "$command"
		host_shell "cd /root/gvt; $command"
	done 3<&0
}

mapfile -t install < <(commands 1)
mapfile -t prepare < <(commands 2)

step 300 "${install[0]}; ${install[1]}"
mkdir -p "$work_dir/source/gvt"
(cd "$top_source" && git ls-files -z | tar --null -T - -c) | tar -x -C "$work_dir/source/gvt"
expect_equal "the packages to build with" "apt build-dep ." "${install[0]}"
(cd "$work_dir/source/gvt" && dpkg-checkbuilddeps && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" ${install[1]}) >&2
host_packages=$work_dir/packages
mkdir "$host_packages"
mv "$work_dir"/source/*.deb "$host_packages"
rm -rf "$work_dir/source" "$host_packages"/*-dbgsym_*

step 60 "lintian finds no error"
expect_equal "packages" 5 "$(find "$host_packages" -name '*.deb' | wc -l)"
expect_equal "errors" "" "$(lintian --allow-root --no-cfg --fail-on none "$host_packages"/*.deb 2>&1 | grep '^E:' || true)"

step 180 "a host starts that has a domain named win10, and nothing of gvt"
host_start
host systemctl start libvirtd
host mkdir /root/gvt
host virsh define "$vm_libexec/$domain.xml"
expect_equal "gvt" "" "$(host_shell 'command -v gvt || true')"

step 900 "${install[2]}: DKMS builds the module"
printf '%s\n' "${install[@]:2}" | run_commands >&2
expect_match "dkms" 'gvt/0.1.0, .*: installed' "$(host dkms status)"

step 60 "${prepare[0]}: what stands in the way is told, and written"
expect_match "before" 'enable_gvt' "$(host gvt doctor || true)"
# What is left is to be done by the reboot, and it says so by its status.
# shellcheck disable=SC2086 # words
expect_status 1 host ${prepare[0]}
printf '%s\n' "${prepare[@]:1}" | grep -v '^reboot$' | run_commands >&2
expect_match "options" 'enable_gvt=1' "$(host cat /etc/modprobe.d/gvt.conf)"

step 180 "reboot"
expect_equal "the last command" "reboot" "${prepare[-1]}"
host_reboot
host_shell 'systemctl is-system-running --wait || true' >&2
expect_equal "errors" "" "$(host gvt doctor --json | jq -r '.findings[] | select(.level == "error").text')"
expect_equal "the module" gvt "$(host_shell 'ls /sys/module | grep -x gvt')"
expect_equal "the restore's unit" 'enabled' "$(host systemctl is-enabled gvt-restore.service)"
expect_equal "the timer" 'disabled' "$(host systemctl is-enabled gvt-metrics.timer || true)"

step 60 "what fits"
commands 3 | run_commands >&2

step 120 "a vGPU for win10, which starts"
commands 4 | run_commands >&2
expect_match "domain" 'running' "$(host virsh domstate win10)"

step 120 "the guest has it"
expect_match "lspci" '00:02.0 .*8086:1912' "$(guest lspci -n)"

step 120 "all of it goes again"
host virsh destroy win10
host gvt destroy win10 -q
host rmmod gvt
host_shell 'dpkg --purge gvt gvt-dkms libgvtmgr0' >&2
expect_equal "what is left" "" "$(host_shell 'find / -xdev \( -path /proc -o -path /sys -o -path /root \) -prune -o -name "*gvt*" \
	! -path "*gvt-vm*" ! -path "*/drivers/gpu/*" ! -path "*linux-*" -print |
	grep -v -e /var/lib/dpkg -e /var/log -e "/etc/mod.*/gvt.conf" || true')"
