#version 450
// SPDX-License-Identifier: GPL-2.0-or-later
layout(local_size_x = 64) in;
layout(std430, set = 0, binding = 0) buffer Data { uint data[]; };
layout(push_constant) uniform By { uint by; };
void main() { atomicAdd(data[gl_GlobalInvocationID.x & 1023u], by); }
