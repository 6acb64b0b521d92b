# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR/.. disable=SC2034,SC2154
# The distribution's i915 and kvmgt, and gvt, take the simulated GPU for a real one, and complain of nothing.

want_guest=''
. "$vm_source/lib/host-i915.sh"

host_i915 V5
