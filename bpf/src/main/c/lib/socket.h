/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/in.h>

#include "metrics.h"
#include "socket_choice.h"

#define ALLOW	1
#define REFUSE	0

/* bpf_set_retval came with 5.18; before that a refused connect fails with EPERM. */
const volatile __u8 has_set_retval = 0;

/* The peer of a socket call, in the form of the maps. */
struct peer {
	struct addr	address;
	__be16		port;
};

static __always_inline int refuse(enum verdict_reason reason)
{
	count_verdict(reason, HOOK_SOCKET, 0);
	if (has_set_retval)
		bpf_set_retval(-ECONNREFUSED);
	return REFUSE;
}

static __always_inline int allow(enum verdict_reason reason)
{
	count_verdict(reason, HOOK_SOCKET, 0);
	return ALLOW;
}

static __always_inline bool frontend_key(struct bpf_sock_addr *ctx, const struct peer *to,
					 struct service_frontend_key *key)
{
	__u32 protocol = ctx->protocol;

	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return false;
	key->address = to->address;
	key->port = to->port;
	key->protocol = protocol;
	return true;
}

static __always_inline void remember(struct socket_state *s, const struct peer *to,
				     const struct choice *c, bool connected)
{
	s->service = to->address;
	s->service_port = to->port;
	s->backend = c->backend.address;
	s->backend_port = c->backend.port;
	s->service_id = c->frontend.service_id;
	s->backend_id = c->backend_id;
	s->connected = connected;
}

/* What came of a choice, for the results that are not a backend. */
static __always_inline int without_backend(enum choice_result result)
{
	switch (result) {
	case CHOICE_EMPTY:
		return allow(PASS_NO_BACKEND);
	case CHOICE_REFUSE_EMPTY:
		return refuse(DROP_NO_BACKEND);
	default:
		return refuse(DROP_STALE_SLOT);
	}
}

static __always_inline long remember_reverse(__u64 cookie, const struct peer *to,
					     const struct choice *c)
{
	struct udp_reverse_key key = { .cookie = cookie, .backend = c->backend.address,
				       .port = c->backend.port };
	struct udp_reverse value = { .service = to->address, .port = to->port,
				     .cluster_id = c->backend.cluster_id };

	return bpf_map_update_elem(&udp_reverse, &key, &value, BPF_ANY);
}

/* What was noted of the backend that the socket had before: it may go there by itself some time. */
static __always_inline void forget_previous(__u64 cookie, const struct socket_state *s)
{
	struct udp_reverse_key key = { .cookie = cookie, .backend = s->backend,
				       .port = s->backend_port };

	if (s->backend_port)
		bpf_map_delete_elem(&udp_reverse, &key);
}

/* A socket that had a backend by an earlier connect, and goes to the same place without a service now. */
static __always_inline void forget_reverse(struct bpf_sock_addr *ctx, const struct peer *to)
{
	struct udp_reverse_key key = { .backend = to->address, .port = to->port };

	if (bpf_sk_storage_delete(&sk_state, ctx->sk) || ctx->protocol != IPPROTO_UDP)
		return;
	key.cookie = bpf_get_socket_cookie(ctx);
	bpf_map_delete_elem(&udp_reverse, &key);
}

/*
 * Decides where a connect goes; *to becomes the backend if the socket may go there. A socket whose
 * answer could not be shown under the service's address is refused: never half a translation.
 */
static __always_inline int connect_service(struct bpf_sock_addr *ctx, struct peer *to)
{
	struct service_frontend_key key = {};
	struct choice c = {};
	struct socket_state *s;
	enum choice_result result = CHOICE_NOT_OURS;
	__u64 cookie;

	if (frontend_key(ctx, to, &key))
		result = choose_backend(ctx, &key, &c, bpf_get_prandom_u32());
	if (!ctx->sk)
		return result == CHOICE_NOT_OURS ? ALLOW : refuse(DROP_REVERSE_STATE);
	if (result != CHOICE_MADE)
		forget_reverse(ctx, to);
	if (result == CHOICE_NOT_OURS)
		return ALLOW;
	if (result != CHOICE_MADE)
		return without_backend(result);
	if (addr_is_v4(&to->address) != addr_is_v4(&c.backend.address))
		return refuse(DROP_FAMILY_MISMATCH);
	s = bpf_sk_storage_get(&sk_state, ctx->sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s)
		return refuse(DROP_REVERSE_STATE);
	if (key.protocol == IPPROTO_UDP) {
		cookie = bpf_get_socket_cookie(ctx);
		forget_previous(cookie, s);
		remember_reverse(cookie, to, &c);
	}
	remember(s, to, &c, true);
	to->address = c.backend.address;
	to->port = c.backend.port;
	return allow(FORWARDED);
}

/* True if the backend that this socket used for this service may go on being used. */
static __always_inline bool keeps_backend(const struct socket_state *s, const struct peer *to,
					  struct choice *c)
{
	if (s->connected || s->service_port != to->port || !addr_equal(&s->service, &to->address))
		return false;
	if (!read_backend(s->backend_id, s->service_id, &c->backend))
		return false;
	return c->backend.state != BACKEND_QUARANTINED && c->backend.port == s->backend_port &&
	       addr_equal(&c->backend.address, &s->backend);
}

/* One datagram of a socket that is not connected, or names another peer than its own. */
static __always_inline int send_service(struct bpf_sock_addr *ctx, struct peer *to)
{
	struct service_frontend_key key = {};
	struct choice c = {};
	struct socket_state *s;
	enum choice_result result;
	__u64 cookie;

	if (!frontend_key(ctx, to, &key) || !row_for_socket(ctx, &key))
		return ALLOW;
	if (!ctx->sk)
		return refuse(DROP_REVERSE_STATE);
	s = bpf_sk_storage_get(&sk_state, ctx->sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s)
		return refuse(DROP_REVERSE_STATE);
	if (keeps_backend(s, to, &c))
		goto forward;
	/* The same start for the same socket: it keeps its backend even when it alternates services. */
	cookie = bpf_get_socket_cookie(ctx);
	result = choose_backend(ctx, &key, &c, (__u32)(cookie * 0x9e3779b97f4a7c15ULL >> 32));
	if (result == CHOICE_NOT_OURS)
		return ALLOW;
	if (result != CHOICE_MADE)
		return without_backend(result);
	if (addr_is_v4(&to->address) != addr_is_v4(&c.backend.address))
		return refuse(DROP_FAMILY_MISMATCH);
	if (remember_reverse(cookie, to, &c))
		return refuse(DROP_REVERSE_STATE);
	if (!s->connected)
		remember(s, to, &c, false);
forward:
	to->address = c.backend.address;
	to->port = c.backend.port;
	return allow(FORWARDED);
}

/* True if *from is the backend that stands for a service; then it becomes the service's address. */
static __always_inline bool reverse_service(struct bpf_sock_addr *ctx, struct peer *from, bool datagrams)
{
	struct udp_reverse_key key = {};
	struct udp_reverse *r;
	struct socket_state *s;

	if (!ctx->sk)
		return false;
	s = bpf_sk_storage_get(&sk_state, ctx->sk, NULL, 0);
	if (!s)
		return false;
	if (s->backend_port == from->port && addr_equal(&s->backend, &from->address)) {
		from->address = s->service;
		from->port = s->service_port;
		return true;
	}
	if (!datagrams)
		return false;
	key.cookie = bpf_get_socket_cookie(ctx);
	key.backend = from->address;
	key.port = from->port;
	r = bpf_map_lookup_elem(&udp_reverse, &key);
	if (!r)
		return false;
	from->address = r->service;
	from->port = r->port;
	return true;
}
