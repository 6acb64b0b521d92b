# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # shared with vm.sh
# What the simulated GPU's monitors show.

# picture_pixels NAME X,Y...: write what pipe A shows to NAME.png in the run's folder; prints its colours there
picture_pixels() {
	local file=$run_dir/$1.png

	limited "$(installed_program gvt-gpusim)" --ask "$socket_dir/control" screenshot A "$file" >&2
	limited "$GVT_BUILD/tests/vm/png-pixel" "$file" "${@:2}" | paste -sd' '
}
