# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Killed in the midst of a change, with a real libvirt and the module: the next change finds things as they were, or as
# they were to be. (GVT_INSTANTS: at how many of each change's system calls.)

host_tier=full
want_guest=''
seed=${GVT_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
instants=${GVT_INSTANTS:-4}
limit=$((30 + 8 * instants))
uuid=aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa
create="gvt create --type V5_8 --uuid $uuid --name desk -q"

# killed PREPARE CHANGE [NEXT]
killed() {
	expect_status 0 host "$vm_libexec/killed" "$instants" "$seed" "$@"
	expect_match "instants" '^of [0-9]+ calls: undone [0-9]+, done [0-9]+$' "$output"
	note "       $output"
}

step 180 "host VM starts, with libvirt (again: GVT_SEED=$seed)"
host_start
host systemctl start libvirtd
host virsh define "$vm_libexec/win10.xml"
host mkdir -p /etc/gvt/vgpus /run/gvt

step "$limit" "create for a domain"
killed : "$create --vm win10"

step "$limit" "attach"
killed "$create" "gvt attach desk win10 -q"

step "$limit" "detach"
killed "$create --vm win10" "gvt detach win10 -q"

step "$limit" "destroy"
killed "$create --vm win10" "gvt destroy desk -q"

step "$limit" "edit"
host_shell 'printf "#!/bin/sh\nsed -i s,desk,seat, \"\$1\"\n" >/run/editor && chmod +x /run/editor'
killed "$create --vm win10" "env EDITOR=/run/editor gvt edit desk"

step "$limit" "restore, which is then done once more"
killed "gvt define --type V5_8 --uuid $uuid --name desk -q; gvt define --type V5_8 --uuid ${uuid//a/b} --name seat -q" \
	"gvt restore -q" "gvt restore -q"
