/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Natives of dev.tombolo.bpf.LibBpf: check, call, return >= 0 or -errno. No logic lives here. */
#pragma once

#include <bpf/libbpf.h>
#include <jni.h>
#include <stdarg.h>

struct name {
	char text[4096];
};

void *address(JNIEnv *env, jobject buffer);
int read_name(JNIEnv *env, jstring string, struct name *name);
int keep_log(enum libbpf_print_level level, const char *format, va_list args);

jlong object_open(JNIEnv *env, jclass c, jobject elf, jint size, jstring name);
void object_close(JNIEnv *env, jclass c, jlong object);
jint object_load(JNIEnv *env, jclass c, jlong object);
jint map_set_max_entries(JNIEnv *env, jclass c, jlong object, jstring map, jint entries);
jint map_reuse_fd(JNIEnv *env, jclass c, jlong object, jstring map, jint fd);
jint map_fd(JNIEnv *env, jclass c, jlong object, jstring map);
jint set_rodata(JNIEnv *env, jclass c, jlong object, jint offset, jobject bytes, jint size);
jint program_fd(JNIEnv *env, jclass c, jlong object, jstring program);
jint take_log(JNIEnv *env, jclass c, jobject out, jint capacity);
jint map_info(JNIEnv *env, jclass c, jint fd, jobject out);
jint map_element(JNIEnv *env, jclass c, jint command, jint fd, jobject key, jobject value, jlong flags);
jint map_batch(JNIEnv *env, jclass c, jint command, jint fd, jobject in, jobject next,
	       jobject keys, jobject values, jobject counts);
jint pin(JNIEnv *env, jclass c, jint fd, jstring path);
jint pinned(JNIEnv *env, jclass c, jstring path);
jint close_fd(JNIEnv *env, jclass c, jint fd);
jint attach_cgroup(JNIEnv *env, jclass c, jint program, jstring cgroup, jint type);
jint device(JNIEnv *env, jclass c, jint command, jint program, jstring netns, jstring name, jint type, jint place,
	    jint handle);
jint link_update(JNIEnv *env, jclass c, jint link, jint program);
jint link_detach(JNIEnv *env, jclass c, jint link);
jint test_run(JNIEnv *env, jclass c, jint program, jobject in, jint size, jobject out, jobject context);
jint possible_cpus(JNIEnv *env, jclass c);
jint mount_bpffs(JNIEnv *env, jclass c, jstring path);
jint probe_helper(JNIEnv *env, jclass c, jint program_type, jint helper);
jlong netns_cookie(JNIEnv *env, jclass c);
jint netlink_send(JNIEnv *env, jclass c, jint fd, jobject request, jint size);
jint netlink_receive(JNIEnv *env, jclass c, jint fd, jobject answer, jint capacity);
jlong ring_open(JNIEnv *env, jclass c, jint map);
jint ring_read(JNIEnv *env, jclass c, jlong handle, jobject out, jint room);
void ring_close(JNIEnv *env, jclass c, jlong handle);
