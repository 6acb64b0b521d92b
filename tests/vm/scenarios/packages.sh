# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Debian's packages: they are built, lintian has no errors; a host that has nothing else of us installs them, builds the
# module by DKMS, and uses it.

host_tier=full
want_guest=''

step 300 "the packages are built from what git knows"
mkdir -p "$work_dir/source/gvt"
(cd "$top_source" && git ls-files -z | tar --null -T - -c) | tar -x -C "$work_dir/source/gvt"
(cd "$work_dir/source/gvt" && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc -b) >&2
mkdir "$work_dir/packages"
mv "$work_dir"/source/{gvt,gvt-dkms,gvt-gpusim,libgvtmgr0,libgvtmgr-dev}_*.deb "$work_dir/packages"
rm -rf "$work_dir/source"

step 60 "lintian finds no error"
expect_equal "errors" "" "$(lintian --allow-root --no-cfg --fail-on none "$work_dir"/packages/*.deb 2>&1 | grep '^E:' || true)"

step 180 "a host starts that has a compiler, and nothing of gvt"
rm "$work_dir"/packages/libgvtmgr-dev_*
host_packages=$work_dir/packages
host_start
expect_equal "gvt" "" "$(host_shell 'command -v gvt || true')"

step 900 "the packages are installed; DKMS builds the module"
host dpkg -i $(cd "$work_dir/packages" && printf '/root/packages/%s ' *.deb) >&2
expect_match "dkms" 'gvt/0.1.0, .*: installed' "$(host dkms status)"

step 60 "it is loaded, and serves"
host modprobe gvt
expect_match "types" 'V5_4' "$(host gvt types --no-headings)"
uuid=$(host gvt create --type V5_4 -q)
expect_match "mdev" "$uuid" "$(host ls /sys/bus/mdev/devices)"
expect_match "the restore's unit" 'enabled' "$(host systemctl is-enabled gvt-restore.service)"
expect_match "the timer" 'disabled' "$(host systemctl is-enabled gvt-metrics.timer || true)"
host gvt destroy "$uuid"

step 120 "all of it goes again"
host rmmod gvt
host dpkg --purge gvt gvt-dkms gvt-gpusim libgvtmgr0 >&2
expect_equal "what is left" "" "$(host_shell 'find / -xdev \( -path /proc -o -path /sys -o -path /root \) -prune -o -name "*gvt*" \
	! -path "*gvt-vm*" ! -path "*/drivers/gpu/*" ! -path "*linux-*" -print | grep -v -e /var/lib/dpkg -e /var/log || true')"
