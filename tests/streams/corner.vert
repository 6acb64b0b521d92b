#version 450
// SPDX-License-Identifier: GPL-2.0-or-later
layout(location = 0) out vec4 tint;
void main()
{
	vec2 at = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1) * 2.0 - 1.0;
	tint = vec4(at, gl_InstanceIndex, 1.0);
	gl_Position = vec4(at, 0.0, 1.0);
}
