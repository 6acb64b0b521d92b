# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with cache.sh, payload.sh and vm.sh
# What the VMs boot from: initramfs archives of the fast tier and of L2, the disk image of the full tier; and the image
# of a Debian with programs that use a GPU, for a fast host.
#
# The kernel takes several cpio archives one after the other. So what seldom changes (programs, modules) is an archive
# of the cache, and what is under test is a small one that each run makes (payload.sh).

host_modules=(
	virtio_pci virtio_console virtio_blk 9p 9pnet_virtio ext4
	kvm kvm-amd kvm-intel i915 kvmgt mdev vfio-pci vfio_iommu_type1 loop
	autofs4 fuse tun bridge overlay
)
guest_modules=(virtio_pci virtio_console virtio_blk 9p 9pnet_virtio ext4 overlay i915)
boot_modules=(virtio_pci virtio_blk ext4)

root_packages=(
	systemd systemd-sysv udev dbus polkitd kmod iproute2 procps pciutils less
	libvirt-daemon libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu
	libxml2-utils
	qemu-system-x86 apparmor mdevctl strace
	libudev1 libuuid1 libxml2 libjson-c5 libvirt0
)

# What else a host has that builds gvt.ko from gvt-dkms; the kernel's packages are added by their version.
build_packages=(dkms gcc make libc6-dev linux-compiler-gcc-12-x86 xz-utils initramfs-tools libpng16-16)

# Programs that nobody here wrote, and what they are looked at with.
graphics_packages=(
	intel-gpu-tools libdrm-tests kmscube
	weston
	libgl1-mesa-dri mesa-vulkan-drivers mesa-utils vulkan-tools
	edid-decode kmod pciutils procps strace
)

# copy_modules DIR MODULE...: the modules and those that they need, with the tables that modprobe reads
copy_modules() {
	local dir=$1 file
	shift

	mkdir -p "$dir/usr/lib/modules/$kernel_release"
	while read -r file; do
		install -D -m 644 "$file" "$dir/usr${file#"$kernel_dir"}"
	done < <(modprobe -d "$kernel_dir" -S "$kernel_release" -C /dev/null -a --show-depends "$@" |
		awk '$1 == "insmod" { print $2 }' | sort -u)
	cp "$kernel_dir/lib/modules/$kernel_release"/modules.{builtin,builtin.modinfo,order} \
		"$dir/usr/lib/modules/$kernel_release/"
	depmod -b "$dir/usr" "$kernel_release"
}

# copy_programs FROM-ROOT DIR PROGRAM...: programs of an unpacked root and the libraries that they load
copy_programs() {
	local root=$1 dir=$2 program file
	shift 2

	for program; do
		install -D "$root/$program" "$dir/$(merged_path "$program")"
		while read -r file; do
			install -D "$file" "$dir/$(merged_path "${file#"$root/"}")"
		done < <(LD_LIBRARY_PATH=$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu \
			"$root/lib64/ld-linux-x86-64.so.2" --list "$root/$program" |
			sed -nE "s,.*[[:space:]]($root/[^ ]+) \(0x.*,\1,p")
	done
	install -D "$root/lib64/ld-linux-x86-64.so.2" "$dir/usr/lib64/ld-linux-x86-64.so.2"
}

# Debian 12 as it is unpacked still has /bin and /lib; the VMs have one /usr.
merged_path() {
	case $1 in
	usr/*) printf '%s' "$1" ;;
	*) printf 'usr/%s' "$1" ;;
	esac
}

# pack_archive DIR FILE: make a cpio archive of what is in DIR
pack_archive() {
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --null --quiet --create --format=newc --owner=0:0) >"$2"
}

make_skeleton() {
	local dir=$1 link

	mkdir -p "$dir"/{dev,proc,sys,run,tmp,mnt,root,etc,var} "$dir"/usr/{bin,sbin,lib,lib64}
	for link in bin sbin lib lib64; do
		ln -s "usr/$link" "$dir/$link"
	done
	install "$tools_dir/bin/busybox" "$dir/usr/bin/busybox"
	ln -s busybox "$dir/usr/bin/sh"
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$dir/etc/passwd"
	printf 'root:x:0:\n' >"$dir/etc/group"
}

# make_busybox_archive MODULE... FILE: a small system with these modules
make_busybox_archive() {
	local file=${*: -1} dir

	dir=$file.dir
	make_skeleton "$dir"
	copy_modules "$dir" "${@:1:$#-1}"
	copy_programs "$tools_dir" "$dir" usr/bin/lspci
	install -D -m 644 "$tools_dir/usr/share/misc/pci.ids" "$dir/usr/share/misc/pci.ids"
	pack_archive "$dir" "$file"
	rm -r "$dir"
}

# An archive of its own, because only runs with an L2 need it.
make_host_qemu_archive() {
	local dir=$1.dir rom

	copy_programs "$tools_dir" "$dir" usr/bin/qemu-system-x86_64
	# Its VNC server wants a keyboard.
	for rom in seabios/bios-256k.bin qemu/kvmvapic.bin qemu/linuxboot_dma.bin qemu/keymaps/en-us; do
		install -D -m 644 "$tools_dir/usr/share/$rom" "$dir/usr/share/$rom"
	done
	pack_archive "$dir" "$1"
	rm -r "$dir"
}

# make_gvt DIR: gvt.ko for the VMs' kernel, and module tables of the fast host with it
make_gvt() {
	local dir=$1 log=$GVT_CACHE/gvt-build.log

	mkdir -p "$dir/build"
	cp -r "$top_source/kernel-gvt/." "$dir/build/"
	if ! make -s -C "$dir/build" KDIR="$kernel_headers" I915_SOURCE="$kernel_source" modules >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		return 1
	fi
	if grep -E 'warning:|WARNING:' "$log" >&2; then
		echo "the compiler warns of kernel-gvt" >&2
		return 1
	fi
	copy_modules "$dir/root" "${host_modules[@]}"
	install -D -m 644 "$dir/build/gvt.ko" "$dir/root/usr/lib/modules/$kernel_release/updates/gvt.ko"
	strip -g "$dir/root/usr/lib/modules/$kernel_release/updates/gvt.ko"
	depmod -b "$dir/root/usr" "$kernel_release"
	rm -r "$dir/build" "$dir/root/usr/lib/modules/$kernel_release/kernel" "$log"
}

# make_debian_image SIZE PACKAGES OPTION... IMAGE: an ext4 file system with a small Debian 12 and these packages
#
# In mmdebstrap's hooks the tree belongs to root, whoever runs this; so the file system is made there, from a copy
# that leaves out what is mounted in the tree.
make_debian_image() {
	local size=$1 packages=$2 image=${*: -1} mirror options=()

	mirror=$(debian_mirror)
	mapfile -t options < <(apt_options_to_pass_on)
	options+=("${@:3:$#-3}")
	truncate -s "$size" "$image"
	# Without root the hooks run as a user of a namespace, who is somebody else here.
	chmod a+rw "$image"
	# shellcheck disable=SC2016 # $1 belongs to the hooks
	mmdebstrap --variant=minbase --format=null "${options[@]}" \
		--include="$packages" \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--aptopt='APT::Install-Recommends "false"' \
		--customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
		--customize-hook="mkdir \"\$1.disk\"
			tar --one-file-system -C \"\$1\" -c . | tar -C \"\$1.disk\" -x
			mke2fs -q -F -t ext4 -d \"\$1.disk\" '$image'
			rm -r \"\$1.disk\"" \
		bookworm /dev/null "deb $mirror bookworm main"
	chmod 644 "$image"
}

make_root_image() {
	local modules=$1.modules

	copy_modules "$modules" "${host_modules[@]}"
	# shellcheck disable=SC2016 # $1 belongs to the hook
	make_debian_image 3G "$(IFS=,; printf '%s' "${root_packages[*]}")" \
		--customize-hook="cp -r '$modules/usr/lib/modules' \"\$1/usr/lib/\"" "$1"
	rm -r "$modules"
}

make_build_image() {
	local modules=$1.modules kernel=$1.kernel packages=("${root_packages[@]}" "${build_packages[@]}")

	copy_modules "$modules" "${host_modules[@]}"
	download_kernel_build "${kernel_name##*_}" "$kernel"
	# shellcheck disable=SC2016 # $1 belongs to the hooks
	make_debian_image 5G "$(IFS=,; printf '%s' "${packages[*]}")" \
		--customize-hook="cp -r '$modules/usr/lib/modules' \"\$1/usr/lib/\"" \
		--customize-hook="cp -r '$kernel' \"\$1/root/kernel\"" \
		--customize-hook='chroot "$1" sh -c "dpkg -i /root/kernel/*.deb && rm -r /root/kernel"' "$1"
	rm -r "$modules" "$kernel"
}

make_graphics_image() {
	make_debian_image 1G "$(IFS=,; printf '%s' "${graphics_packages[*]}")" "$1"
}

# The pieces for a fast host, for a guest in either host, for a full host. Each sets the paths of its pieces, whose names
# carry a hash of all that they are made of.
prepare_fast() {
	local recipe version

	recipe=$(declare -f make_busybox_archive make_host_qemu_archive make_skeleton copy_modules copy_programs)
	version=$(short_hash "$kernel_name" "$tools_name" "${host_modules[*]}" "$recipe")
	cache_make "host-$version" "initramfs of the host VM" make_busybox_archive "${host_modules[@]}"
	cache_make "hostqemu-$version" "initramfs with Debian 12's QEMU" make_host_qemu_archive
	host_archive=$GVT_CACHE/host-$version
	host_qemu_archive=$GVT_CACHE/hostqemu-$version
}

prepare_guest() {
	local recipe version

	recipe=$(declare -f make_busybox_archive make_skeleton copy_modules copy_programs)
	version=$(short_hash "$kernel_name" "$tools_name" "${guest_modules[*]}" "$recipe")
	cache_make "guest-$version" "initramfs of the guest VM" make_busybox_archive "${guest_modules[@]}"
	guest_archive=$GVT_CACHE/guest-$version
}

prepare_full() {
	local recipe version

	recipe=$(declare -f make_busybox_archive make_skeleton copy_modules copy_programs)
	version=$(short_hash "$kernel_name" "$tools_name" "${boot_modules[*]}" "$recipe")
	cache_make "boot-$version" "initramfs that mounts the disk" make_busybox_archive "${boot_modules[@]}"
	boot_archive=$GVT_CACHE/boot-$version

	recipe=$(declare -f make_root_image make_debian_image copy_modules)
	version=$(short_hash "$kernel_name" "${root_packages[*]}" "${host_modules[*]}" "$recipe")
	cache_make "root-$version" "Debian 12 with systemd and libvirt on a disk (450 MB)" make_root_image
	root_image=$GVT_CACHE/root-$version
}

# A full host that builds packages' modules; only its scenario needs it.
prepare_build() {
	local recipe version

	recipe=$(declare -f make_build_image make_debian_image copy_modules download_kernel_build)
	version=$(short_hash "$kernel_name" "${root_packages[*]} ${build_packages[*]}" "${host_modules[*]}" "$recipe")
	cache_make "build-$version" "Debian 12 with libvirt, DKMS and the kernel's source (900 MB)" make_build_image
	build_image=$GVT_CACHE/build-$version
}

# Whoever installs the module over other modules than the fast host's makes the tables anew.
prepare_gvt() {
	local version

	cache_kernel_build
	version=$(short_hash "$kernel_name" "${host_modules[*]}" "$(declare -f make_gvt copy_modules)" \
		"$(cd "$top_source/kernel-gvt" && git ls-files -co --exclude-standard 2>/dev/null | LC_ALL=C sort |
			xargs sha256sum 2>/dev/null || find . -type f -exec sha256sum {} + | LC_ALL=C sort)")
	cache_make "gvt-$version" "gvt.ko for the VMs' kernel" make_gvt
	gvt_root=$GVT_CACHE/gvt-$version/root
}

prepare_graphics() {
	local version

	version=$(short_hash "${graphics_packages[*]}" "$(declare -f make_graphics_image make_debian_image)")
	cache_make "graphics-$version" "Debian 12 with programs that use a GPU (500 MB)" make_graphics_image
	graphics_image=$GVT_CACHE/graphics-$version
}

# prepare KIND...: have all that runs of these kinds need: fast, guest, full, graphics
prepare() {
	local kind

	cache_init
	cache_lock
	cache_kernel
	cache_qemu
	cache_tools
	for kind; do
		"prepare_$kind"
	done
	prepare_gvt
	cache_unlock
}
