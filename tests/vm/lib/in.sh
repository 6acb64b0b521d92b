# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with run and vm.sh
# tests/vm/run --in: one command or a shell in a VM that is started for it.

in_shell=''
in_load=''
in_driver=yes
in_vgpu=''
in_timeout=''
in_is_up=''

in_parse() {
	in_vm=${1:-}
	[[ $in_vm == host || $in_vm == guest ]] || misuse "--in takes host or guest"
	shift
	want_guest=''
	[[ $in_vm == host ]] || want_guest=yes
	while (($# > 0)); do
		case $1 in
		--mount)
			[[ -d ${2:-} ]] || misuse "--mount takes a folder"
			host_mount=$(cd "$2" && pwd)
			shift
			;;
		--vgpu)
			in_vgpu=${2:-}
			[[ -n $in_vgpu ]] || misuse "--vgpu takes a type"
			shift
			;;
		--device)
			host_gpu=${2:-}
			[[ -n $host_gpu ]] || misuse "--device takes the name of a GPU; gvt-gpusim --device help lists them"
			shift
			;;
		--aperture)
			host_aperture=${2:-}
			shift
			;;
		--monitor)
			[[ ${2:-} == *=* ]] || misuse "--monitor takes CONNECTOR=MODE, such as HDMI-B=1024x768"
			host_monitor+="$2 "
			shift
			;;
		--timeout)
			in_timeout=${2:-}
			[[ $in_timeout =~ ^[0-9]+$ ]] || misuse "--timeout takes seconds"
			shift
			;;
		--gvt) in_load=yes ;;
		--kvmgt)
			in_load=yes
			host_driver=kvmgt
			;;
		--no-driver) in_driver='' ;;
		--no-gpu) host_gpu='' ;;
		--full) host_tier=full ;;
		--graphics) host_graphics=yes ;;
		--shell) in_shell=yes ;;
		-h | --help)
			usage
			exit 0
			;;
		--)
			shift
			in_command=("$@")
			break
			;;
		*) misuse "unknown option $1; a command comes after --" ;;
		esac
		shift
	done
	# Types are called after the GPU's generation.
	[[ -n $in_vgpu ]] || case $host_gpu in
	bdw-*) in_vgpu=V4_4 ;;
	*) in_vgpu=V5_4 ;;
	esac
	if [[ -n $in_shell ]]; then
		((${#in_command[@]} == 0)) || misuse "--shell takes no command"
		in_command=(sh)
		[[ $host_tier == fast && -z $host_graphics ]] || in_command=(bash)
	fi
	((${#in_command[@]} > 0)) || misuse "--in needs a command after --, or --shell"
	[[ $in_vm == host || ($host_tier == fast && -n $host_gpu) ]] ||
		misuse "--in guest goes without --full and --no-gpu"
	[[ -z $host_graphics || ($in_vm == host && $host_tier == fast) ]] ||
		misuse "--graphics goes with --in host, and without --full"
}

in_finish() {
	local status=$?

	trap '' INT TERM HUP
	trap - EXIT
	set +e
	if ((status == 130 || status == 143)); then
		rm -rf "$run_dir"
	elif [[ -s $run_dir/reason ]]; then
		printf '%s\n' "$(<"$run_dir/reason")" "all logs: $run_dir" >&"$terminal"
	elif [[ -z $in_is_up && -n $run_dir ]]; then
		printf '%s\n' "the VM did not come up, at: $step_name" "$(tail -n 10 "$run_dir/output.log")" \
			"all logs: $run_dir" >&"$terminal"
	fi
	vm_cleanup
	exit "$status"
}

# The steps tell a waiting person what goes on; with output to a file they would only be in the way.
in_run() {
	local status=0 options=()

	[[ -t 2 ]] || GVT_QUIET=yes
	if [[ $host_tier == full ]]; then
		prepare full guest
	else
		prepare fast ${want_guest:+guest} ${host_graphics:+graphics}
	fi
	trap in_finish EXIT
	trap 'trap "" INT TERM HUP; exit 130' INT
	trap 'trap "" INT TERM HUP; exit 143' TERM HUP
	vm_paths "in-$in_vm.$$"
	payload_install
	in_boot >>"$run_dir/output.log" 2>&1
	in_is_up=yes

	step_start=$EPOCHREALTIME
	step_limit=${in_timeout:-999999}
	[[ -z $host_mount ]] || options+=(--chdir /mnt)
	if [[ -n $in_shell && -t 0 ]]; then
		options+=(--pty --env "TERM=${TERM:-vt100}")
	fi
	"${in_vm}_talk" "${options[@]}" -- "${in_command[@]}" || status=$?
	# What the command itself has failed at is not in the logs.
	((status >= 124)) || rm -rf "$run_dir"
	exit "$status"
}

in_boot() {
	local uuid

	step 120 "host VM is up"
	host_start
	if [[ -n $host_gpu && $host_tier == fast && ($in_vm == guest || -n $in_driver) ]]; then
		step 300 "host VM: i915 (on a monitor it draws its console first)"
		host modprobe i915
	fi
	if [[ -n $in_load || ($in_vm == guest && $in_vgpu != none) ]]; then
		step 60 "host VM: $host_driver"
		host_load_gvt
	fi
	if [[ $in_vm == guest ]]; then
		uuid=''
		step 120 "guest VM is up"
		if [[ $in_vgpu != none ]]; then
			uuid=$(vgpu_make "$in_vgpu")
		else
			host modprobe -a kvm-amd
		fi
		guest_start ${uuid:+"$uuid"}
		if [[ -n $in_driver && -n $uuid ]]; then
			step 300 "guest VM: i915 (its GGTT takes a minute or two)"
			guest_load_i915
		fi
	fi
	step_end
}
