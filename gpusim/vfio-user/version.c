// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "dma.h"
#include "version.h"

/* Far above what any client has to say, far below what would make the parser eat memory. */
#define MAX_JSON  16384u
#define MAX_DEPTH 8

/* Defaults of the protocol for a client that does not say. */
#define DEFAULT_MAX_FDS	 1u
#define DEFAULT_MAX_DATA 1048576u

/* "Capabilities" of VFIO_USER_VERSION that this server knows. */
static const struct {
	const char *name;
	enum json_type type;
	uint64_t value; /* of ours, where it is a number or a boolean */
} capabilities[] = {
	{ "max_msg_fds", json_type_int, VU_MAX_FDS },
	{ "max_data_xfer_size", json_type_int, VU_MAX_DATA },
	{ "max_dma_maps", json_type_int, VU_DMA_MAX_RANGES },
	{ "pgsizes", json_type_int, VU_DMA_PAGE_SIZE },
	{ "twin_socket", json_type_object, 0 },
	{ "write_multiple", json_type_boolean, 1 },
};

#define CAPABILITY_COUNT (sizeof(capabilities) / sizeof(capabilities[0]))

static struct json_object *our_value(size_t index)
{
	struct json_object *object;

	if (capabilities[index].type == json_type_int)
		return json_object_new_uint64(capabilities[index].value);
	if (capabilities[index].type == json_type_boolean)
		return json_object_new_boolean((json_bool)capabilities[index].value);
	/* The only object: twin_socket. A server that sends no commands needs no second socket. */
	object = json_object_new_object();
	json_object_object_add(object, "supported", json_object_new_boolean(0));
	return object;
}

/* Returns 0, or -EINVAL where the client's value is of another type than the protocol's. */
static int answer_capability(struct vu_request *request, struct json_object *theirs,
			     struct json_object *ours, size_t index)
{
	struct json_object *value;

	if (!json_object_object_get_ex(theirs, capabilities[index].name, &value))
		return 0;
	if (!json_object_is_type(value, capabilities[index].type))
		return vu_refuse(request, -EINVAL, "a capability is of the wrong type");
	if (json_object_object_add(ours, capabilities[index].name, our_value(index)))
		return -ENOMEM;
	return 0;
}

static void limit_by(uint32_t *limit, struct json_object *theirs, const char *name)
{
	struct json_object *value;
	int64_t number;

	if (!json_object_object_get_ex(theirs, name, &value))
		return;
	number = json_object_get_int64(value);
	if (number < 0)
		number = 0;
	if (number < *limit)
		*limit = (uint32_t)number;
}

static int answer_capabilities(struct vu_request *request, struct json_object *theirs,
			       struct json_object *ours, struct vu_peer *peer)
{
	struct json_object *value;

	for (size_t i = 0; i < CAPABILITY_COUNT; i++) {
		int ret = answer_capability(request, theirs, ours, i);

		if (ret)
			return ret;
	}
	if (json_object_object_get_ex(theirs, "max_msg_fds", &value))
		peer->max_fds = VU_MAX_FDS;
	limit_by(&peer->max_fds, theirs, "max_msg_fds");
	limit_by(&peer->max_data, theirs, "max_data_xfer_size");
	return 0;
}

/* The reply's JSON with its NUL behind the version numbers. */
static int write_reply(struct vu_request *request, struct json_object *root)
{
	size_t length;
	const char *text = json_object_to_json_string_length(root, JSON_C_TO_STRING_PLAIN, &length);

	if (!text || length + 1 > MAX_JSON)
		return -ENOMEM;
	memcpy((char *)request->reply + sizeof(struct vu_version), text, length + 1);
	request->reply_length = sizeof(struct vu_version) + length + 1;
	return 0;
}

static int answer(struct vu_request *request, struct json_object *root, struct vu_peer *peer)
{
	struct json_object *reply = json_object_new_object();
	struct json_object *ours = json_object_new_object();
	struct json_object *theirs;
	int ret = 0;

	if (!reply || !ours || json_object_object_add(reply, "capabilities", ours)) {
		json_object_put(ours);
		json_object_put(reply);
		return -ENOMEM;
	}
	if (root && json_object_object_get_ex(root, "capabilities", &theirs)) {
		if (json_object_is_type(theirs, json_type_object))
			ret = answer_capabilities(request, theirs, ours, peer);
		else
			ret = vu_refuse(request, -EINVAL, "capabilities are no JSON object");
	}
	if (!ret)
		ret = write_reply(request, reply);
	json_object_put(reply);
	return ret;
}

/* *root is NULL where the client sent no version data, which it may. */
static int parse(struct vu_request *request, const char *text, size_t length,
		 struct json_object **root)
{
	struct json_tokener *tokener;
	enum json_tokener_error error;

	*root = NULL;
	if (!length)
		return 0;
	if (length > MAX_JSON)
		return vu_refuse(request, -EINVAL, "the version data is too long");
	if (memchr(text, '\0', length) != text + length - 1)
		return vu_refuse(request, -EINVAL, "the version data is no NUL-terminated string");
	tokener = json_tokener_new_ex(MAX_DEPTH);
	if (!tokener)
		return -ENOMEM;
	*root = json_tokener_parse_ex(tokener, text, (int)length);
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (error == json_tokener_success && json_object_is_type(*root, json_type_object))
		return 0;
	json_object_put(*root);
	*root = NULL;
	return vu_refuse(request, -EINVAL, "the version data is no JSON object");
}

int vu_version_negotiate(struct vu_request *request, struct vu_peer *peer)
{
	const struct vu_version *in = request->message->payload;
	struct vu_version *out = request->reply;
	struct json_object *root;
	int ret;

	if (in->major != VU_VERSION_MAJOR)
		return vu_refuse(request, -EPROTONOSUPPORT,
				 "another major version of the protocol");
	*peer = (struct vu_peer){ .max_fds = DEFAULT_MAX_FDS, .max_data = DEFAULT_MAX_DATA };
	ret = parse(request, (const char *)(in + 1), request->message->length - sizeof(*in), &root);
	if (ret)
		return ret;
	ret = answer(request, root, peer);
	json_object_put(root);
	if (ret)
		return ret;
	/* Minor 0 is less than or equal to whatever was proposed, as the protocol wants. */
	*out = (struct vu_version){ .major = VU_VERSION_MAJOR, .minor = VU_VERSION_MINOR };
	return 0;
}
