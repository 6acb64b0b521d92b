// SPDX-License-Identifier: LGPL-2.1-or-later
/* libvirt's library, loaded when it is first needed. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "libvirt-load.h"

#define LIBRARY "libvirt.so.0"

static const struct function {
	const char *name;
	size_t offset;
} functions[] = {
#define FUNCTION(name) { "vir" #name, offsetof(struct gvt_vir, name) },
	GVT_VIR_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

struct gvt_vir gvt_vir;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char why_not[256];

void gvt_libvirt_stay_silent(void *data, virErrorPtr error)
{
}

static void load(void)
{
	void *before = dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD);
	void *library = before ? before : dlopen(LIBRARY, RTLD_NOW);

	for (size_t i = 0; library && i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			library = NULL;
		else
			memcpy((char *)&gvt_vir + functions[i].offset, &function, sizeof(function));
	}
	if (!library)
		snprintf(why_not, sizeof(why_not), "%s", dlerror());
	else if (!before)
		gvt_vir.SetErrorFunc(NULL, gvt_libvirt_stay_silent);
}

int gvt_libvirt_load(struct gvt_ctx *ctx)
{
	pthread_once(&once, load);
	if (!why_not[0])
		return 0;
	gvt_error(ctx, GVT_ERROR_FAILED, -ENOTCONN, "libvirt's library can't be used: %s", why_not);
	gvt_hint(ctx, "install libvirt, 7.8 or later: apt install libvirt-daemon-system");
	return -ENOTCONN;
}
