# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2034,SC2154
# The same on a Kaby Lake.

want_guest=''
host_gpu=kbl-gt2
. "$vm_source/lib/host-i915.sh"

host_i915 V5
