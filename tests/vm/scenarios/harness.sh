# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The harness itself: exit status, streams, time limits, folders, and what it says when a VM dies.

host_gpu=''
host_mount=$work_dir/shared
mkdir "$host_mount"
echo 'from outside' >"$host_mount/letter"

step 120 "a fast host VM starts"
host_start

step 20 "exit status, output and messages come back apart"
expect_status 42 host_shell 'echo out; echo err >&2; exit 42'
expect_equal "stdout" "out" "$output"
expect_equal "stderr" "err" "$messages"
expect_status 127 host /no/such/program
expect_status 137 host_shell 'kill -KILL $$'
expect_status 3 host_talk -- sh -c 'read -r line; [ "$line" = hello ] && exit 3' <<<hello

step 20 "much data, both ways"
head -c 2000000 /dev/urandom >"$work_dir/data"
expect_equal "checksum" "$(sha256sum <"$work_dir/data")" "$(host_talk -- cat <"$work_dir/data" | sha256sum)"

step 60 "two hundred clients, one right after the other"
for ((i = 0; i < 200; i++)); do
	expect_equal "client $i" "$i" "$(host echo "$i")"
done

step 20 "the caller's folder is /mnt, both ways"
expect_equal "a file of ours" "from outside" "$(host cat /mnt/letter)"
host_shell 'echo "from inside" >/mnt/answer'
expect_equal "a file of the VM's" "from inside" "$(<"$host_mount/answer")"

step 20 "a command that takes too long is ended and named"
expect_status 124 host_talk --timeout 1 --no-stdin -- sleep 1000
expect_match "message" '"sleep" did not end within 1 s' "$messages"
expect_equal "what still sleeps" "" "$(host_shell 'pidof sleep || true')"

step 120 "a guest VM starts in the host VM"
host modprobe kvm-amd
guest_start

step 20 "the guest's exit status, output and messages come back, too"
expect_status 42 guest_shell 'echo out; echo err >&2; exit 42'
expect_equal "stdout" "out" "$output"
expect_equal "stderr" "err" "$messages"
expect_equal "a different machine" "guest" "$(guest hostname)"

step 20 "the caller's folder is /mnt in the guest, too"
expect_equal "a file of ours" "from outside" "$(guest cat /mnt/letter)"
guest_shell 'echo "from the guest" >/mnt/answer'
expect_equal "a file of the guest's" "from the guest" "$(<"$host_mount/answer")"

step 30 "a guest that KVM ends is told from one that dies"
host_shell 'echo "KVM internal error. Suberror: 1" >/run/guest/output
	status=0
	/usr/libexec/gvt-vm/vmsh --pid /run/guest/pid /run/guest/agent sleep 1000 || status=$?
	[ $status = 125 ]'
(guest true) || true
expect_match "reason" 'the guest VM has died' "$(<"$run_dir/reason")"
explain_guest_fate
expect_match "reason" 'ended by KVM .*not by what is under test' "$(<"$run_dir/reason")"
expect_match "reason" 'KVM internal error' "$(<"$run_dir/reason")"
rm "$run_dir/reason"

step 30 "a VM that dies is an error, with the last lines of its console"
(host_shell 'echo "last words of the VM" >/dev/console; echo c >/proc/sysrq-trigger') || true
expect_match "reason" 'the host VM has died' "$(<"$run_dir/reason")"
expect_match "reason" 'last words of the VM' "$(<"$run_dir/reason")"
expect_match "reason" 'sysrq triggered crash' "$(<"$run_dir/reason")"
rm "$run_dir/reason"

step 30 "a scenario that fails is reported with its step, and leaves nothing behind"
before=$(find /tmp -maxdepth 1 -name 'gvt-vm.*' | sort)
# Three scenarios made for this: one fails, one waits too long, one passes.
mkdir -p "$work_dir/tests/vm/scenarios"
ln -s "$top_source/kernel-gvt" "$work_dir/"
ln -s "$vm_source"/{lib,init,run} "$work_dir/tests/vm/"
echo 'step 5 "all is well"' >"$work_dir/tests/vm/scenarios/passes.sh"
echo 'step 5 "it breaks"; echo some words; false' >"$work_dir/tests/vm/scenarios/fails.sh"
echo 'step 1 "it waits"; limited sleep 1000' >"$work_dir/tests/vm/scenarios/waits.sh"
expect_status 1 limited env GVT_ARTEFACTS="$work_dir/inner" "$work_dir/tests/vm/run" passes fails waits
expect_match "summary" '^1 passed, 2 failed' "$output"
expect_match "the failed step" 'FAIL.*it breaks' "$messages"
expect_match "its output" 'some words' "$messages"
expect_match "the step that waits" 'FAIL.*it waits' "$messages"
expect_match "path of the logs" "all logs: $work_dir/inner/fails" "$messages"
expect_status 0 limited env GVT_ARTEFACTS="$work_dir/inner" "$work_dir/tests/vm/run" passes
expect_match "summary" '^1 passed, 0 failed' "$output"
expect_equal "what is left in /tmp" "$before" "$(find /tmp -maxdepth 1 -name 'gvt-vm.*' | sort)"
