/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The table of the natives, and what they share. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "natives.h"

void *address(JNIEnv *env, jobject buffer)
{
	return buffer ? (*env)->GetDirectBufferAddress(env, buffer) : NULL;
}

int read_name(JNIEnv *env, jstring string, struct name *name)
{
	jsize chars;

	if (!string)
		return -EINVAL;
	chars = (*env)->GetStringLength(env, string);
	if ((*env)->GetStringUTFLength(env, string) >= (jsize)sizeof(name->text))
		return -ENAMETOOLONG;
	memset(name, 0, sizeof(*name));
	(*env)->GetStringUTFRegion(env, string, 0, chars, name->text);
	return 0;
}

#define S "Ljava/lang/String;"
#define B "Ljava/nio/ByteBuffer;"

static const JNINativeMethod natives[] = {
	{ "objectOpen", "(" B "I" S ")J", object_open },
	{ "objectClose", "(J)V", object_close },
	{ "objectLoad", "(J)I", object_load },
	{ "mapSetMaxEntries", "(J" S "I)I", map_set_max_entries },
	{ "mapReuseFd", "(J" S "I)I", map_reuse_fd },
	{ "mapFd", "(J" S ")I", map_fd },
	{ "setRodata", "(JI" B "I)I", set_rodata },
	{ "programFd", "(J" S ")I", program_fd },
	{ "takeLog", "(" B "I)I", take_log },
	{ "mapInfo", "(I" B ")I", map_info },
	{ "mapElement", "(II" B B "J)I", map_element },
	{ "mapBatch", "(II" B B B B B ")I", map_batch },
	{ "pin", "(I" S ")I", pin },
	{ "pinned", "(" S ")I", pinned },
	{ "closeFd", "(I)I", close_fd },
	{ "attachCgroup", "(I" S "I)I", attach_cgroup },
	{ "device", "(II" S S "III)I", device },
	{ "linkUpdate", "(II)I", link_update },
	{ "linkDetach", "(I)I", link_detach },
	{ "testRun", "(I" B "I" B B ")I", test_run },
	{ "possibleCpus", "()I", possible_cpus },
	{ "mountBpffs", "(" S ")I", mount_bpffs },
	{ "probeHelper", "(II)I", probe_helper },
	{ "netnsCookie", "()J", netns_cookie },
	{ "netlinkSend", "(I" B "I)I", netlink_send },
	{ "netlinkReceive", "(I" B "I)I", netlink_receive },
	{ "ringOpen", "(I)J", ring_open },
	{ "ringRead", "(J" B "I)I", ring_read },
	{ "ringClose", "(J)V", ring_close },
};

JNIEXPORT jint JNI_OnLoad(JavaVM *vm, void *reserved)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	JNIEnv *env;
	jclass c;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10))
		return JNI_ERR;
	c = (*env)->FindClass(env, "dev/tombolo/bpf/LibBpf");
	if (!c || (*env)->RegisterNatives(env, c, natives, sizeof(natives) / sizeof(natives[0])))
		return JNI_ERR;
	/* Counts before 5.11 only, and a refusal says nothing about whether the maps will fit. */
	(void)!setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_print(keep_log);
	return JNI_VERSION_10;
}
