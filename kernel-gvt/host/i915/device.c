// SPDX-License-Identifier: GPL-2.0-only
/* GPUs that i915 drives: when they come and go, what they are, and why one can't be shared. */
#include <linux/pci.h>

#include "internal.h"
#include "intel_gvt.h"

#include "device.h"

static const struct gvt_i915_ops *device_ops;
static unsigned int devices_found;

const struct gvt_host_info *gvt_host_info(struct gvt_host *host)
{
	return &host->info;
}

void gvt_host_log(struct gvt_host *host, const char *format, ...)
{
	struct va_format text;
	va_list args;

	if (!__ratelimit(&host->log_limit))
		return;
	va_start(args, format);
	text.fmt = format;
	text.va = &args;
	dev_info(host->i915->drm.dev, "gvt: %pV\n", &text);
	va_end(args);
}

void gvt_host_awake(struct gvt_host *host)
{
	intel_runtime_pm_get(&host->i915->runtime_pm);
}

void gvt_host_rest(struct gvt_host *host)
{
	intel_runtime_pm_put_unchecked(&host->i915->runtime_pm);
}

u32 gvt_host_read(struct gvt_host *host, u32 offset)
{
	return intel_uncore_read(&host->i915->uncore, _MMIO(offset));
}

static void read_info(struct gvt_host *host)
{
	struct pci_dev *pdev = to_pci_dev(host->i915->drm.dev);

	host->info.generation = GRAPHICS_VER(host->i915);
	host->info.aperture_address = host->ggtt->gmadr.start;
	host->info.aperture_size = host->ggtt->mappable_end;
	host->info.ggtt_size = host->ggtt->vm.total;
	host->info.fences = host->ggtt->num_fences;
	for (int offset = 0; offset < GVT_CONFIG_SIZE; offset += 4)
		pci_read_config_dword(pdev, offset, (u32 *)(host->info.config + offset));
}

static int init_device(struct drm_i915_private *i915)
{
	struct gvt_host *host = kzalloc(sizeof(*host), GFP_KERNEL);
	void *opaque;
	int err;

	if (!host)
		return -ENOMEM;
	host->i915 = i915;
	host->ggtt = to_gt(i915)->ggtt;
	host->scratch_entry = host->ggtt->vm.scratch[0]->encode;
	ratelimit_state_init(&host->log_limit, 5 * HZ, 20);
	/* Guests cause such lines: that some are missing is not worth a warning each time. */
	ratelimit_set_flags(&host->log_limit, RATELIMIT_MSG_ON_RELEASE);
	read_info(host);
	err = gvt_i915_contexts_init(host);
	if (err)
		goto free;
	opaque = device_ops->found(host, i915->drm.dev);
	err = PTR_ERR_OR_ZERO(opaque);
	if (err)
		goto fini;
	host->opaque = opaque;
	/* i915 asks for nothing but that it is not NULL. */
	i915->gvt = (struct intel_gvt *)host;
	devices_found++;
	return 0;

fini:
	gvt_i915_contexts_fini(host);
free:
	kfree(host);
	return err;
}

static void clean_device(struct drm_i915_private *i915)
{
	struct gvt_host *host = (struct gvt_host *)i915->gvt;

	device_ops->gone(host->opaque);
	i915->gvt = NULL;
	gvt_i915_contexts_fini(host);
	kfree(host);
	devices_found--;
}

static void resume_device(struct drm_i915_private *i915)
{
	struct gvt_host *host = (struct gvt_host *)i915->gvt;

	device_ops->resumed(host->opaque);
}

static const struct intel_vgpu_ops vgpu_ops = {
	.init_device = init_device,
	.clean_device = clean_device,
	.pm_resume = resume_device,
};

/* i915 passes over a GPU in silence: say here what it looks at. */
static void say_why_not(struct pci_dev *pdev)
{
	struct drm_i915_private *i915;

	if (!pdev->driver || strcmp(pdev->driver->name, "i915")) {
		dev_err(&pdev->dev, "gvt: i915 does not drive this GPU\n");
		return;
	}
	i915 = kdev_to_i915(&pdev->dev);
	if (!i915->params.enable_gvt)
		dev_err(&pdev->dev, "gvt: i915 was loaded without enable_gvt=1, which vGPUs need\n");
	else if (i915->vgpu.active)
		dev_err(&pdev->dev, "gvt: this GPU is a vGPU itself, and can't be shared again\n");
	else if (GRAPHICS_VER(i915) < 8 || GRAPHICS_VER(i915) > 9 || IS_CHERRYVIEW(i915) || IS_GEMINILAKE(i915))
		dev_err(&pdev->dev,
			"gvt: this GPU can't be shared: Broadwell, Skylake to Comet Lake and Broxton can\n");
	else if (intel_uc_wants_guc_submission(&to_gt(i915)->uc))
		dev_err(&pdev->dev, "gvt: i915 submits through the GuC; load it with enable_guc=0\n");
	else
		dev_err(&pdev->dev, "gvt: this GPU could not be made ready; see the lines before\n");
}

static void say_why_none(void)
{
	struct pci_dev *pdev = NULL;
	bool any = false;

	while ((pdev = pci_get_device(PCI_VENDOR_ID_INTEL, PCI_ANY_ID, pdev))) {
		if (pdev->class >> 16 != PCI_BASE_CLASS_DISPLAY)
			continue;
		say_why_not(pdev);
		any = true;
	}
	if (!any)
		pr_err("gvt: there is no Intel GPU\n");
}

int gvt_i915_register(const struct gvt_i915_ops *ops)
{
	int err;

	device_ops = ops;
	err = intel_gvt_set_ops(&vgpu_ops);
	if (err) {
		pr_err("gvt: another module shares the GPU; remove it first: rmmod kvmgt\n");
		return -EBUSY;
	}
	if (devices_found)
		return 0;
	intel_gvt_clear_ops(&vgpu_ops);
	say_why_none();
	return -ENODEV;
}

void gvt_i915_unregister(void)
{
	intel_gvt_clear_ops(&vgpu_ops);
}
