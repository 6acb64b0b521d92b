// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw-gl: have an OpenGL driver make use of what it has
 *
 * For recordings (README.md): that something is drawn does not matter, what the driver submits does. So
 * each function asks for one thing that drivers have commands of their own for.
 */
#include <epoxy/egl.h>
#include <epoxy/gl.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZE 256

static const char vertex[] = "#version 450\n"
			     "layout(location=0) in vec2 at; layout(location=1) in vec4 tint;\n"
			     "layout(std140, binding=0) uniform Shift { vec4 by[4]; } shift;\n"
			     "out vec4 color; out vec2 uv; out vec4 fed;\n"
			     "void main() { uv = at; color = tint; fed = shift.by[gl_InstanceID & 3];\n"
			     "  gl_Position = vec4(at, 0.5, 1) + fed; }\n";
static const char fragment[] = "#version 450\n"
			       "in vec4 color; in vec2 uv; layout(location=0) out vec4 pixel;\n"
			       "layout(binding=0) uniform sampler2D image;\n"
			       "void main() { pixel = color * texture(image, uv); }\n";
static const char tess_control[] = "#version 450\n"
				   "layout(vertices=3) out; in vec4 color[]; in vec2 uv[];\n"
				   "out vec4 ccolor[]; out vec2 cuv[];\n"
				   "void main() { gl_TessLevelOuter[0] = gl_TessLevelOuter[1] = 3.0;\n"
				   "  gl_TessLevelOuter[2] = gl_TessLevelInner[0] = 4.0;\n"
				   "  ccolor[gl_InvocationID] = color[gl_InvocationID];\n"
				   "  cuv[gl_InvocationID] = uv[gl_InvocationID];\n"
				   "  gl_out[gl_InvocationID].gl_Position = gl_in[gl_InvocationID].gl_Position; }\n";
static const char tess_evaluation[] = "#version 450\n"
				      "layout(triangles) in; in vec4 ccolor[]; in vec2 cuv[];\n"
				      "out vec4 gcolor; out vec2 guv;\n"
				      "void main() { gcolor = ccolor[0] * gl_TessCoord.x; guv = cuv[1];\n"
				      "  gl_Position = gl_in[0].gl_Position * gl_TessCoord.x +\n"
				      "  gl_in[1].gl_Position * gl_TessCoord.y + gl_in[2].gl_Position * gl_TessCoord.z; }\n";
static const char geometry[] = "#version 450\n"
			       "layout(triangles) in; layout(triangle_strip, max_vertices=3) out;\n"
			       "in vec4 gcolor[]; in vec2 guv[]; out vec4 color; out vec2 uv;\n"
			       "void main() { for (int i = 0; i < 3; i++) { color = gcolor[i]; uv = guv[i];\n"
			       "  gl_Position = gl_in[i].gl_Position; EmitVertex(); } EndPrimitive(); }\n";
static const char compute[] = "#version 450\n"
			      "layout(local_size_x=64) in; layout(std430, binding=1) buffer Data { uint data[]; };\n"
			      "shared uint sum;\n"
			      "void main() { atomicAdd(sum, 1u); barrier();\n"
			      "  data[gl_GlobalInvocationID.x & 1023u] += sum; }\n";

static void add_shader(GLuint program, GLenum kind, const char *source)
{
	GLuint shader = glCreateShader(kind);
	GLint ok;

	glShaderSource(shader, 1, &source, NULL);
	glCompileShader(shader);
	glGetShaderiv(shader, GL_COMPILE_STATUS, &ok);
	if (!ok) {
		char text[1024];

		glGetShaderInfoLog(shader, sizeof(text), NULL, text);
		fprintf(stderr, "draw-gl: a shader does not compile: %s\n", text);
		exit(1);
	}
	glAttachShader(program, shader);
}

static GLuint link_program(GLuint program)
{
	GLint ok;

	glLinkProgram(program);
	glGetProgramiv(program, GL_LINK_STATUS, &ok);
	if (!ok) {
		fprintf(stderr, "draw-gl: a program does not link\n");
		exit(1);
	}
	return program;
}

static GLuint make_plain(void)
{
	static const char *const fed[] = { "fed" };
	GLuint program = glCreateProgram();

	add_shader(program, GL_VERTEX_SHADER, vertex);
	add_shader(program, GL_FRAGMENT_SHADER, fragment);
	glTransformFeedbackVaryings(program, 1, fed, GL_INTERLEAVED_ATTRIBS);
	return link_program(program);
}

static GLuint make_tessellated(void)
{
	GLuint program = glCreateProgram();

	add_shader(program, GL_VERTEX_SHADER, vertex);
	add_shader(program, GL_TESS_CONTROL_SHADER, tess_control);
	add_shader(program, GL_TESS_EVALUATION_SHADER, tess_evaluation);
	add_shader(program, GL_GEOMETRY_SHADER, geometry);
	add_shader(program, GL_FRAGMENT_SHADER, fragment);
	return link_program(program);
}

static GLuint make_compute(void)
{
	GLuint program = glCreateProgram();

	add_shader(program, GL_COMPUTE_SHADER, compute);
	return link_program(program);
}

static GLuint make_buffer(GLenum target, const void *data, size_t bytes)
{
	GLuint buffer;

	glGenBuffers(1, &buffer);
	glBindBuffer(target, buffer);
	glBufferData(target, (GLsizeiptr)bytes, data, GL_DYNAMIC_COPY);
	return buffer;
}

static void make_target(unsigned int samples, GLuint *framebuffer)
{
	GLuint color, depth;

	glGenFramebuffers(1, framebuffer);
	glBindFramebuffer(GL_FRAMEBUFFER, *framebuffer);
	glGenRenderbuffers(1, &color);
	glBindRenderbuffer(GL_RENDERBUFFER, color);
	glRenderbufferStorageMultisample(GL_RENDERBUFFER, (GLsizei)samples, GL_RGBA8, SIZE, SIZE);
	glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, color);
	glGenRenderbuffers(1, &depth);
	glBindRenderbuffer(GL_RENDERBUFFER, depth);
	glRenderbufferStorageMultisample(GL_RENDERBUFFER, (GLsizei)samples, GL_DEPTH24_STENCIL8, SIZE, SIZE);
	glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER, depth);
	glViewport(0, 0, SIZE, SIZE);
	glClearColor(0.1f, 0.2f, 0.3f, 1);
	glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
}

static void make_texture(void)
{
	static unsigned int pixels[SIZE * SIZE];
	GLuint texture;

	for (unsigned int i = 0; i < SIZE * SIZE; i++)
		pixels[i] = i * 2654435761u;
	glGenTextures(1, &texture);
	glBindTexture(GL_TEXTURE_2D, texture);
	glTexStorage2D(GL_TEXTURE_2D, 8, GL_RGBA8, SIZE, SIZE);
	glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
	glGenerateMipmap(GL_TEXTURE_2D);
}

static void set_state(void)
{
	glEnable(GL_DEPTH_TEST);
	glEnable(GL_STENCIL_TEST);
	glStencilFunc(GL_ALWAYS, 1, 0xff);
	glStencilOp(GL_KEEP, GL_INCR, GL_REPLACE);
	glEnable(GL_BLEND);
	glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
	glEnable(GL_SCISSOR_TEST);
	glScissor(8, 8, SIZE - 16, SIZE - 16);
	glEnable(GL_POLYGON_OFFSET_FILL);
	glPolygonOffset(1, 2);
}

static void set_vertices(void)
{
	static const float vertices[] = { -1, -1, 1, 0, 0, 1, 1, -1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1 };
	static const unsigned short indices[] = { 0, 1, 2, 0xffff, 2, 1, 0 };
	static const float shifts[16] = { 0.1f, 0, 0, 0, 0.2f, 0, 0, 0, 0.3f, 0, 0, 0, 0.4f, 0, 0, 0 };
	GLuint array;

	glGenVertexArrays(1, &array);
	glBindVertexArray(array);
	make_buffer(GL_ARRAY_BUFFER, vertices, sizeof(vertices));
	glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 24, NULL);
	glVertexAttribPointer(1, 4, GL_FLOAT, GL_FALSE, 24, (void *)8);
	glEnableVertexAttribArray(0);
	glEnableVertexAttribArray(1);
	make_buffer(GL_ELEMENT_ARRAY_BUFFER, indices, sizeof(indices));
	glBindBufferBase(GL_UNIFORM_BUFFER, 0, make_buffer(GL_UNIFORM_BUFFER, shifts, sizeof(shifts)));
	glEnable(GL_PRIMITIVE_RESTART);
	glPrimitiveRestartIndex(0xffff);
}

static void draw_with_queries(GLuint program)
{
	static const GLenum kinds[] = { GL_SAMPLES_PASSED,	  GL_TIME_ELAPSED,
					GL_PRIMITIVES_GENERATED,  GL_VERTEX_SHADER_INVOCATIONS_ARB,
					GL_CLIPPING_INPUT_PRIMITIVES_ARB };
	enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	GLuint queries[KINDS], value;

	glUseProgram(program);
	glGenQueries(KINDS, queries);
	for (unsigned int i = 0; i < KINDS; i++)
		glBeginQuery(kinds[i], queries[i]);
	glDrawArraysInstanced(GL_TRIANGLES, 0, 3, 4);
	glDrawElements(GL_TRIANGLES, 7, GL_UNSIGNED_SHORT, NULL);
	for (unsigned int i = 0; i < KINDS; i++)
		glEndQuery(kinds[i]);
	/* The answer decides on the GPU whether something is drawn. */
	glBeginConditionalRender(queries[0], GL_QUERY_WAIT);
	glDrawArrays(GL_TRIANGLES, 0, 3);
	glEndConditionalRender();
	glBindBuffer(GL_QUERY_BUFFER, make_buffer(GL_QUERY_BUFFER, NULL, 64));
	glGetQueryObjectuiv(queries[2], GL_QUERY_RESULT_NO_WAIT, NULL);
	glBindBuffer(GL_QUERY_BUFFER, 0);
	glGetQueryObjectuiv(queries[0], GL_QUERY_RESULT_AVAILABLE, &value);
}

static void feed_back(GLuint program)
{
	GLuint feedback;

	glGenTransformFeedbacks(1, &feedback);
	glBindTransformFeedback(GL_TRANSFORM_FEEDBACK, feedback);
	glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, make_buffer(GL_TRANSFORM_FEEDBACK_BUFFER, NULL, 4096));
	glUseProgram(program);
	glBeginTransformFeedback(GL_TRIANGLES);
	glDrawArrays(GL_TRIANGLES, 0, 3);
	glPauseTransformFeedback();
	glResumeTransformFeedback();
	glEndTransformFeedback();
	glDrawTransformFeedback(GL_TRIANGLES, feedback);
}

static void draw_indirectly(GLuint program)
{
	static const unsigned int arguments[] = { 3, 2, 0, 0, 7, 1, 0, 0, 0, 2, 1, 1 };

	glUseProgram(program);
	make_buffer(GL_DRAW_INDIRECT_BUFFER, arguments, sizeof(arguments));
	glDrawArraysIndirect(GL_TRIANGLES, NULL);
	glDrawElementsIndirect(GL_TRIANGLES, GL_UNSIGNED_SHORT, (void *)16);
	glMultiDrawArraysIndirect(GL_TRIANGLES, NULL, 2, 16);
}

static void compute_something(GLuint program)
{
	static const unsigned int groups[] = { 4, 1, 1 };

	glUseProgram(program);
	glBindBufferBase(GL_SHADER_STORAGE_BUFFER, 1, make_buffer(GL_SHADER_STORAGE_BUFFER, NULL, 4096));
	glDispatchCompute(8, 1, 1);
	glMemoryBarrier(GL_ALL_BARRIER_BITS);
	make_buffer(GL_DISPATCH_INDIRECT_BUFFER, groups, sizeof(groups));
	glDispatchComputeIndirect(0);
}

static void copy_and_read(GLuint from, GLuint to)
{
	static unsigned int pixels[SIZE * SIZE];
	GLuint first = make_buffer(GL_COPY_READ_BUFFER, pixels, sizeof(pixels));

	make_buffer(GL_COPY_WRITE_BUFFER, pixels, sizeof(pixels));
	glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, 16, 64, 4096);
	glBindBuffer(GL_COPY_READ_BUFFER, first);
	glClearBufferData(GL_COPY_WRITE_BUFFER, GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT, pixels);
	glBindFramebuffer(GL_READ_FRAMEBUFFER, from);
	glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to);
	glDisable(GL_SCISSOR_TEST);
	glBlitFramebuffer(0, 0, SIZE, SIZE, 0, 0, SIZE, SIZE, GL_COLOR_BUFFER_BIT, GL_NEAREST);
	glBindFramebuffer(GL_READ_FRAMEBUFFER, to);
	glReadPixels(0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
}

static void make_context(void)
{
	static const EGLint version[] = { EGL_CONTEXT_MAJOR_VERSION, 4, EGL_CONTEXT_MINOR_VERSION, 5, EGL_NONE };
	EGLDisplay display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY,
						      NULL);
	EGLContext context;

	eglInitialize(display, NULL, NULL);
	eglBindAPI(EGL_OPENGL_API);
	context = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, version);
	if (!eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context)) {
		fprintf(stderr, "draw-gl: there is no OpenGL 4.5\n");
		exit(1);
	}
	printf("%s\n", (const char *)glGetString(GL_RENDERER));
}

int main(void)
{
	GLuint plain, tessellated, sampled, target;

	make_context();
	plain = make_plain();
	tessellated = make_tessellated();
	make_target(1, &target);
	make_target(4, &sampled);
	make_texture();
	set_vertices();
	set_state();
	draw_with_queries(plain);
	glFlush();
	feed_back(plain);
	draw_indirectly(plain);
	glUseProgram(tessellated);
	glPatchParameteri(GL_PATCH_VERTICES, 3);
	glDrawArrays(GL_PATCHES, 0, 3);
	glFlush();
	compute_something(make_compute());
	copy_and_read(sampled, target);
	glFinish();
	return 0;
}
