/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The machine: what it can do, and its netlink sockets. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "natives.h"

/*
 * Five ints: the mark in and out, the segment size in, the device it came by in and the program's own result out, room
 * and size of out, and the nanoseconds that it took.
 */
jint test_run(JNIEnv *env, jclass c, jint program, jobject in, jint size, jobject out, jobject context)
{
	__u32 *five = address(env, context);
	struct __sk_buff skb = { .mark = five[0], .gso_size = five[1], .ingress_ifindex = five[2] };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = address(env, in), .data_size_in = size, .repeat = 1,
		    .data_out = address(env, out), .data_size_out = five[3], .ctx_in = &skb,
		    .ctx_size_in = sizeof(skb), .ctx_out = &skb, .ctx_size_out = sizeof(skb));

	(void)c;
	if (bpf_prog_test_run_opts(program, &opts))
		return -errno;
	five[0] = skb.mark;
	five[2] = opts.retval;
	five[3] = opts.data_size_out;
	five[4] = opts.duration;
	return 0;
}

jint possible_cpus(JNIEnv *env, jclass c)
{
	(void)env, (void)c;
	return libbpf_num_possible_cpus();
}

jint mount_bpffs(JNIEnv *env, jclass c, jstring path)
{
	struct name name;

	(void)c;
	if (read_name(env, path, &name))
		return -EINVAL;
	return mount("bpf", name.text, "bpf", 0, "mode=0700") ? -errno : 0;
}

jint probe_helper(JNIEnv *env, jclass c, jint program_type, jint helper)
{
	(void)env, (void)c;
	return libbpf_probe_bpf_helper(program_type, helper, NULL);
}

/* As the generic socket.h numbers it, which older headers lack; Linux 5.14. */
#define NETNS_COOKIE	71

/* Of the network namespace of this process. */
jlong netns_cookie(JNIEnv *env, jclass c)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	__u64 cookie = 0;
	socklen_t size = sizeof(cookie);
	jlong result;

	(void)env, (void)c;
	if (fd < 0)
		return -errno;
	result = getsockopt(fd, SOL_SOCKET, NETNS_COOKIE, &cookie, &size) ? -errno : (jlong)cookie;
	close(fd);
	return result;
}

/* One request on a netlink socket, one datagram of answer; a silent kernel is an error after a second. */
jint netlink_send(JNIEnv *env, jclass c, jint fd, jobject request, jint size)
{
	struct timeval second = { .tv_sec = 1 };

	(void)c;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	return send(fd, address(env, request), size, 0) < 0 ? -errno : 0;
}

jint netlink_receive(JNIEnv *env, jclass c, jint fd, jobject answer, jint capacity)
{
	ssize_t n = recv(fd, address(env, answer), capacity, 0);

	(void)c;
	return n < 0 ? -errno : n;
}
