# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # what this sets is used by those who source it
# The cache: what is downloaded, unpacked or made once and used by every run.
#
# A piece is a file or folder of $GVT_CACHE whose name carries its version. It is made under a temporary name and renamed
# when it is finished, so a piece that is there is whole. Pieces that are there are used with no look at the network.

long_step_status=0

cache_init() {
	mkdir -p "$GVT_CACHE"
	GVT_CACHE=$(cd "$GVT_CACHE" && pwd -P)
	# One process fills the cache at a time; the descriptor stays open while this one works on it.
	exec {cache_lock_fd}>"$GVT_CACHE/.lock"
}

cache_lock() {
	if ! flock -n "$cache_lock_fd"; then
		note "  waiting for another process that fills $GVT_CACHE"
		flock "$cache_lock_fd"
	fi
	# What a killed run has left half-made: nobody else can be working on it.
	rm -rf "$GVT_CACHE"/.new.*
}

cache_unlock() {
	flock -u "$cache_lock_fd"
}

# cache_make KIND-VERSION WHAT COMMAND...: make that piece, unless it is there, by COMMAND... PATH-TO-MAKE
cache_make() {
	local name=$1 what=$2 new
	shift 2

	[[ ! -e $GVT_CACHE/$name ]] || return 0
	new=$GVT_CACHE/.new.$name
	long_step "$what" "$@" "$new"
	if ((long_step_status != 0)); then
		rm -rf "$new" "$new".*
		die "could not prepare: $what"
	fi
	mv -T "$new" "$GVT_CACHE/$name"
	# What an older recipe has made, unless someone else may be at work with it.
	find "$GVT_CACHE" -maxdepth 1 -name "${name%-*}-*" ! -name "$name" -mtime +1 -exec rm -rf {} +
}

# cache_newest PREFIX: prints the newest version of a piece, fails if there is none
cache_newest() {
	local found

	found=$(find "$GVT_CACHE" -maxdepth 1 -name "$1*" -printf '%f\n' | sort -V | tail -n 1)
	[[ -n $found ]] && printf '%s' "$found"
}

# short_hash TEXT...: names a piece by all that goes into it
short_hash() {
	printf '%s\n' "$@" | sha256sum | cut -c 1-12
}

# The package mirror that this machine itself uses for Debian (not for Debian-Security).
debian_mirror() {
	local mirror=${GVT_MIRROR:-}

	if [[ -z $mirror ]]; then
		# shellcheck disable=SC2016 # apt-get's variables, not the shell's
		mirror=$(apt-get indextargets --format '$(SITE) $(LABEL)' 'Created-By: Packages' |
			awk '$2 == "Debian" || ($2 == "" && $1 ~ /\/debian\/?$/) { print $1; exit }')
	fi
	[[ -n $mirror ]] || die "no Debian mirror in apt's configuration; name one: GVT_MIRROR=http://..."
	printf '%s' "$mirror"
}

# unpack_packages SUITE... -- PACKAGES OPTION... DIR: unpack packages and what they need, run none of their scripts
unpack_packages() {
	local suites=() packages mirror lines=() options=()

	while [[ $1 != -- ]]; do
		suites+=("$1")
		shift
	done
	packages=$2
	shift 2
	while (($# > 1)); do
		options+=("$1")
		shift
	done
	mirror=$(debian_mirror)
	for suite in "${suites[@]}"; do
		lines+=("deb $mirror $suite main")
	done
	mapfile -t -O "${#options[@]}" options < <(apt_options_to_pass_on)
	mmdebstrap --variant=extract --include="$packages" "${options[@]}" "${suites[0]}" "$1" "${lines[@]}"
}

# How this machine reaches its mirror, said again to the apt of another root.
apt_options_to_pass_on() {
	apt-config dump 2>/dev/null |
		sed -nE 's/^(Acquire::https?::(Proxy|Verify-Peer|CaInfo)[^ ]*) "(.+)";$/--aptopt=\1 "\3"/p'
}

# The kernel of both VMs: bookworm's current one as apt knows it now; where it can't be had, the newest that is here.
#
# Sets: kernel_name (its piece in the cache), kernel_release, kernel_image, kernel_dir
cache_kernel() {
	local package='' version=''

	# An apt that was never updated, or of another release, knows no such package: then what is here must do.
	read -r package version < <(apt-cache show --no-all-versions linux-image-amd64 2>/dev/null |
		sed -nE 's/^Depends:.*(linux-image-6\.1\.[^ ]+) \(= ([^)]+)\).*/\1 \2/p') || true
	kernel_name=${package}_$version
	if [[ -n $package && ! -e $GVT_CACHE/$kernel_name ]]; then
		long_step "kernel $version" unpack_kernel "$package" "$GVT_CACHE/.new.kernel"
		((long_step_status != 0)) || mv -T "$GVT_CACHE/.new.kernel" "$GVT_CACHE/$kernel_name"
	fi
	if [[ -z $package || ! -e $GVT_CACHE/$kernel_name ]]; then
		kernel_name=$(cache_newest linux-image-6.1.) ||
			die "apt knows no kernel linux-image-6.1 that can be downloaded; try apt-get update"
		note "  going on with $kernel_name"
	fi
	kernel_dir=$GVT_CACHE/$kernel_name
	kernel_release=$(cd "$kernel_dir/lib/modules" && echo *)
	kernel_image=$kernel_dir/boot/vmlinuz-$kernel_release
}

unpack_kernel() {
	local package=$1 dir=$2

	mkdir -p "$dir/download"
	(cd "$dir/download" && apt-get download "$package")
	dpkg-deb -x "$dir"/download/*.deb "$dir"
	rm -r "$dir/download"
	depmod -b "$dir" "$(cd "$dir/lib/modules" && echo *)"
}

# What a module for that kernel is built with: headers, and the source of i915 that is exactly its own.
#
# Sets: kernel_headers, kernel_source
cache_kernel_build() {
	local version=${kernel_name##*_} name

	name=kernel-build-$kernel_release-$version
	cache_make "$name" "headers and i915's source of kernel $version (150 MB)" unpack_kernel_build "$version"
	kernel_headers=$GVT_CACHE/$name/usr/src/linux-headers-$kernel_release
	kernel_source=$GVT_CACHE/$name/source
}

# download_kernel_build VERSION DIR: the packages that a module for the VMs' kernel is built with
download_kernel_build() {
	local version=$1 dir=$2 package common=linux-headers-${kernel_release%-*}-common

	mkdir -p "$dir"
	(cd "$dir" && for package in linux-headers-amd64 "linux-headers-$kernel_release" "$common" linux-kbuild-6.1 linux-source-6.1; do
		apt-get download "$package=$version"
	done)
}

# Debian's headers name each other by absolute paths below /usr/src; a folder of ours needs its own.
unpack_kernel_build() {
	local version=$1 dir=$2 package common=linux-headers-${kernel_release%-*}-common

	mkdir -p "$dir/source"
	download_kernel_build "$version" "$dir/download"
	for package in "$dir"/download/*.deb; do
		dpkg-deb -x "$package" "$dir"
	done
	tar -x -f "$dir/usr/src/linux-source-6.1.tar.xz" -C "$dir/source" --strip-components=1 --wildcards \
		--no-wildcards-match-slash '*/Makefile' '*/drivers/gpu/drm/i915' '*/scripts/checkpatch.pl' \
		'*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch'
	rm -r "$dir/download" "$dir/usr/src/linux-source-6.1.tar.xz" "$dir/usr/share"
	printf 'include $(dir $(lastword $(MAKEFILE_LIST)))../%s/Makefile\n' "$common" \
		>"$dir/usr/src/linux-headers-$kernel_release/Makefile"
}

# The QEMU that runs L1 (>= 10.1, for vfio-user): $GVT_QEMU, the system's, or the one of trixie-backports.
#
# Sets: qemu, the command with its first arguments
cache_qemu() {
	local dir system

	system=${GVT_QEMU:-$(command -v qemu-system-x86_64 || true)}
	if [[ -n $system ]] && "$system" -device help 2>/dev/null | grep -q '"vfio-user-pci"'; then
		qemu=("$system")
		return
	fi
	[[ -z ${GVT_QEMU:-} ]] || die "$GVT_QEMU offers no vfio-user-pci: QEMU 10.1 or newer is needed"
	if ! cache_newest qemu-trixie- >/dev/null; then
		cache_make qemu-trixie-unnamed "QEMU of trixie-backports (170 MB)" unpack_packages trixie trixie-backports \
			-- qemu-system-x86,seabios '--aptopt=APT::Default-Release "trixie-backports"'
		set_qemu_command "$GVT_CACHE/qemu-trixie-unnamed"
		mv -T "$GVT_CACHE/qemu-trixie-unnamed" "$GVT_CACHE/qemu-trixie-$("${qemu[@]}" --version |
			sed -nE '1s/.*version ([0-9.]+).*/\1/p')"
	fi
	dir=$GVT_CACHE/$(cache_newest qemu-trixie-)
	set_qemu_command "$dir"
}

set_qemu_command() {
	qemu=("$1/usr/lib64/ld-linux-x86-64.so.2" --library-path "$1/usr/lib/x86_64-linux-gnu"
		"$1/usr/bin/qemu-system-x86_64" -L "$1/usr/share/qemu" -L "$1/usr/share/seabios")
}

# Debian 12's own programs, for the fast tier's L1 and for L2.
tools_packages='qemu-system-x86,seabios,ipxe-qemu,pciutils,busybox-static'

# Sets: tools_dir, tools_name
cache_tools() {
	tools_name=tools-bookworm-$(short_hash "$tools_packages")
	cache_make "$tools_name" "Debian 12's QEMU and tools (180 MB)" unpack_packages bookworm -- "$tools_packages"
	tools_dir=$GVT_CACHE/$tools_name
}
