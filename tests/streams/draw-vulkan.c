// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw-vulkan: have a Vulkan driver make use of what it has
 *
 * For recordings, as draw-gl. Among what is used is what has batches jump, come back and depend on
 * values that the GPU finds: second command buffers that are used more than once, indirect arguments,
 * queries, conditions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan.h>

#include "shaders.h"

#define SIZE  256u
#define BYTES (SIZE * SIZE * 4u)

#define MUST(call)                                                                    \
	do {                                                                          \
		if ((call) != VK_SUCCESS) {                                           \
			fprintf(stderr, "draw-vulkan: %s fails\n", #call);            \
			exit(1);                                                      \
		}                                                                     \
	} while (0)

static VkPhysicalDevice gpu;
static VkDevice device;
static VkQueue queue;
static VkCommandPool pool;
static VkBuffer buffer; /* arguments, data and results */
static VkImage image;
static VkImageView view;
static VkRenderPass pass;
static VkFramebuffer framebuffer;
static VkPipeline compute, graphics;
static VkPipelineLayout layout;
static VkDescriptorSet set;
static VkQueryPool occlusion, times, statistics;
static PFN_vkCmdBeginConditionalRenderingEXT begin_condition;
static PFN_vkCmdEndConditionalRenderingEXT end_condition;

static void make_device(void)
{
	static const char *const extensions[] = { VK_EXT_CONDITIONAL_RENDERING_EXTENSION_NAME };
	VkApplicationInfo application = { VK_STRUCTURE_TYPE_APPLICATION_INFO, .apiVersion = VK_API_VERSION_1_2 };
	VkInstanceCreateInfo instance_info = { VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application };
	VkPhysicalDeviceConditionalRenderingFeaturesEXT conditions = {
		VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_CONDITIONAL_RENDERING_FEATURES_EXT, .conditionalRendering = VK_TRUE,
		.inheritedConditionalRendering = VK_TRUE
	};
	VkPhysicalDeviceFeatures features = { .pipelineStatisticsQuery = VK_TRUE, .multiDrawIndirect = VK_TRUE,
					      .inheritedQueries = VK_TRUE };
	float priority = 1;
	VkDeviceQueueCreateInfo queue_info = { VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, .queueCount = 1,
					       .pQueuePriorities = &priority };
	VkDeviceCreateInfo info = { VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, &conditions, .queueCreateInfoCount = 1,
				    .pQueueCreateInfos = &queue_info, .enabledExtensionCount = 1,
				    .ppEnabledExtensionNames = extensions, .pEnabledFeatures = &features };
	VkCommandPoolCreateInfo pool_info = { VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO };
	VkPhysicalDeviceProperties properties;
	VkInstance instance;
	uint32_t one = 1;

	MUST(vkCreateInstance(&instance_info, NULL, &instance));
	if (vkEnumeratePhysicalDevices(instance, &one, &gpu) < 0 || !one)
		exit(1);
	vkGetPhysicalDeviceProperties(gpu, &properties);
	printf("%s\n", properties.deviceName);
	MUST(vkCreateDevice(gpu, &info, NULL, &device));
	vkGetDeviceQueue(device, 0, 0, &queue);
	MUST(vkCreateCommandPool(device, &pool_info, NULL, &pool));
	begin_condition = (PFN_vkCmdBeginConditionalRenderingEXT)
		vkGetDeviceProcAddr(device, "vkCmdBeginConditionalRenderingEXT");
	end_condition = (PFN_vkCmdEndConditionalRenderingEXT)
		vkGetDeviceProcAddr(device, "vkCmdEndConditionalRenderingEXT");
}

static VkDeviceMemory allocate(const VkMemoryRequirements *needs)
{
	VkMemoryAllocateInfo info = { VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, .allocationSize = needs->size };
	VkDeviceMemory memory;

	while (!(needs->memoryTypeBits >> info.memoryTypeIndex & 1))
		info.memoryTypeIndex++;
	MUST(vkAllocateMemory(device, &info, NULL, &memory));
	return memory;
}

static void make_buffer(void)
{
	VkBufferCreateInfo info = { VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = 4 * BYTES,
				    .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT |
					     VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT |
					     VK_BUFFER_USAGE_INDEX_BUFFER_BIT |
					     VK_BUFFER_USAGE_CONDITIONAL_RENDERING_BIT_EXT };
	VkMemoryRequirements needs;

	MUST(vkCreateBuffer(device, &info, NULL, &buffer));
	vkGetBufferMemoryRequirements(device, buffer, &needs);
	MUST(vkBindBufferMemory(device, buffer, allocate(&needs), 0));
}

static void make_image(void)
{
	VkImageCreateInfo info = { VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO, .imageType = VK_IMAGE_TYPE_2D,
				   .format = VK_FORMAT_R8G8B8A8_UNORM, .extent = { SIZE, SIZE, 1 }, .mipLevels = 4,
				   .arrayLayers = 1, .samples = VK_SAMPLE_COUNT_1_BIT,
				   .usage = VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
					    VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT };
	VkImageViewCreateInfo view_info = { VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO, .viewType = VK_IMAGE_VIEW_TYPE_2D,
					    .format = info.format,
					    .subresourceRange = { VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1 } };
	VkMemoryRequirements needs;

	MUST(vkCreateImage(device, &info, NULL, &image));
	vkGetImageMemoryRequirements(device, image, &needs);
	MUST(vkBindImageMemory(device, image, allocate(&needs), 0));
	view_info.image = image;
	MUST(vkCreateImageView(device, &view_info, NULL, &view));
}

static void make_pass(void)
{
	VkAttachmentDescription color = { .format = VK_FORMAT_R8G8B8A8_UNORM, .samples = VK_SAMPLE_COUNT_1_BIT,
					  .loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR, .storeOp = VK_ATTACHMENT_STORE_OP_STORE,
					  .initialLayout = VK_IMAGE_LAYOUT_UNDEFINED,
					  .finalLayout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL };
	VkAttachmentReference reference = { 0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL };
	VkSubpassDescription subpass = { .colorAttachmentCount = 1, .pColorAttachments = &reference };
	VkRenderPassCreateInfo info = { VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO, .attachmentCount = 1,
					.pAttachments = &color, .subpassCount = 1, .pSubpasses = &subpass };
	VkFramebufferCreateInfo frame = { VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO, .attachmentCount = 1,
					  .pAttachments = &view, .width = SIZE, .height = SIZE, .layers = 1 };

	MUST(vkCreateRenderPass(device, &info, NULL, &pass));
	frame.renderPass = pass;
	MUST(vkCreateFramebuffer(device, &frame, NULL, &framebuffer));
}

static void make_layout(void)
{
	VkDescriptorSetLayoutBinding binding = { 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_COMPUTE_BIT, NULL };
	VkDescriptorSetLayoutCreateInfo set_info = { VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
						     .bindingCount = 1, .pBindings = &binding };
	VkPushConstantRange range = { VK_SHADER_STAGE_COMPUTE_BIT, 0, 4 };
	VkPipelineLayoutCreateInfo info = { VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO, .setLayoutCount = 1,
					    .pushConstantRangeCount = 1, .pPushConstantRanges = &range };
	VkDescriptorPoolSize size = { VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1 };
	VkDescriptorPoolCreateInfo pool_info = { VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, .maxSets = 1,
						 .poolSizeCount = 1, .pPoolSizes = &size };
	VkDescriptorSetAllocateInfo allocation = { VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
						   .descriptorSetCount = 1 };
	VkDescriptorBufferInfo place = { buffer, 0, 4096 };
	VkWriteDescriptorSet write = { VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, .descriptorCount = 1,
				       .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, .pBufferInfo = &place };
	VkDescriptorSetLayout set_layout;

	MUST(vkCreateDescriptorSetLayout(device, &set_info, NULL, &set_layout));
	info.pSetLayouts = &set_layout;
	allocation.pSetLayouts = &set_layout;
	MUST(vkCreatePipelineLayout(device, &info, NULL, &layout));
	MUST(vkCreateDescriptorPool(device, &pool_info, NULL, &allocation.descriptorPool));
	MUST(vkAllocateDescriptorSets(device, &allocation, &set));
	write.dstSet = set;
	vkUpdateDescriptorSets(device, 1, &write, 0, NULL);
}

static VkPipelineShaderStageCreateInfo stage(VkShaderStageFlagBits kind, const uint32_t *code, size_t bytes)
{
	VkShaderModuleCreateInfo info = { VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = bytes, .pCode = code };
	VkPipelineShaderStageCreateInfo made = { VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = kind,
						 .pName = "main" };

	MUST(vkCreateShaderModule(device, &info, NULL, &made.module));
	return made;
}

static void make_pipelines(void)
{
	VkComputePipelineCreateInfo compute_info = {
		VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO, .layout = layout,
		.stage = stage(VK_SHADER_STAGE_COMPUTE_BIT, add_comp, sizeof(add_comp))
	};
	VkPipelineShaderStageCreateInfo stages[] = {
		stage(VK_SHADER_STAGE_VERTEX_BIT, corner_vert, sizeof(corner_vert)),
		stage(VK_SHADER_STAGE_FRAGMENT_BIT, tint_frag, sizeof(tint_frag)),
	};
	VkPipelineVertexInputStateCreateInfo input = { VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO };
	VkPipelineInputAssemblyStateCreateInfo assembly = {
		VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO, .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP
	};
	VkViewport port = { 0, 0, SIZE, SIZE, 0, 1 };
	VkRect2D scissor = { { 0, 0 }, { SIZE, SIZE } };
	VkPipelineViewportStateCreateInfo ports = { VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO,
						    .viewportCount = 1, .pViewports = &port, .scissorCount = 1,
						    .pScissors = &scissor };
	VkPipelineRasterizationStateCreateInfo raster = { VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO,
							  .lineWidth = 1 };
	VkPipelineMultisampleStateCreateInfo samples = { VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO,
							 .rasterizationSamples = VK_SAMPLE_COUNT_1_BIT };
	VkPipelineColorBlendAttachmentState blend = { .colorWriteMask = 0xf };
	VkPipelineColorBlendStateCreateInfo blends = { VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO,
						       .attachmentCount = 1, .pAttachments = &blend };
	VkGraphicsPipelineCreateInfo info = { VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO, .stageCount = 2,
					      .pStages = stages, .pVertexInputState = &input,
					      .pInputAssemblyState = &assembly, .pViewportState = &ports,
					      .pRasterizationState = &raster, .pMultisampleState = &samples,
					      .pColorBlendState = &blends, .layout = layout, .renderPass = pass };

	MUST(vkCreateComputePipelines(device, VK_NULL_HANDLE, 1, &compute_info, NULL, &compute));
	MUST(vkCreateGraphicsPipelines(device, VK_NULL_HANDLE, 1, &info, NULL, &graphics));
}

static VkQueryPool make_queries(VkQueryType type)
{
	VkQueryPoolCreateInfo info = { VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO, .queryType = type, .queryCount = 4 };
	VkQueryPool queries;

	if (type == VK_QUERY_TYPE_PIPELINE_STATISTICS)
		info.pipelineStatistics = 0x7ff;
	MUST(vkCreateQueryPool(device, &info, NULL, &queries));
	return queries;
}

static VkCommandBuffer begin(VkCommandBufferLevel level, VkCommandBufferUsageFlags usage)
{
	VkCommandBufferAllocateInfo allocation = { VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, .commandPool = pool,
						   .level = level, .commandBufferCount = 1 };
	VkCommandBufferInheritanceInfo inheritance = { VK_STRUCTURE_TYPE_COMMAND_BUFFER_INHERITANCE_INFO };
	VkCommandBufferBeginInfo info = { VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, .flags = usage,
					  .pInheritanceInfo = &inheritance };
	VkCommandBuffer commands;

	MUST(vkAllocateCommandBuffers(device, &allocation, &commands));
	MUST(vkBeginCommandBuffer(commands, &info));
	return commands;
}

static void wait_for_all(VkCommandBuffer commands)
{
	VkMemoryBarrier barrier = { VK_STRUCTURE_TYPE_MEMORY_BARRIER, .srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
				    .dstAccessMask = VK_ACCESS_MEMORY_READ_BIT };

	vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, 0, 1,
			     &barrier, 0, NULL, 0, NULL);
}

static void dispatch(VkCommandBuffer commands)
{
	uint32_t by = 3;

	vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, compute);
	vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, layout, 0, 1, &set, 0, NULL);
	vkCmdPushConstants(commands, layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, 4, &by);
	vkCmdDispatch(commands, 4, 2, 1);
	vkCmdDispatchIndirect(commands, buffer, 8192);
	wait_for_all(commands);
}

/* `size`: how often; a command buffer that is long is called, where a short one is copied. */
static VkCommandBuffer make_second(unsigned int size, VkCommandBufferUsageFlags usage)
{
	VkCommandBuffer second = begin(VK_COMMAND_BUFFER_LEVEL_SECONDARY, usage);

	for (unsigned int i = 0; i < size; i++)
		dispatch(second);
	MUST(vkEndCommandBuffer(second));
	return second;
}

static void draw(VkCommandBuffer commands)
{
	VkClearValue clear = { .color = { .float32 = { 0.1f, 0.2f, 0.3f, 1 } } };
	VkRenderPassBeginInfo info = { VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO, .renderPass = pass,
				       .framebuffer = framebuffer, .renderArea = { { 0, 0 }, { SIZE, SIZE } },
				       .clearValueCount = 1, .pClearValues = &clear };
	VkConditionalRenderingBeginInfoEXT condition = { VK_STRUCTURE_TYPE_CONDITIONAL_RENDERING_BEGIN_INFO_EXT,
							 .buffer = buffer, .offset = 64 };

	vkCmdResetQueryPool(commands, occlusion, 0, 4);
	vkCmdResetQueryPool(commands, times, 0, 4);
	vkCmdResetQueryPool(commands, statistics, 0, 4);
	vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT, times, 0);
	vkCmdBeginRenderPass(commands, &info, VK_SUBPASS_CONTENTS_INLINE);
	vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, graphics);
	vkCmdBeginQuery(commands, occlusion, 0, VK_QUERY_CONTROL_PRECISE_BIT);
	vkCmdBeginQuery(commands, statistics, 0, 0);
	vkCmdDraw(commands, 4, 3, 0, 0);
	begin_condition(commands, &condition);
	vkCmdDrawIndirect(commands, buffer, 8192, 2, 16);
	end_condition(commands);
	vkCmdBindIndexBuffer(commands, buffer, 0, VK_INDEX_TYPE_UINT16);
	vkCmdDrawIndexed(commands, 6, 1, 0, 0, 0);
	vkCmdEndQuery(commands, statistics, 0);
	vkCmdEndQuery(commands, occlusion, 0);
	vkCmdEndRenderPass(commands);
	vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, times, 1);
	vkCmdCopyQueryPoolResults(commands, occlusion, 0, 1, buffer, BYTES, 16,
				  VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT);
	vkCmdCopyQueryPoolResults(commands, statistics, 0, 1, buffer, BYTES + 64, 128,
				  VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WITH_AVAILABILITY_BIT);
	vkCmdCopyQueryPoolResults(commands, times, 0, 2, buffer, BYTES + 256, 8, VK_QUERY_RESULT_64_BIT);
}

static void copy(VkCommandBuffer commands)
{
	VkBufferCopy part = { 0, 2 * BYTES, BYTES };
	VkBufferImageCopy pixels = { .bufferOffset = 3 * BYTES, .imageSubresource = { VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1 },
				     .imageExtent = { SIZE, SIZE, 1 } };
	VkImageBlit blit = { { VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1 }, { { 0, 0, 0 }, { SIZE, SIZE, 1 } },
			     { VK_IMAGE_ASPECT_COLOR_BIT, 1, 0, 1 }, { { 0, 0, 0 }, { SIZE / 2, SIZE / 2, 1 } } };

	vkCmdFillBuffer(commands, buffer, 0, BYTES, 0x01020304);
	wait_for_all(commands);
	vkCmdCopyBuffer(commands, buffer, buffer, 1, &part);
	vkCmdUpdateBuffer(commands, buffer, 8192, 8, "12345678");
	vkCmdCopyImageToBuffer(commands, image, VK_IMAGE_LAYOUT_GENERAL, buffer, 1, &pixels);
	vkCmdCopyBufferToImage(commands, buffer, image, VK_IMAGE_LAYOUT_GENERAL, 1, &pixels);
	vkCmdBlitImage(commands, image, VK_IMAGE_LAYOUT_GENERAL, image, VK_IMAGE_LAYOUT_GENERAL, 1, &blit,
		       VK_FILTER_LINEAR);
}

static void submit(VkCommandBuffer commands)
{
	VkSubmitInfo info = { VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &commands };

	MUST(vkEndCommandBuffer(commands));
	MUST(vkQueueSubmit(queue, 1, &info, VK_NULL_HANDLE));
	MUST(vkQueueWaitIdle(queue));
}

int main(void)
{
	VkCommandBuffer commands, seconds[4];

	make_device();
	make_buffer();
	make_image();
	make_pass();
	make_layout();
	make_pipelines();
	occlusion = make_queries(VK_QUERY_TYPE_OCCLUSION);
	times = make_queries(VK_QUERY_TYPE_TIMESTAMP);
	statistics = make_queries(VK_QUERY_TYPE_PIPELINE_STATISTICS);
	commands = begin(VK_COMMAND_BUFFER_LEVEL_PRIMARY, 0);
	draw(commands);
	copy(commands);
	submit(commands);
	seconds[0] = make_second(1, VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT);
	seconds[1] = make_second(100, VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT);
	seconds[2] = make_second(100, 0);
	seconds[3] = seconds[1];
	commands = begin(VK_COMMAND_BUFFER_LEVEL_PRIMARY, 0);
	vkCmdExecuteCommands(commands, 4, seconds);
	dispatch(commands);
	submit(commands);
	commands = begin(VK_COMMAND_BUFFER_LEVEL_PRIMARY, 0);
	/* More than the driver's first piece of memory for commands. */
	for (unsigned int i = 0; i < 400; i++)
		dispatch(commands);
	submit(commands);
	return 0;
}
