/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Maps, by their file descriptor. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "natives.h"

/* Six ints: type, key size, value size, max entries, flags, id. */
jint map_info(JNIEnv *env, jclass c, jint fd, jobject out)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);
	int result = bpf_obj_get_info_by_fd(fd, &info, &size);
	__u32 six[] = { info.type, info.key_size, info.value_size, info.max_entries, info.map_flags, info.id };

	(void)c;
	if (result)
		return -errno;
	memcpy(address(env, out), six, sizeof(six));
	return 0;
}

enum element_command { LOOKUP, UPDATE, DELETE, NEXT_KEY };

jint map_element(JNIEnv *env, jclass c, jint command, jint fd, jobject key, jobject value, jlong flags)
{
	void *k = address(env, key), *v = address(env, value);
	int result = -1;

	(void)c;
	errno = EINVAL;
	switch (command) {
	case LOOKUP:
		result = bpf_map_lookup_elem(fd, k, v);
		break;
	case UPDATE:
		result = bpf_map_update_elem(fd, k, v, flags);
		break;
	case DELETE:
		result = bpf_map_delete_elem(fd, k);
		break;
	case NEXT_KEY:
		result = bpf_map_get_next_key(fd, k, v);
		break;
	}
	return result ? -errno : 0;
}

/* counts: in, how many; out, how many were done, also when the call failed half way. */
jint map_batch(JNIEnv *env, jclass c, jint command, jint fd, jobject in, jobject next, jobject keys,
		      jobject values, jobject counts)
{
	__u32 *count = address(env, counts);
	void *k = address(env, keys), *v = address(env, values);
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	int result = -1;

	(void)c;
	errno = EINVAL;
	switch (command) {
	case LOOKUP:
		result = bpf_map_lookup_batch(fd, address(env, in), address(env, next), k, v, count, &opts);
		break;
	case UPDATE:
		result = bpf_map_update_batch(fd, k, v, count, &opts);
		break;
	case DELETE:
		result = bpf_map_delete_batch(fd, k, count, &opts);
		break;
	}
	return result ? -errno : 0;
}
