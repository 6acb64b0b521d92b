# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/.. disable=SC2154
# The harness in one go. $vm_source is the folder of tests/vm/run.

. "$vm_source/lib/say.sh"
. "$vm_source/lib/cache.sh"
. "$vm_source/lib/image.sh"
. "$vm_source/lib/payload.sh"
. "$vm_source/lib/step.sh"
. "$vm_source/lib/vm.sh"
. "$vm_source/lib/guest.sh"
. "$vm_source/lib/kernel-log.sh"
. "$vm_source/lib/picture.sh"
. "$vm_source/lib/screen.sh"
