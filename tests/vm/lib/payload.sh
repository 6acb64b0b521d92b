# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with image.sh and vm.sh
# What is under test, and what the harness itself needs in the VMs: made anew by each run, from the build tree.

# Where all harness files are in a VM.
vm_libexec=/usr/libexec/gvt-vm
# libvirt's place for kernels that it boots: its AppArmor profile lets QEMU read them there.
vm_boot=/var/lib/libvirt/boot

# Installs what is built, as a packager would. Sets and exports GVT_DESTDIR, unless the caller names an installed tree.
payload_install() {
	local log=$run_dir/make-install.log

	for program in vm-agent vmsh blit-check exec-bench gpu-abuse gpu-load hang-check kms-show plan-play vgpu-display vgpu-partition \
		vgpu-storm; do
		[[ -x $GVT_BUILD/tests/vm/$program ]] ||
			die "$GVT_BUILD/tests/vm/$program is not built: run make there, or set GVT_BUILD"
	done
	[[ -z ${GVT_DESTDIR:-} ]] || return 0
	[[ -e $GVT_BUILD/Makefile ]] || die "$GVT_BUILD is no build tree: run configure and make, or set GVT_BUILD"
	export GVT_DESTDIR=$work_dir/installed
	# The build tree's lock: libtool relinks in place.
	if ! flock "$GVT_BUILD/tests/vm/vmsh" make -C "$GVT_BUILD" install DESTDIR="$GVT_DESTDIR" >"$log" 2>&1 </dev/null; then
		tail -n 20 "$log" >&2
		die "make install failed, all of its output: $log"
	fi
}

# installed_program NAME: prints the path of a program in the installed tree
installed_program() {
	local found

	found=$(find "$GVT_DESTDIR" -type f -name "$1" -perm -u+x | head -n 1)
	[[ -n $found ]] || die "$1 is not installed by make install"
	printf '%s' "$found"
}

# add_installed DIR: what is under test, with the libraries of the build machine that it needs
add_installed() {
	local dir=$1 program library

	cp -r --preserve=mode,timestamps,links "$GVT_DESTDIR/." "$dir/"
	# shellcheck disable=SC2016
	while read -r library; do
		[[ $library == "$GVT_DESTDIR"/* ]] || install -D "$library" "$dir/usr/lib/x86_64-linux-gnu/${library##*/}"
	done < <(find "$GVT_DESTDIR" -type f -perm -u+x ! -name '*.la' | while read -r program; do
		LD_LIBRARY_PATH=$(installed_library_path) /lib64/ld-linux-x86-64.so.2 --list "$program" 2>/dev/null |
			sed -nE 's,.* => (/[^ ]+) \(0x.*,\1,p' || true # a script
	done | sort -u)
	if [[ -d $dir/usr/lib/x86_64-linux-gnu ]]; then
		# The loader must be of the same glibc as the libraries.
		install -D /lib64/ld-linux-x86-64.so.2 "$dir/usr/lib64/ld-linux-x86-64.so.2"
	fi
	# For libraries in places of their own, such as /usr/local/lib.
	mkdir -p "$dir/etc"
	installed_library_path | tr ':' '\n' | sed "s,^$GVT_DESTDIR,," >"$dir/etc/ld.so.conf"
	/sbin/ldconfig -r "$dir" -X
}

installed_library_path() {
	find "$GVT_DESTDIR" -name '*.so.*' -printf '%h\n' | sort -u | paste -sd:
}

# add_harness DIR FILE...: the agent, its client and programs of ours
add_harness() {
	local dir=$1 program
	shift

	for program in "$GVT_BUILD/tests/vm/vm-agent" "$GVT_BUILD/tests/vm/vmsh" "$@"; do
		install -D "$program" "$dir$vm_libexec/${program##*/}"
	done
	install -D -m 644 "$vm_source/init/i915.conf" "$dir/etc/modprobe.d/i915.conf"
}

# The guest's initramfs in one piece, for the host's QEMU.
add_guest() {
	local dir=$1 guest=$work_dir/guest

	add_harness "$guest" "$GVT_BUILD"/tests/vm/{blit-check,exec-bench,gpu-abuse,gpu-load,kms-show}
	install "$vm_source/init/busybox-init" "$guest/init"
	pack_archive "$guest" "$work_dir/guest.cpio"
	mkdir -p "$dir$vm_boot"
	cat "$guest_archive" "$work_dir/guest.cpio" >"$dir$vm_boot/guest-initrd"
	install -m 644 "$kernel_image" "$dir$vm_boot/guest-kernel"
	rm -r "$guest" "$work_dir/guest.cpio"
}

# payload_fast: makes $initrd of a busybox host
payload_fast() {
	local dir=$work_dir/payload

	add_installed "$dir"
	add_harness "$dir" "$vm_source/init/guest-start" "$GVT_BUILD"/tests/vm/{blit-check,exec-bench,gpu-load,hang-check,plan-play,vgpu-display,vgpu-partition,vgpu-storm}
	cp -r "$gvt_root/." "$dir/"
	install "$vm_source/init/busybox-init" "$dir/init"
	[[ -z $want_guest ]] || add_guest "$dir"
	pack_archive "$dir" "$work_dir/payload.cpio"
	initrd=$work_dir/initrd
	cat "$host_archive" ${want_guest:+"$host_qemu_archive"} "$work_dir/payload.cpio" >"$initrd"
	rm -r "$dir" "$work_dir/payload.cpio"
}

# add_installed_full DIR: what is under test, and the module, for a host that has their libraries
add_installed_full() {
	cp -r --preserve=mode,timestamps,links "$GVT_DESTDIR/." "$1/"
	install -D -m 644 -t "$1/usr/lib/modules/$kernel_release/updates" \
		"$gvt_root/usr/lib/modules/$kernel_release/updates/gvt.ko"
	install -D -m 644 "$vm_source/init/modules.conf" "$1/etc/modules-load.d/gvt-vm.conf"
}

# payload_full: makes $initrd of a host with a disk
payload_full() {
	local dir=$work_dir/payload tree=$work_dir/payload/payload

	mkdir -p "$tree"
	if [[ -n $host_packages ]]; then
		install -D -m 644 -t "$tree/root" "$host_packages"/*.deb
	else
		add_installed_full "$tree"
	fi
	add_harness "$tree" "$vm_source"/init/{first-boot,killed}
	# What README says to do about it is still to be done there.
	[[ -z $host_packages ]] || rm "$tree/etc/modprobe.d/i915.conf"
	install -D -m 644 "$vm_source/init/gvt-vm-agent.service" "$tree/etc/systemd/system/gvt-vm-agent.service"
	printf 'host\n' >"$tree/etc/hostname"
	install -D -m 644 "$vm_source/init/$domain.xml" "$tree$vm_libexec/$domain.xml"
	add_guest "$tree"
	install "$vm_source/init/disk-init" "$dir/init"
	pack_archive "$dir" "$work_dir/payload.cpio"
	initrd=$work_dir/initrd
	cat "$boot_archive" "$work_dir/payload.cpio" >"$initrd"
	rm -r "$dir" "$work_dir/payload.cpio"
}
