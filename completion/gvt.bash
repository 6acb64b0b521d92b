# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of gvt(1): verbs and options as its help names them, the rest as the host has it.

# Options of gvt or of one of its verbs, from its help.
_gvt_options() {
	gvt "$@" --help 2>/dev/null | grep '^  ' | grep -oE -- ' --?[a-zA-Z][a-z-]*'
}

_gvt_verbs() {
	gvt --help 2>/dev/null | awk '/^Verbs:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'
}

# One column of a listing, without what is empty.
_gvt_column() {
	gvt "${base[@]}" "$1" --no-headings --columns "$2" -q 2>/dev/null | grep -vx -- -
}

_gvt_domains() {
	virsh "${connect[@]}" --quiet list --all --name 2>/dev/null
}

_gvt_vgpus() {
	_gvt_column list uuid
	_gvt_column list name
	_gvt_column list vm
}

# The verb, the number of its arguments so far, and where to look, from the words before the cursor. Bash takes the "=" of
# --option=value, and of set's values, for a word of its own.
_gvt_scan_line() {
	local i value
	for ((i = 1; i < COMP_CWORD; i++)); do
		value=$((i + 1))
		[[ ${COMP_WORDS[value]:-} != = ]] || ((++value))
		case ${COMP_WORDS[i]} in
		--base) base=(--base "${COMP_WORDS[value]:-/}") i=$value ;;
		--connect) connect=(--connect "${COMP_WORDS[value]:-}") i=$value ;;
		=) ((++i)) ;;
		--type | --vm | --gpu | --name | --uuid | --columns | --wait | --resolution | --aperture | --hidden | --fences | --weight | --cap | --display | --svg | --ramfb | --rom | --delay | --output | -[tgnucwrdo]) i=$value ;;
		-*) ;;
		*)
			if [[ -z $verb ]]; then
				verb=${COMP_WORDS[i]}
			else
				((++arguments))
			fi
			;;
		esac
	done
}

_gvt_columns() {
	gvt "${base[@]}" "$verb" 2>/dev/null | head -n 1 | tr -s ' ' '\n' | tr '[:upper:]' '[:lower:]'
}

_gvt_words() {
	case $verb:$arguments in
	:*) _gvt_verbs ;;
	show:0 | destroy:0 | undefine:0 | start:0 | stop:0 | set:0 | edit:0 | rename:0 | autostart:0 | xml:0 | \
		attach:0 | detach:0 | screenshot:0) _gvt_vgpus ;;
	set:*) printf '%s\n' aperture= hidden= fences= resolution= weight= cap= display= ;;
	doctor:*) _gvt_column types type ;;
	export:0) printf '%s\n' xml mdevctl libvirt kubevirt nova proxmox ;;
	export:1) _gvt_vgpus ;;
	import:0) printf '%s\n' mdevctl libvirt ;;
	plan:*) _gvt_column types type ;;
	autostart:1) printf '%s\n' yes no ;;
	define:0 | validate:0) compgen -f -- "$current" ;;
	attach:1) _gvt_domains ;;
	screenshot:1) compgen -f -- "$current" ;;
	help:0) _gvt_verbs ;;
	esac
}

_gvt() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local verb='' arguments=0 base=() connect=() words
	COMPREPLY=()
	_gvt_scan_line
	if [[ $current == = ]]; then
		current=''
	elif [[ $previous == = ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $previous in
	--base)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	--type | -t) words=$(_gvt_column types type) ;;
	--vm) words=$(_gvt_domains) ;;
	--gpu | -g) words=$(_gvt_column gpus gpu) ;;
	--columns | -c) words=$(_gvt_columns) ;;
	--name | --uuid | --wait | --delay | --connect | -[nuwd]) return ;;
	--output | -o | --svg | --rom)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--ramfb) words='on off' ;;
	--display) words='on off auto region dmabuf' ;;
	--resolution | -r) words='1024x768 1280x720 1280x1024 1920x1080 1920x1200 2560x1440 3840x2160' ;;
	*)
		if [[ $current == -* ]]; then
			# A verb is one word of the help, or none.
			words=$(_gvt_options ${verb:+"$verb"})
		else
			words=$(_gvt_words)
			[[ $verb:$arguments != set:[1-9]* ]] || compopt -o nospace 2>/dev/null
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	# A PCI address has colons, at which bash breaks words.
	if declare -F __ltrim_colon_completions >/dev/null; then
		__ltrim_colon_completions "$current"
	fi
}

complete -F _gvt gvt
