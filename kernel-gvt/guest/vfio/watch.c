// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes to pages of the guest's memory, as KVM tells of them: it takes the right to write away, emulates
 * each write, and calls. Without KVM (a guest of another kind, a test) nothing can be watched.
 */
#include "internal.h"

static void written(struct kvm_vcpu *vcpu, gpa_t address, const u8 *data, int length,
		    struct kvm_page_track_notifier_node *node)
{
	struct gvt_vfio *device = container_of(node, struct gvt_vfio, watch);
	u64 first = address >> PAGE_SHIFT, last = (address + length - 1) >> PAGE_SHIFT;

	vgpu_written(device->vgpu, first);
	if (last != first)
		vgpu_written(device->vgpu, last);
}

static void slot_gone(struct kvm *kvm, struct kvm_memory_slot *slot,
		      struct kvm_page_track_notifier_node *node)
{
	struct gvt_vfio *device = container_of(node, struct gvt_vfio, watch);

	vgpu_written_lost(device->vgpu, slot->base_gfn, slot->npages);
}

void gvt_vfio_watch_open(struct gvt_vfio *device)
{
	if (!device->vgpu->gpu->options.watch_tables || !device->vdev.kvm)
		return;
	device->kvm = device->vdev.kvm;
	kvm_get_kvm(device->kvm);
	device->watch.track_write = written;
	device->watch.track_flush_slot = slot_gone;
	kvm_page_track_register_notifier(device->kvm, &device->watch);
}

void gvt_vfio_watch_close(struct gvt_vfio *device)
{
	if (!device->kvm)
		return;
	kvm_page_track_unregister_notifier(device->kvm, &device->watch);
	kvm_put_kvm(device->kvm);
	device->kvm = NULL;
}

typedef void (*change_fn)(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn,
			  enum kvm_page_track_mode mode);

static int change(struct kvm *kvm, u64 gfn, change_fn how)
{
	struct kvm_memory_slot *slot;
	int index, err = -EINVAL;

	index = srcu_read_lock(&kvm->srcu);
	slot = gfn_to_memslot(kvm, gfn);
	if (slot) {
		write_lock(&kvm->mmu_lock);
		how(kvm, slot, gfn, KVM_PAGE_TRACK_WRITE);
		write_unlock(&kvm->mmu_lock);
		err = 0;
	}
	srcu_read_unlock(&kvm->srcu, index);
	return err;
}

int gvt_vfio_watch(void *guest, u64 gfn)
{
	struct gvt_vfio *device = guest;

	return device->kvm ? change(device->kvm, gfn, kvm_slot_page_track_add_page) : -EOPNOTSUPP;
}

void gvt_vfio_unwatch(void *guest, u64 gfn)
{
	struct gvt_vfio *device = guest;

	if (device->kvm)
		change(device->kvm, gfn, kvm_slot_page_track_remove_page);
}
