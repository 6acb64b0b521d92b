# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A machine with no GPU, no i915 and no mdev: clear words and exit status 6.

want_guest=''
host_gpu=''

step 120 "a host VM without a GPU starts"
host_start

step 60 "every verb says so, or has nothing to say"
for verb in gpus types 'create --type V5_4' 'create --type V5_4 --vm win10'; do
	# shellcheck disable=SC2086 # words
	expect_status 6 host gvt $verb
	expect_match "$verb" 'no Intel GPU' "$messages"
	expect_equal "$verb: output" "" "$output"
done
expect_status 0 host gvt list --no-headings
expect_equal "list" "" "$output"
for verb in show destroy xml detach; do
	expect_status 3 host gvt $verb win10
	expect_match "$verb" "win10" "$messages"
done
expect_status 3 host gvt attach win10 win10
expect_status 0 host gvt restore
expect_status 2 host gvt nonsense
expect_match "misuse" 'nonsense' "$messages"
expect_equal "what is left in /etc/gvt" "" "$(host_shell 'find /etc/gvt -type f 2>/dev/null || true')"
