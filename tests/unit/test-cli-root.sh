# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A host in a folder for the tests of the command: make_root FOLDER. As files are no kernel, what
# gvt writes to "create" and "remove" stays there to be looked at, and no vGPU becomes active by
# it.

gpu=0000:00:02.0

add_type() { # ROOT NAME AVAILABLE LOW HIGH RESOLUTION WEIGHT
	local folder=$1/sys/devices/pci0000:00/$gpu/mdev_supported_types/i915-GVTg_$2
	mkdir -p "$folder/devices"
	echo "$3" >"$folder/available_instances"
	echo vfio-pci >"$folder/device_api"
	: >"$folder/create"
	printf 'low_gm_size: %sMB\nhigh_gm_size: %sMB\nfence: 4\nresolution: %s\nweight: %s\n' \
		"$4" "$5" "$6" "$7" >"$folder/description"
}

add_mdev() { # ROOT UUID NAME
	local folder=$1/sys/devices/pci0000:00/$gpu/$2
	mkdir -p "$folder"
	: >"$folder/remove"
	ln -s "../mdev_supported_types/i915-GVTg_$3" "$folder/mdev_type"
	ln -s "../../../devices/pci0000:00/$gpu/$2" "$1/sys/bus/mdev/devices/$2"
}

add_definition() { # ROOT UUID NAME MORE
	mkdir -p "$1/etc/gvt/vgpus"
	echo "<vgpu><uuid>$2</uuid><type>i915-GVTg_$3</type><gpu>$gpu</gpu>$4</vgpu>" \
		>"$1/etc/gvt/vgpus/$2.xml"
}

make_root() {
	local device=$1/sys/devices/pci0000:00/$gpu
	mkdir -p "$device" "$1"/{etc,run,proc} "$1"/sys/bus/{pci,mdev}/devices "$1/sys/class/mdev_bus" \
		"$1/sys/bus/pci/drivers/i915" "$1/sys/module/i915/parameters" "$1/sys/module/kvmgt"
	echo 0x8086 >"$device/vendor"
	echo 0x1912 >"$device/device"
	echo 0x030000 >"$device/class"
	printf '%s\n' '0xf0000000 0xf0ffffff 0x140204' '0 0 0' '0xc0000000 0xdfffffff 0x14220c' \
		>"$device/resource"
	ln -s ../../../bus/pci/drivers/i915 "$device/driver"
	ln -s "../../../devices/pci0000:00/$gpu" "$1/sys/bus/pci/devices/$gpu"
	ln -s "../../devices/pci0000:00/$gpu" "$1/sys/class/mdev_bus/$gpu"
	echo Y >"$1/sys/module/i915/parameters/enable_gvt"
	echo 0 >"$1/sys/module/i915/parameters/enable_guc"
	add_type "$1" V5_1 0 512 2048 1920x1200 16
	add_type "$1" V5_4 3 128 512 1920x1200 4
	add_type "$1" V5_8 6 64 384 1024x768 2
}
