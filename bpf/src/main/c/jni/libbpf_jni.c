/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Natives of dev.tombolo.bpf.LibBpf: check, call, return >= 0 or -errno. No logic lives here. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define OBJECT(handle) ((struct bpf_object *)(handle))

static void *address(JNIEnv *env, jobject buffer)
{
	return buffer ? (*env)->GetDirectBufferAddress(env, buffer) : NULL;
}

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[65536];
static size_t log_used;

/* Keeps the newest messages: the verifier's last lines say what it refused. */
static int keep_log(enum libbpf_print_level level, const char *format, va_list args)
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

struct name {
	char text[4096];
};

static int read_name(JNIEnv *env, jstring string, struct name *name)
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

static struct bpf_map *find_map(JNIEnv *env, jlong object, jstring map)
{
	struct name name;

	if (read_name(env, map, &name))
		return NULL;
	return bpf_object__find_map_by_name(OBJECT(object), name.text);
}

static jlong object_open(JNIEnv *env, jclass c, jobject elf, jint size, jstring name)
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

static void object_close(JNIEnv *env, jclass c, jlong object)
{
	(void)env, (void)c;
	bpf_object__close(OBJECT(object));
}

static jint object_load(JNIEnv *env, jclass c, jlong object)
{
	(void)env, (void)c;
	return bpf_object__load(OBJECT(object));
}

static jint map_set_max_entries(JNIEnv *env, jclass c, jlong object, jstring map, jint entries)
{
	struct bpf_map *m = find_map(env, object, map);

	(void)c;
	return m ? bpf_map__set_max_entries(m, entries) : -ENOENT;
}

static jint map_reuse_fd(JNIEnv *env, jclass c, jlong object, jstring map, jint fd)
{
	struct bpf_map *m = find_map(env, object, map);

	(void)c;
	return m ? bpf_map__reuse_fd(m, fd) : -ENOENT;
}

static jint map_fd(JNIEnv *env, jclass c, jlong object, jstring map)
{
	struct bpf_map *m = find_map(env, object, map);

	(void)c;
	return m ? bpf_map__fd(m) : -ENOENT;
}

static jint set_rodata(JNIEnv *env, jclass c, jlong object, jint offset, jobject bytes, jint size)
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

static jint program_fd(JNIEnv *env, jclass c, jlong object, jstring program)
{
	struct bpf_program *p;
	struct name name;

	(void)c;
	if (read_name(env, program, &name))
		return -EINVAL;
	p = bpf_object__find_program_by_name(OBJECT(object), name.text);
	return p ? bpf_program__fd(p) : -ENOENT;
}

static jint take_log(JNIEnv *env, jclass c, jobject out, jint capacity)
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

/* Six ints: type, key size, value size, max entries, flags, id. */
static jint map_info(JNIEnv *env, jclass c, jint fd, jobject out)
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

static jint map_element(JNIEnv *env, jclass c, jint command, jint fd, jobject key, jobject value, jlong flags)
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
static jint map_batch(JNIEnv *env, jclass c, jint command, jint fd, jobject in, jobject next, jobject keys,
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

static jint pin(JNIEnv *env, jclass c, jint fd, jstring path)
{
	struct name name;

	(void)c;
	if (read_name(env, path, &name))
		return -EINVAL;
	return bpf_obj_pin(fd, name.text) ? -errno : 0;
}

static jint pinned(JNIEnv *env, jclass c, jstring path)
{
	struct name name;
	int fd;

	(void)c;
	if (read_name(env, path, &name))
		return -EINVAL;
	fd = bpf_obj_get(name.text);
	return fd < 0 ? -errno : fd;
}

static jint close_fd(JNIEnv *env, jclass c, jint fd)
{
	(void)env, (void)c;
	return close(fd) ? -errno : 0;
}

static jint attach_cgroup(JNIEnv *env, jclass c, jint program, jstring cgroup, jint type)
{
	struct name name;
	int dir, link;

	(void)c;
	if (read_name(env, cgroup, &name))
		return -EINVAL;
	dir = open(name.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	link = bpf_link_create(program, dir, type, NULL);
	if (link < 0)
		link = -errno;
	close(dir);
	return link;
}

enum device_command { TCX, CLSACT, CLSACT_DETACH, SOCKET };

struct device_call {
	struct name	netns, device;
	int		command, program, type, result;
};

static int clsact(struct device_call *call, int ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 0x746f, .priority = 1);
	int result;

	if (call->command == CLSACT_DETACH)
		return bpf_tc_detach(&hook, &opts);
	result = bpf_tc_hook_create(&hook);
	if (result && result != -EEXIST)
		return result;
	opts.prog_fd = call->program;
	opts.flags = BPF_TC_F_REPLACE;
	return bpf_tc_attach(&hook, &opts);
}

/* Runs in a thread of its own: setns would move a thread of the Java machine for ever. */
static void *in_netns(void *argument)
{
	struct device_call *call = argument;
	int ns, ifindex;

	if (call->netns.text[0]) {
		ns = open(call->netns.text, O_RDONLY | O_CLOEXEC);
		call->result = ns < 0 || setns(ns, CLONE_NEWNET) ? -errno : 0;
		if (ns >= 0)
			close(ns);
		if (call->result)
			return NULL;
	}
	if (call->command == SOCKET) {
		call->result = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, call->type);
		if (call->result < 0)
			call->result = -errno;
		return NULL;
	}
	ifindex = if_nametoindex(call->device.text);
	if (!ifindex) {
		call->result = -errno;
		return NULL;
	}
	if (call->command != TCX) {
		call->result = clsact(call, ifindex);
		return NULL;
	}
	call->result = bpf_link_create(call->program, ifindex, call->type, NULL);
	if (call->result < 0)
		call->result = -errno;
	return NULL;
}

static jint device(JNIEnv *env, jclass c, jint command, jint program, jstring netns, jstring name, jint type)
{
	struct device_call call = { .command = command, .program = program, .type = type };
	pthread_t thread;
	int result;

	(void)c;
	if (read_name(env, netns, &call.netns) || read_name(env, name, &call.device))
		return -EINVAL;
	result = pthread_create(&thread, NULL, in_netns, &call);
	if (result)
		return -result;
	pthread_join(thread, NULL);
	return call.result;
}

static jint link_update(JNIEnv *env, jclass c, jint link, jint program)
{
	(void)env, (void)c;
	return bpf_link_update(link, program, NULL) ? -errno : 0;
}

/* Returns the program's own result, which may be negative, in result[0]. */
static jint test_run(JNIEnv *env, jclass c, jint program, jobject in, jint size, jobject result)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = address(env, in), .data_size_in = size, .repeat = 1);

	(void)c;
	if (bpf_prog_test_run_opts(program, &opts))
		return -errno;
	*(__u32 *)address(env, result) = opts.retval;
	return 0;
}

static jint possible_cpus(JNIEnv *env, jclass c)
{
	(void)env, (void)c;
	return libbpf_num_possible_cpus();
}

static jint mount_bpffs(JNIEnv *env, jclass c, jstring path)
{
	struct name name;

	(void)c;
	if (read_name(env, path, &name))
		return -EINVAL;
	return mount("bpf", name.text, "bpf", 0, "mode=0700") ? -errno : 0;
}

static jint probe_helper(JNIEnv *env, jclass c, jint program_type, jint helper)
{
	(void)env, (void)c;
	return libbpf_probe_bpf_helper(program_type, helper, NULL);
}

/* One request on a netlink socket, one datagram of answer; a silent kernel is an error after a second. */
static jint netlink_send(JNIEnv *env, jclass c, jint fd, jobject request, jint size)
{
	struct timeval second = { .tv_sec = 1 };

	(void)c;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	return send(fd, address(env, request), size, 0) < 0 ? -errno : 0;
}

static jint netlink_receive(JNIEnv *env, jclass c, jint fd, jobject answer, jint capacity)
{
	ssize_t n = recv(fd, address(env, answer), capacity, 0);

	(void)c;
	return n < 0 ? -errno : n;
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
	{ "device", "(II" S S "I)I", device },
	{ "linkUpdate", "(II)I", link_update },
	{ "testRun", "(I" B "I" B ")I", test_run },
	{ "possibleCpus", "()I", possible_cpus },
	{ "mountBpffs", "(" S ")I", mount_bpffs },
	{ "probeHelper", "(II)I", probe_helper },
	{ "netlinkSend", "(I" B "I)I", netlink_send },
	{ "netlinkReceive", "(I" B "I)I", netlink_receive },
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
