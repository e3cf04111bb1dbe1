/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Packets for a service whose backend is on a neighbour, or in another cluster: they go there as they came, and that node
 * serves them as if they had come to it first. It answers the client itself, whoever hands on what comes next.
 */
#pragma once

#include "ip_rewrite.h"
#include "lb_envelope.h"
#include "lb_nat.h"

#define V4_TTL		8
#define V6_HOP_LIMIT	7
#define FAMILY_INET	2
#define FAMILY_INET6	10

/* As any router does it, also where nodes that do not agree hand a packet on to each other. False: it was the last hop. */
static __always_inline bool take_hop(struct __sk_buff *skb, bool is_v4)
{
	__u32 at = LB_L3 + (is_v4 ? V4_TTL : V6_HOP_LIMIT);
	__u8 hops[2];	/* of IPv4 with the protocol, a word of the checksum */
	__be16 was, is;

	if (bpf_skb_load_bytes(skb, at, hops, sizeof(hops)) || hops[0] <= 1)
		return false;
	__builtin_memcpy(&was, hops, sizeof(was));
	hops[0]--;
	__builtin_memcpy(&is, hops, sizeof(is));
	if (is_v4 && bpf_l3_csum_replace(skb, LB_L3 + V4_CHECKSUM, was, is, sizeof(is)))
		return false;
	return !bpf_skb_store_bytes(skb, at, hops, 1, 0);
}

static __always_inline long to_neighbour(const struct lb_packet *p, const struct lb_place *place)
{
	struct bpf_redir_neigh hop = {};
	__be32 v4 = addr_v4_bits(&place->node);

	hop.nh_family = p->is_v4 ? FAMILY_INET : FAMILY_INET6;
	if (p->is_v4)
		hop.ipv4_nh = v4;
	else
		__builtin_memcpy(hop.ipv6_nh, &place->node, sizeof(hop.ipv6_nh));
	return bpf_redirect_neigh(place->device, &hop, sizeof(hop), 0);
}

/* A verdict of tc, or not: *reason says why not. */
static __always_inline long hand_on(struct __sk_buff *skb, const struct lb_packet *p, const struct lb_nat *to,
				    enum verdict_reason *reason)
{
	struct lb_place *place = place_of(&to->address);

	if (!place || !place->device || remember_ports(p)) {
		*reason = DROP_NO_WAY_ON;
		return TC_ACT_SHOT;
	}
	if (!take_hop(skb, p->is_v4)) {
		*reason = DROP_TTL_EXCEEDED;
		return TC_ACT_SHOT;
	}
	if (place->room && wrap(skb, p, to, place)) {
		*reason = DROP_HELPER_FAILED;
		return TC_ACT_SHOT;
	}
	*reason = FORWARDED;
	return place->room ? bpf_redirect(place->device, 0) : to_neighbour(p, place);
}
