/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drm_fourcc.h - the kernel's, as libdrm has it */
#include <libdrm/drm_fourcc.h>
