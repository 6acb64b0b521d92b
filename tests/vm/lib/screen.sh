# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # shared with vm.sh and guest.sh
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

# set_all_modes: has modetest set each mode of the guest's monitor, and flip in it. Prints modes, their rates, and how many
# flips a second there were: too many are a failure at once; a machine that is emulated twice misses a frame now and
# then, so that the first 60 flips count that come at the rate, within 2 %. (mawk would read on to the end.)
set_all_modes() {
	guest_shell '
		mkfifo /run/nobody; exec 9<>/run/nobody
		set -- $(modetest -M i915 -c 2>/dev/null | awk "/^[0-9]+\t[0-9]+\tconnected/ { connector = \$1 }
			/^  #[0-9]+ / { modes[n++] = \$1 \":\" \$2 \":\" \$3 }
			END { print connector; for (i = 0; i < n; i++) print modes[i] }")
		connector=$1; shift
		for mode; do
			timeout 60 modetest -M i915 -s "$connector:${mode%%:*}" -v 2>&1 <&9 |
				busybox awk -v mode="$mode" "BEGIN { split(mode, m, \":\"); rate = m[3] }
					/failed|error/ { print; exit 1 }
					/^freq:/ { flips = \$2 + 0 }
					flips > rate * 1.02 { print m[2], rate, flips, \"are too many\"; exit 1 }
					flips > rate * 0.98 { print m[2], rate, flips; right = 1; exit 0 }
					END { exit !right }"
		done'
}

# screenshot NAME: what gvt says that the vGPU $uuid shows, to NAME-gvt.png in the run's folder
screenshot() {
	host gvt screenshot "$uuid" /run/picture.png
	host cat /run/picture.png >"$run_dir/$1-gvt.png"
}

# pictures NAME: what QEMU and gvt show, which must be the same
pictures() {
	qemu_screendump "$1"
	screenshot "$1"
	"$GVT_BUILD/tests/vm/png-same" "$run_dir/$1.png" "$run_dir/$1-gvt.png"
}

# pixels NAME [X,Y...]: the colours in that picture; without places, its size
pixels() {
	"$GVT_BUILD/tests/vm/png-pixel" "$run_dir/$1.png" "${@:2}" | paste -sd' '
}

# begin_show OPTION...: have kms-show show that in the guest, until it is killed
begin_show() {
	guest_shell "(setsid $vm_libexec/kms-show $* >/run/shown 2>&1 </dev/null &)
		until grep shown /run/shown; do ! grep kms-show: /run/shown || exit 1; done"
}

# show NAME OPTION...: what kms-show shows in the guest, as pictures
show() {
	begin_show "${@:2}"
	pictures "$1"
	guest pkill kms-show
}
