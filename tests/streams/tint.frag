#version 450
// SPDX-License-Identifier: GPL-2.0-or-later
layout(location = 0) in vec4 tint;
layout(location = 0) out vec4 pixel;
void main() { pixel = tint; }
