/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Changes to a packet. Every function returns 0, or not: then the packet is half changed and to be dropped. */
#pragma once

#include "lb_packet.h"

#define V4_CHECKSUM	10
#define V4_SOURCE	12
#define V4_DESTINATION	16
#define ICMP_CHECKSUM	2
#define UDP_CHECKSUM	6
#define TCP_CHECKSUM	16

/* Puts one address for the other in a header, and in that header's checksum. */
static __always_inline long replace_address(struct __sk_buff *skb, __u32 l3, bool source, __be32 was, __be32 is)
{
	return bpf_l3_csum_replace(skb, l3 + V4_CHECKSUM, was, is, sizeof(is)) ||
	       bpf_skb_store_bytes(skb, l3 + (source ? V4_SOURCE : V4_DESTINATION), &is, sizeof(is), 0);
}

static __always_inline long replace_port(struct __sk_buff *skb, __u32 l4, bool source, __be16 is)
{
	return bpf_skb_store_bytes(skb, l4 + (source ? 0 : 2), &is, sizeof(is), 0);
}

/* UDP's checksum may be absent. */
static __always_inline long replace_checksum(struct __sk_buff *skb, const struct lb_packet *p,
					     const struct lb_nat *to)
{
	bool udp = p->tuple.protocol == IPPROTO_UDP;
	__u32 at = p->l4 + (udp ? UDP_CHECKSUM : TCP_CHECKSUM);
	__u64 flags = udp ? BPF_F_MARK_MANGLED_0 : 0;
	__be32 was = addr_v4_bits(&p->tuple.near), is = addr_v4_bits(&to->address);

	return bpf_l4_csum_replace(skb, at, was, is, flags | BPF_F_PSEUDO_HDR | sizeof(is)) ||
	       bpf_l4_csum_replace(skb, at, p->tuple.near_port, to->port, flags | sizeof(to->port)) ||
	       bpf_l4_csum_replace(skb, at, p->tuple.far_port, to->far_port, flags | sizeof(to->far_port));
}

/*
 * The quoted address and the checksum of its header cancel out in the error's own checksum. The quoted transport's
 * is left: nobody looks at it.
 */
static __always_inline long rewrite_quoted(struct __sk_buff *skb, const struct lb_packet *p, bool near_is_source,
					   const struct lb_nat *to)
{
	__u32 at = p->l4 + ICMP_CHECKSUM;

	return replace_address(skb, p->quoted, !near_is_source, addr_v4_bits(&p->tuple.near),
			       addr_v4_bits(&to->address)) ||
	       bpf_l4_csum_replace(skb, at, p->tuple.near_port, to->port, sizeof(to->port)) ||
	       bpf_l4_csum_replace(skb, at, p->tuple.far_port, to->far_port, sizeof(to->far_port)) ||
	       replace_port(skb, p->quoted_l4, !near_is_source, to->port) ||
	       replace_port(skb, p->quoted_l4, near_is_source, to->far_port);
}

/* The near end becomes the backend, or the service again, and the far one's port what that side knows it by. */
static __always_inline long translate(struct __sk_buff *skb, const struct lb_packet *p, const struct lb_nat *to)
{
	bool near_is_source = p->tuple.direction == LB_FROM_BACKEND;

	if (p->quoted && rewrite_quoted(skb, p, near_is_source, to))
		return -1;
	/* An error of somebody on the way keeps its sender. */
	if (p->quoted && !addr_equal(&p->own_near, &p->tuple.near))
		return 0;
	if (replace_address(skb, LB_L3, near_is_source, addr_v4_bits(&p->tuple.near), addr_v4_bits(&to->address)))
		return -1;
	if (p->quoted || p->is_later_fragment)
		return 0;
	return replace_checksum(skb, p, to) || replace_port(skb, p->l4, near_is_source, to->port) ||
	       replace_port(skb, p->l4, !near_is_source, to->far_port);
}
