/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Ports that a socket of the node must not have: it would hear nothing of what comes for them. */
#pragma once

#include <bpf/bpf_endian.h>

#include "socket.h"

/* True for a port of nodes that is served there in place of kube-proxy: then it is on loopback, too. */
static __always_inline bool is_served(struct addr bound, bool anywhere, __be16 port, __u8 protocol)
{
	struct service_frontend_key key = { addr_loopback(addr_is_v4(&bound)), port, protocol, SCOPE_HOST };
	struct service_frontend *fe = bpf_map_lookup_elem(&svc_fe, &key);

	if (!fe || anywhere || addr_equal(&bound, &key.address))
		return fe;
	key.address = bound;
	key.scope = SCOPE_EVERYBODY;
	fe = bpf_map_lookup_elem(&svc_fe, &key);
	return fe && fe->flags & SERVICE_NODE_PORT;
}

/* A socket that is bound to all addresses of IPv6 has those of IPv4 as well, if it does not say otherwise. */
static __always_inline int check_bind(struct bpf_sock *ctx, const struct addr *bound)
{
	const struct addr any4 = addr_v4(0);
	const struct addr any6 = {};
	bool anywhere6 = addr_equal(bound, &any6);
	bool anywhere = anywhere6 || addr_equal(bound, &any4);
	__be16 port = bpf_htons(ctx->src_port);
	__u8 protocol = ctx->protocol;

	if (!is_of_host(ctx))
		return ALLOW;
	if (!is_served(*bound, anywhere, port, protocol) && !(anywhere6 && is_served(any4, true, port, protocol)))
		return ALLOW;
	count_verdict(DROP_PORT_SERVED, HOOK_SOCKET, 0);
	if (has_set_retval)
		bpf_set_retval(-EADDRINUSE);
	return REFUSE;
}
