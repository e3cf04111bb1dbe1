/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Objects, and what libbpf had to say of them. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "natives.h"

#define OBJECT(handle) ((struct bpf_object *)(handle))

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[65536];
static size_t log_used;

/* Keeps the newest messages: the verifier's last lines say what it refused. */
int keep_log(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[16384];
	int n;

	if (level == LIBBPF_DEBUG)
		return 0;
	n = vsnprintf(line, sizeof(line), format, args);
	if (n < 0)
		return 0;
	if (n >= (int)sizeof(line))
		n = sizeof(line) - 1;
	pthread_mutex_lock(&log_lock);
	if (log_used + n > sizeof(log_text))
		log_used = 0;
	memcpy(log_text + log_used, line, n);
	log_used += n;
	pthread_mutex_unlock(&log_lock);
	return 0;
}

static struct bpf_map *find_map(JNIEnv *env, jlong object, jstring map)
{
	struct name name;

	if (read_name(env, map, &name))
		return NULL;
	return bpf_object__find_map_by_name(OBJECT(object), name.text);
}

jlong object_open(JNIEnv *env, jclass c, jobject elf, jint size, jstring name)
{
	struct name n;
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = n.text);
	struct bpf_object *object;

	(void)c;
	if (read_name(env, name, &n))
		return -EINVAL;
	object = bpf_object__open_mem(address(env, elf), size, &opts);
	return object ? (jlong)object : -errno;
}

void object_close(JNIEnv *env, jclass c, jlong object)
{
	(void)env, (void)c;
	bpf_object__close(OBJECT(object));
}

jint object_load(JNIEnv *env, jclass c, jlong object)
{
	(void)env, (void)c;
	return bpf_object__load(OBJECT(object));
}

jint map_set_max_entries(JNIEnv *env, jclass c, jlong object, jstring map, jint entries)
{
	struct bpf_map *m = find_map(env, object, map);

	(void)c;
	return m ? bpf_map__set_max_entries(m, entries) : -ENOENT;
}

jint map_reuse_fd(JNIEnv *env, jclass c, jlong object, jstring map, jint fd)
{
	struct bpf_map *m = find_map(env, object, map);

	(void)c;
	return m ? bpf_map__reuse_fd(m, fd) : -ENOENT;
}

jint map_fd(JNIEnv *env, jclass c, jlong object, jstring map)
{
	struct bpf_map *m = find_map(env, object, map);

	(void)c;
	return m ? bpf_map__fd(m) : -ENOENT;
}

jint set_rodata(JNIEnv *env, jclass c, jlong object, jint offset, jobject bytes, jint size)
{
	struct bpf_map *map;

	(void)c;
	bpf_object__for_each_map(map, OBJECT(object)) {
		const char *name = bpf_map__name(map), *dot = strrchr(name, '.');
		size_t total = 0;
		char *data;

		if (!dot || strcmp(dot, ".rodata"))
			continue;
		data = (char *)bpf_map__initial_value(map, &total);
		if (!data || offset < 0 || size < 0 || (size_t)offset + size > total)
			return -ERANGE;
		memcpy(data + offset, address(env, bytes), size);
		return 0;
	}
	return -ENOENT;
}

jint program_fd(JNIEnv *env, jclass c, jlong object, jstring program)
{
	struct bpf_program *p;
	struct name name;

	(void)c;
	if (read_name(env, program, &name))
		return -EINVAL;
	p = bpf_object__find_program_by_name(OBJECT(object), name.text);
	return p ? bpf_program__fd(p) : -ENOENT;
}

jint take_log(JNIEnv *env, jclass c, jobject out, jint capacity)
{
	size_t n;

	(void)c;
	pthread_mutex_lock(&log_lock);
	n = log_used < (size_t)capacity ? log_used : (size_t)capacity;
	memcpy(address(env, out), log_text + log_used - n, n);
	log_used = 0;
	pthread_mutex_unlock(&log_lock);
	return n;
}
