/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whether the way to a gateway is there. A node's agent asks, and a program answers: a gateway whose
 * processes are dead or stopped still translates, and is not to be given up for it.
 */
#pragma once

#include "egress_packet.h"
#include "egress_rewrite.h"

/* 169.254.64.0/18, of which each carrier has one; ProbeAddress in Java has the same. */
#define PROBE_RANGE	0xa9fe4000
#define PROBE_MASK	0xffffc000

static __always_inline bool is_probe_address(const struct addr *a)
{
	return addr_is_v4(a) && (bpf_ntohl(addr_v4_bits(a)) & PROBE_MASK) == PROBE_RANGE;
}

/* A whole ICMP echo of that type; *l4 gets where it starts. */
static __always_inline bool read_echo(struct __sk_buff *skb, __u32 l3, enum icmp_type type, __u32 *l4)
{
	struct icmp_header icmp;
	struct header h = {};

	if (skb->protocol != bpf_htons(ETH_P_IP) || !read_ipv4(skb, l3, &h))
		return false;
	if (h.protocol != IPPROTO_ICMP || h.later_fragment || h.more_fragments)
		return false;
	if (h.length < h.size + sizeof(icmp) || l3 + h.length > skb->len)
		return false;
	*l4 = l3 + h.size;
	return !bpf_skb_load_bytes(skb, *l4, &icmp, sizeof(icmp)) && icmp.type == type && icmp.code == 0;
}

/* Request to reply. The ends change places, which the header's checksum does not notice. */
static __always_inline long turn_echo(struct __sk_buff *skb, __u32 l3, __u32 l4)
{
	__be16 request = bpf_htons(ICMP_ECHO_REQUEST << 8), reply = bpf_htons(ICMP_ECHO_REPLY << 8);
	__be32 ends[2], turned[2];

	if (bpf_skb_load_bytes(skb, l3 + V4_SOURCE, ends, sizeof(ends)))
		return -1;
	turned[0] = ends[1];
	turned[1] = ends[0];
	return bpf_skb_store_bytes(skb, l3 + V4_SOURCE, turned, sizeof(turned), 0) ||
	       bpf_l4_csum_replace(skb, l4 + ICMP_CHECKSUM, request, reply, sizeof(reply)) ||
	       bpf_skb_store_bytes(skb, l4, &reply, sizeof(reply), 0);
}
