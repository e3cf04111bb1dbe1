/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * One address for another, in the headers of either family. Every function returns 0, or not: then the packet is half
 * changed and to be dropped.
 */
#pragma once

#include "ip_header.h"

#define V4_CHECKSUM	10
#define V4_SOURCE	12
#define V4_DESTINATION	16
#define V6_SOURCE	8
#define V6_DESTINATION	24
#define ICMP_CHECKSUM	2
#define UDP_CHECKSUM	6
#define TCP_CHECKSUM	16

/* Of a header whose checksum is 0. */
static __always_inline __sum16 ipv4_checksum(struct iphdr *ip)
{
	__u32 sum = bpf_csum_diff(NULL, 0, (__be32 *)ip, sizeof(*ip), 0);

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* In a header, and in that header's checksum if it has one. Both are of one family. */
static __always_inline long replace_address(struct __sk_buff *skb, __u32 l3, bool source, bool is_v4,
					    const struct addr *from, const struct addr *to)
{
	__be32 was = addr_v4_bits(from), is = addr_v4_bits(to);

	if (!is_v4)
		return bpf_skb_store_bytes(skb, l3 + (source ? V6_SOURCE : V6_DESTINATION), to, sizeof(*to), 0);
	return bpf_l3_csum_replace(skb, l3 + V4_CHECKSUM, was, is, sizeof(is)) ||
	       bpf_skb_store_bytes(skb, l3 + (source ? V4_SOURCE : V4_DESTINATION), &is, sizeof(is), 0);
}

/* What putting one address for the other adds to a checksum. */
static __always_inline __s64 address_difference(const struct addr *from, const struct addr *to)
{
	struct addr was = *from, is = *to;

	return bpf_csum_diff((__be32 *)&was, sizeof(was), (__be32 *)&is, sizeof(is), 0);
}

/* The address in the pseudo header of a checksum. */
static __always_inline long replace_address_in_checksum(struct __sk_buff *skb, __u32 at, bool is_v4,
							const struct addr *from, const struct addr *to,
							__u64 flags)
{
	flags |= BPF_F_PSEUDO_HDR;
	if (is_v4)
		return bpf_l4_csum_replace(skb, at, addr_v4_bits(from), addr_v4_bits(to),
					   flags | sizeof(__be32));
	return bpf_l4_csum_replace(skb, at, 0, address_difference(from, to), flags);
}
