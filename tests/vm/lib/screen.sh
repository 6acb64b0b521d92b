# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # shared with vm.sh and guest.sh
# What a guest's monitor shows, as QEMU has it.

# qemu_ask COMMAND-AS-JSON...: QMP, of a guest that has a display; prints the answers
qemu_ask() {
	local command script='exec 3<>/run/'$guest_name'/monitor.out; exec 4>/run/'$guest_name'/monitor.in'

	# The greeting, or events, may come between.
	for command in "$@"; do
		script+="; echo '$command' >&4"
		script+='; while read -r line <&3; do case $line in *return*) echo "$line"; break ;; *error*) echo "$line"; exit 1 ;; esac; done'
	done
	host_shell "$script"
}

# qemu_screendump NAME: what QEMU shows, to NAME.png in the run's folder
qemu_screendump() {
	local file=/run/$guest_name/screen.png

	qemu_ask '{"execute": "qmp_capabilities"}' >/dev/null || true
	qemu_ask '{"execute": "screendump", "arguments": {"filename": "'"$file"'", "format": "png"}}'
	host cat "$file" >"$run_dir/$1.png"
}
