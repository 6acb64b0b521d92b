// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../parser/parser.h"
#include "context.h"
#include "execlist.h"
#include "gpu.h"
#include "ppgtt.h"
#include "vgpu.h"
#include "workload.h"

/* A descriptor. */
#define DESC_VALID	BIT(0)
#define DESC_ADDRESSING 0x18u
#define DESC_32_BIT	0x08u /* three levels */
#define DESC_64_BIT	0x18u
#define DESC_LRCA	0xfffff000u

/* The second page: where each register's value is (Skylake PRM, vol. 7, "Register State Context"). */
enum {
	CTX_CONTROL = 0x03,
	CTX_HEAD = 0x05,
	CTX_TAIL = 0x07,
	CTX_START = 0x09,
	CTX_RING_CTL = 0x0b,
	CTX_BB_STATE = 0x11,
	CTX_PER_CONTEXT_BATCH = 0x19,
	CTX_INDIRECT = 0x1b,
	CTX_INDIRECT_OFFSET = 0x1d,
	CTX_TIMESTAMP = 0x23,
	CTX_PDP3 = 0x25, /* upper half, then two further the lower; then PDP2 … */
	CTX_PDP0 = 0x31,
};

#define CONTROL_RESTORE_INHIBIT BIT(0)
#define RING_CTL_SIZE		0x001ff000u
#define PAGE_BYTES		4096u

/* Images of contexts that wait to be used again are memory of the host. */
#define CONTEXTS_MAX 512u

static const u32 *guest_registers(struct vgpu *vgpu, u32 lrca)
{
	return vgpu_ggtt_memory(vgpu, (u64)lrca + PAGE_BYTES);
}

static u32 ring_size_of(u32 control)
{
	return (control & RING_CTL_SIZE) + PAGE_BYTES;
}

static bool is_power_of_two_ring(u32 size)
{
	return is_power_of_2(size) && size <= SZ_2M;
}

int vgpu_context_read_tail(struct vgpu *vgpu, struct vgpu_context *context, u32 *tail)
{
	const u32 *registers = guest_registers(vgpu, context->lrca);
	u32 value;

	if (!registers)
		return -EFAULT;
	value = READ_ONCE(registers[CTX_TAIL]);
	if (value >= context->ring_size || value % 8)
		return -EINVAL;
	*tail = value;
	return 0;
}

static u64 directory(const u32 *registers, unsigned int n)
{
	unsigned int place = CTX_PDP0 - 4 * n;

	return (u64)registers[place] << 32 | registers[place + 2];
}

static int shadow_tables(struct vgpu *vgpu, struct vgpu_context *context, unsigned int levels)
{
	u64 roots[4], shadows[4];
	int err;

	for (unsigned int n = 0; n < 4; n++)
		roots[n] = directory(context->registers, n);
	err = vgpu_ppgtt_get(vgpu, levels, roots, &context->ppgtt);
	if (err)
		return err;
	for (unsigned int n = 0; n < 4; n++)
		shadows[n] = vgpu_ppgtt_root(context->ppgtt, n);
	gvt_host_context_set_roots(context->host, shadows);
	return 0;
}

/* Fields of the second page that the guest's image keeps, whatever the hardware has saved. */
static bool is_guests_own(unsigned int dword)
{
	switch (dword) {
	case CTX_CONTROL:
	case CTX_HEAD:
	case CTX_TAIL:
	case CTX_START:
	case CTX_RING_CTL:
	case CTX_PER_CONTEXT_BATCH:
	case CTX_INDIRECT:
	case CTX_INDIRECT_OFFSET:
		return true;
	default:
		return dword >= CTX_PDP3 && dword <= CTX_PDP0 + 2 && dword % 2;
	}
}

void vgpu_context_write_back(struct vgpu *vgpu, struct vgpu_context *context)
{
	unsigned int pages, page;
	const u32 *shadow = gvt_host_context_image(context->host, &pages);
	u32 *registers = vgpu_ggtt_memory(vgpu, (u64)context->lrca + PAGE_BYTES);

	if (!registers)
		return;
	for (unsigned int i = 0; i < CONTEXT_REGISTERS; i++)
		if (!is_guests_own(i))
			context->registers[i] = shadow[CONTEXT_REGISTERS + i];
	context->registers[CTX_HEAD] = context->tail;
	context->registers[CTX_TAIL] = context->tail;
	/* Masked: the bit, and that it is meant. */
	context->registers[CTX_CONTROL] &= ~CONTROL_RESTORE_INHIBIT;
	for (unsigned int i = 0; i < CONTEXT_REGISTERS; i++)
		if (i != CTX_TAIL)
			WRITE_ONCE(registers[i], context->registers[i]);
	for (page = 2; page < pages; page++) {
		void *to = vgpu_ggtt_memory(vgpu, (u64)context->lrca + page * PAGE_BYTES);

		if (!to)
			return;
		memcpy(to, (const u8 *)shadow + page * PAGE_BYTES, PAGE_BYTES);
	}
}

/* Pages of the image, but for those at its end that are the same in both. */
static unsigned int pages_that_differ(struct vgpu *vgpu, const struct vgpu_context *context, const void *shadow,
				      unsigned int pages)
{
	for (; pages > 2; pages--) {
		u32 at = (pages - 1) * PAGE_BYTES;
		const void *guest = vgpu_ggtt_memory(vgpu, (u64)context->lrca + at);

		if (!guest || memcmp(guest, (const u8 *)shadow + at, PAGE_BYTES))
			break;
	}
	return pages;
}

/* The guest's in one piece, from the registers' page on: what is looked at is what is taken. Or NULL. */
static u32 *copy_image(struct vgpu *vgpu, const struct vgpu_context *context, unsigned int pages)
{
	u32 *copy = kvmalloc_array(pages - 1, PAGE_BYTES, GFP_KERNEL);

	if (copy && !vgpu_ggtt_copy(vgpu, (u64)context->lrca + PAGE_BYTES, copy, (pages - 1) * PAGE_BYTES))
		return copy;
	kvfree(copy);
	return NULL;
}

/* A guest that has written its image since hardware saved it, or before it ran first, means what it wrote. */
static void take_image(struct vgpu *vgpu, struct vgpu_context *context)
{
	struct gvt_parser parser = { .generation = vgpu->gpu->info->generation, .engine = context->engine };
	unsigned int pages;
	u32 *shadow = gvt_host_context_image(context->host, &pages), *guest;

	if (context->registers[CTX_CONTROL] & CONTROL_RESTORE_INHIBIT)
		return;
	pages = pages_that_differ(vgpu, context, shadow, pages);
	guest = copy_image(vgpu, context, pages);
	if (guest)
		gvt_parse_image(&parser, shadow + CONTEXT_REGISTERS, guest, (pages - 1) * CONTEXT_REGISTERS);
	kvfree(guest);
}

static struct vgpu_context *find(struct vgpu *vgpu, enum gvt_engine engine, u32 lrca)
{
	struct vgpu_context *context;

	list_for_each_entry(context, &vgpu->execlists[engine].contexts, node)
		if (context->lrca == lrca)
			return context;
	return NULL;
}

static int check_ring(struct vgpu_context *context)
{
	context->ring_start = context->registers[CTX_START];
	context->ring_size = ring_size_of(context->registers[CTX_RING_CTL]);
	context->tail = context->registers[CTX_HEAD] & (SZ_2M - 1);
	if (!is_power_of_two_ring(context->ring_size) || context->ring_start % PAGE_BYTES ||
	    context->tail >= context->ring_size || context->tail % 4)
		return -EINVAL;
	return 0;
}

u32 vgpu_context_copy_size(const struct vgpu *vgpu, const struct vgpu_context *context)
{
	u32 least = gvt_parser_copies_batches(context->engine, vgpu->gpu->info->generation) ? SZ_256K : SZ_16K;

	return clamp(context->ring_size, least, (u32)SZ_512K);
}

static int make_shadow(struct vgpu *vgpu, struct vgpu_context *context, unsigned int levels)
{
	/* Room for two workloads and what the host adds, so that nobody has to wait for room. */
	u32 ring_size = clamp(4 * vgpu_context_copy_size(vgpu, context), (u32)SZ_64K, (u32)SZ_2M);
	struct gvt_host_context *host;
	int err;

	host = gvt_host_context_create(vgpu->gpu->host, context->engine, ring_size, levels,
				       vgpu_execlist_event, vgpu);
	if (IS_ERR(host))
		return PTR_ERR(host);
	context->host = host;
	context->saved = true;
	err = shadow_tables(vgpu, context, levels);
	if (err)
		gvt_host_context_destroy(host);
	return err;
}

static struct vgpu_context *make(struct vgpu *vgpu, enum gvt_engine engine, u32 lrca, unsigned int levels)
{
	const u32 *registers = guest_registers(vgpu, lrca);
	struct vgpu_context *context;
	int err;

	if (!registers)
		return ERR_PTR(-EFAULT);
	if (vgpu->execlists[engine].context_count >= CONTEXTS_MAX)
		return ERR_PTR(-ENOSPC);
	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&context->running);
	context->engine = engine;
	context->lrca = lrca;
	memcpy(context->registers, registers, sizeof(context->registers));
	err = check_ring(context);
	if (!err)
		err = make_shadow(vgpu, context, levels);
	if (!err)
		take_image(vgpu, context);
	if (err) {
		kfree(context);
		return ERR_PTR(err);
	}
	list_add(&context->node, &vgpu->execlists[engine].contexts);
	vgpu->execlists[engine].context_count++;
	return context;
}

/* Is it still the context that we know, or has the guest made another one at that address? */
static bool is_same(const struct vgpu_context *context, const u32 *registers, unsigned int levels)
{
	if (READ_ONCE(registers[CTX_CONTROL]) != context->registers[CTX_CONTROL] ||
	    READ_ONCE(registers[CTX_HEAD]) != context->registers[CTX_HEAD])
		return false;
	for (unsigned int i = CTX_PDP3; i <= CTX_PDP0 + 2; i += 2)
		if (READ_ONCE(registers[i]) != context->registers[i])
			return false;
	return vgpu_ppgtt_levels(context->ppgtt) == levels;
}

/* Nothing of it runs: its ring may have moved since it did. */
static bool take_again(struct vgpu *vgpu, struct vgpu_context *context, unsigned int levels)
{
	const u32 *registers = guest_registers(vgpu, context->lrca);

	if (!registers || !is_same(context, registers, levels))
		return false;
	context->registers[CTX_START] = READ_ONCE(registers[CTX_START]);
	context->registers[CTX_RING_CTL] = READ_ONCE(registers[CTX_RING_CTL]);
	if (ring_size_of(context->registers[CTX_RING_CTL]) != context->ring_size || check_ring(context))
		return false;
	take_image(vgpu, context);
	return true;
}

struct vgpu_context *vgpu_context_get(struct vgpu *vgpu, enum gvt_engine engine, u64 descriptor)
{
	u32 addressing = descriptor & DESC_ADDRESSING, lrca = descriptor & DESC_LRCA;
	const struct vgpu_execlist *execlist = &vgpu->execlists[engine];
	unsigned int levels = addressing == DESC_64_BIT ? 4 : 3;
	struct vgpu_context *context;

	if (!(descriptor & DESC_VALID) || (addressing != DESC_64_BIT && addressing != DESC_32_BIT))
		return ERR_PTR(-EINVAL);
	context = find(vgpu, engine, lrca);
	/* What runs is what was taken; what the guest writes to its image meanwhile means nothing yet. */
	if (context && (!context->saved || vgpu_execlist_has(execlist, context) || take_again(vgpu, context, levels)))
		return context;
	if (context)
		vgpu_context_stop(vgpu, context);
	return make(vgpu, engine, lrca, levels);
}

void vgpu_context_free(struct vgpu *vgpu, struct vgpu_context *context)
{
	list_del(&context->node);
	vgpu_workloads_free(context);
	gvt_host_context_destroy(context->host);
	vgpu_ppgtt_put(vgpu, context->ppgtt);
	kfree(context);
}

void vgpu_context_stop(struct vgpu *vgpu, struct vgpu_context *context)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[context->engine];

	if (context->stopped)
		return;
	context->stopped = true;
	execlist->context_count--;
	list_move(&context->node, &execlist->ending);
	if (context->saved)
		vgpu_context_free(vgpu, context);
	else
		gvt_host_context_stop(context->host);
}
