/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Which backend a socket gets, and by which row of its service. */
#pragma once

#include "service.h"

/* The network namespace whose loopback has ports of nodes; 0: the machine's first one, as far as a kernel tells. */
const volatile __u64 host_netns = 0;

/* ctx: of a program for sockets. */
static __always_inline bool is_of_host(void *ctx)
{
	return bpf_get_netns_cookie(ctx) == (host_netns ? host_netns : bpf_get_netns_cookie(NULL));
}

/*
 * A service that keeps sources is another one to whoever is in the cluster: not only of this node's backends. And what
 * address a socket will have is not known yet where clients have to be of certain ranges. Both are served by a row of
 * their own, or not at all. On loopback every pod is at home: ports of nodes are there for the node's own sockets.
 */
static __always_inline struct service_frontend *row_for_socket(struct bpf_sock_addr *ctx,
							       const struct service_frontend_key *key)
{
	struct service_frontend *fe = bpf_map_lookup_elem(&svc_fe, key);
	struct service_frontend_key other = *key;

	if (fe && !(fe->flags & (SERVICE_KEEPS_SOURCE | SERVICE_RESTRICTED)))
		return fe;
	if (!fe && (!addr_is_loopback(&key->address) || !is_of_host(ctx)))
		return NULL;
	other.scope = fe ? SCOPE_INSIDE : SCOPE_HOST;
	return bpf_map_lookup_elem(&svc_fe, &other);
}

/* The same for all sockets of a pod. */
static __always_inline __u32 start_of_pod(struct bpf_sock_addr *ctx)
{
	return bpf_get_netns_cookie(ctx) * 0x9e3779b97f4a7c15ULL >> 32;
}

static __always_inline enum choice_result choose_backend(struct bpf_sock_addr *ctx,
							 const struct service_frontend_key *key,
							 struct choice *c, __u32 start)
{
	for (int i = 0; i < MAX_FLIPS; i++) {
		struct service_frontend *fe = row_for_socket(ctx, key);
		bool found;

		if (!fe)
			return CHOICE_NOT_OURS;
		c->frontend = *fe;
		if (c->frontend.flags & SERVICE_BY_CLIENT)
			start = start_of_pod(ctx);
		if (!probe_slots(c, start, &found))
			continue;
		if (found)
			return CHOICE_MADE;
		return c->frontend.flags & SERVICE_REFUSE_WHEN_EMPTY ? CHOICE_REFUSE_EMPTY : CHOICE_EMPTY;
	}
	return CHOICE_STALE;
}
