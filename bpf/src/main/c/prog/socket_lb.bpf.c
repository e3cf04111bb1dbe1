// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Service load balancing at the socket: the destination is rewritten once, before a packet exists.
 * A socket of AF_INET6 that names ::ffff:a.b.c.d is the same to the maps as one of AF_INET.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "../lib/socket.h"
#include "../lib/socket_bind.h"

char _license[] SEC("license") = "Dual BSD/GPL";

union words {
	struct addr	address;
	__be32		word[4];
};

static __always_inline struct peer read4(struct bpf_sock_addr *ctx)
{
	struct peer p = { addr_v4(ctx->user_ip4), (__be16)ctx->user_port };

	return p;
}

static __always_inline void write4(struct bpf_sock_addr *ctx, const struct peer *p)
{
	ctx->user_ip4 = addr_v4_bits(&p->address);
	ctx->user_port = p->port;
}

static __always_inline struct peer read6(struct bpf_sock_addr *ctx)
{
	union words w;
	struct peer p = {};

	w.word[0] = ctx->user_ip6[0];
	w.word[1] = ctx->user_ip6[1];
	w.word[2] = ctx->user_ip6[2];
	w.word[3] = ctx->user_ip6[3];
	p.address = w.address;
	p.port = (__be16)ctx->user_port;
	return p;
}

static __always_inline void write6(struct bpf_sock_addr *ctx, const struct peer *p)
{
	union words w = { p->address };

	ctx->user_ip6[0] = w.word[0];
	ctx->user_ip6[1] = w.word[1];
	ctx->user_ip6[2] = w.word[2];
	ctx->user_ip6[3] = w.word[3];
	ctx->user_port = p->port;
}

#define FORWARD_PROGRAM(family, hook, decide)				\
SEC("cgroup/" #hook #family)						\
int hook##family(struct bpf_sock_addr *ctx)				\
{									\
	struct peer to = read##family(ctx);				\
	int verdict = decide(ctx, &to);					\
									\
	if (verdict == ALLOW)						\
		write##family(ctx, &to);				\
	return verdict;							\
}

/* The kernel lets these two only allow. */
#define REVERSE_PROGRAM(family, hook, datagrams)			\
SEC("cgroup/" #hook #family)						\
int hook##family(struct bpf_sock_addr *ctx)				\
{									\
	struct peer from = read##family(ctx);				\
									\
	if (reverse_service(ctx, &from, datagrams))			\
		write##family(ctx, &from);				\
	return ALLOW;							\
}

FORWARD_PROGRAM(4, connect, connect_service)
FORWARD_PROGRAM(6, connect, connect_service)
FORWARD_PROGRAM(4, sendmsg, send_service)
FORWARD_PROGRAM(6, sendmsg, send_service)
REVERSE_PROGRAM(4, recvmsg, true)
REVERSE_PROGRAM(6, recvmsg, true)
REVERSE_PROGRAM(4, getpeername, false)
REVERSE_PROGRAM(6, getpeername, false)

SEC("cgroup/post_bind4")
int post_bind4(struct bpf_sock *ctx)
{
	struct addr bound = addr_v4(ctx->src_ip4);

	return check_bind(ctx, &bound);
}

SEC("cgroup/post_bind6")
int post_bind6(struct bpf_sock *ctx)
{
	union words w;

	w.word[0] = ctx->src_ip6[0];
	w.word[1] = ctx->src_ip6[1];
	w.word[2] = ctx->src_ip6[2];
	w.word[3] = ctx->src_ip6[3];
	return check_bind(ctx, &w.address);
}
