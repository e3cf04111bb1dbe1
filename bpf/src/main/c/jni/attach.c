/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Pins, and what programs are attached to. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "natives.h"

jint pin(JNIEnv *env, jclass c, jint fd, jstring path)
{
	struct name name;

	(void)c;
	if (read_name(env, path, &name))
		return -EINVAL;
	return bpf_obj_pin(fd, name.text) ? -errno : 0;
}

jint pinned(JNIEnv *env, jclass c, jstring path)
{
	struct name name;
	int fd;

	(void)c;
	if (read_name(env, path, &name))
		return -EINVAL;
	fd = bpf_obj_get(name.text);
	return fd < 0 ? -errno : fd;
}

jint close_fd(JNIEnv *env, jclass c, jint fd)
{
	(void)env, (void)c;
	return close(fd) ? -errno : 0;
}

jint attach_cgroup(JNIEnv *env, jclass c, jint program, jstring cgroup, jint type)
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

/* As enum bpf_attach_type numbers it, which older headers lack. */
#define TCX_EGRESS	47

enum device_command { TCX, CLSACT, CLSACT_DETACH, SOCKET, XDP };

/* Where a program stands among the others of its device. */
enum place { ANYWHERE, FIRST, LAST };

#define LINK_BEFORE	(1U << 3)	/* BPF_F_BEFORE: of all, where no other is named */
#define MOST_PRIORITIES	2

struct device_call {
	struct name	netns, device;
	int		command, program, place, result;
	int		type;		/* of XDP the mode, of a socket the protocol */
	__u32		handle;		/* of clsact: programs of one device and priority are told apart by it */
};

static int detach(const struct bpf_tc_hook *hook, __u32 handle, __u32 priority)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = handle, .priority = priority);

	return bpf_tc_detach(hook, &opts);
}

static int detach_all(const struct bpf_tc_hook *hook, __u32 handle)
{
	int failed = -ENOENT;

	for (__u32 priority = 1; priority <= MOST_PRIORITIES; priority++)
		if (!detach(hook, handle, priority))
			failed = 0;
	return failed;
}

/* Of one priority the program that came last runs first, and a program that is replaced stays where it is. */
static int clsact(struct device_call *call, int ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = call->type == TCX_EGRESS ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = call->handle, .priority = call->place == LAST ? 2 : 1);
	int result;

	if (call->command == CLSACT_DETACH)
		return detach_all(&hook, call->handle);
	result = bpf_tc_hook_create(&hook);
	if (result && result != -EEXIST)
		return result;
	opts.prog_fd = call->program;
	opts.flags = BPF_TC_F_REPLACE;
	result = bpf_tc_attach(&hook, &opts);
	/* A version before may have left it there. */
	if (!result && call->place == LAST)
		detach(&hook, call->handle, 1);
	return result;
}

static int tcx(struct device_call *call, int ifindex)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = call->place == FIRST ? LINK_BEFORE : 0);
	int link = bpf_link_create(call->program, ifindex, call->type, &opts);

	return link < 0 ? -errno : link;
}

/* Where another program is there the kernel refuses, and does not replace it. */
static int xdp(struct device_call *call, int ifindex)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = call->type);
	int link = bpf_link_create(call->program, ifindex, BPF_XDP, &opts);

	return link < 0 ? -errno : link;
}

static int on_device(struct device_call *call, int ifindex)
{
	switch (call->command) {
	case TCX:
		return tcx(call, ifindex);
	case XDP:
		return xdp(call, ifindex);
	default:
		return clsact(call, ifindex);
	}
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
	call->result = ifindex ? on_device(call, ifindex) : -errno;
	return NULL;
}

jint device(JNIEnv *env, jclass c, jint command, jint program, jstring netns, jstring name, jint type, jint place,
	    jint handle)
{
	struct device_call call = { .command = command, .program = program, .type = type, .place = place,
				    .handle = handle };
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

jint link_update(JNIEnv *env, jclass c, jint link, jint program)
{
	(void)env, (void)c;
	return bpf_link_update(link, program, NULL) ? -errno : 0;
}

jint link_detach(JNIEnv *env, jclass c, jint link)
{
	(void)env, (void)c;
	return bpf_link_detach(link) ? -errno : 0;
}
