/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whose an egress address is, as far as the wire tells. Who loses one hears its successor announce it, and
 * stops by that alone: also a machine that slept through its own replacement, before any process of it runs.
 */
#pragma once

#include "egress_packet.h"

#define ARP_ETHERNET	1
#define ARP_REPLY	2
#define ND_SOLICITATION		135
#define ND_ADVERTISEMENT	136
#define ND_HOP_LIMIT		255	/* less: it crossed a router, and is nobody's of the link */
#define ND_SOURCE_LINK		1
#define ND_TARGET_LINK		2
#define ND_OPTION_UNIT		8
#define ND_MAX_OPTIONS		4

/* linux/if_arp.h needs headers of the C library. */
struct arp_packet {
	__be16	hardware;
	__be16	protocol;
	__u8	hardware_size;
	__u8	protocol_size;
	__be16	operation;
	__u8	sender_mac[ETH_ALEN];
	__be32	sender;
	__u8	target_mac[ETH_ALEN];
	__be32	target;
} __attribute__((packed));

_Static_assert(sizeof(struct arp_packet) == 28, "arp_packet");

static __always_inline bool read_arp(struct __sk_buff *skb, struct arp_packet *arp)
{
	return !bpf_skb_load_bytes(skb, ETH_HLEN, arp, sizeof(*arp)) &&
	       arp->hardware == bpf_htons(ARP_ETHERNET) && arp->protocol == bpf_htons(ETH_P_IP) &&
	       arp->hardware_size == ETH_ALEN && arp->protocol_size == sizeof(arp->sender);
}

static __always_inline __u64 mac_bits(const __u8 *mac)
{
	__u64 bits = 0;

	__builtin_memcpy(&bits, mac, ETH_ALEN);
	return bits;
}

static __always_inline struct egress_fence *fence_of(const struct addr *address)
{
	struct egress_fence_key key = { *address };

	return bpf_map_lookup_elem(&eg_fence, &key);
}

static __always_inline bool is_deposed(const struct addr *address)
{
	struct egress_fence *fence = fence_of(address);

	return fence && fence->deposed_at;
}

/* What a machine says of an address and itself; of IPv6 by neighbour discovery (RFC 4861). */
struct neighbour {
	struct addr	address;
	__u64		mac;		/* 0: it does not say */
	bool		claims;		/* or names it in passing */
};

struct nd_packet {
	__u8		type;
	__u8		code;
	__be16		checksum;
	__be32		flags;
	struct addr	target;
};

struct nd_option {
	__u8	type;
	__u8	length;		/* in units of 8 bytes */
	__u8	mac[ETH_ALEN];
};

_Static_assert(sizeof(struct nd_packet) == 24, "nd_packet");
_Static_assert(sizeof(struct nd_option) == ND_OPTION_UNIT, "nd_option");

static __always_inline bool hear_arp(struct __sk_buff *skb, struct neighbour *n)
{
	struct arp_packet arp;

	if (!read_arp(skb, &arp))
		return false;
	n->address = addr_v4(arp.sender);
	n->mac = mac_bits(arp.sender_mac);
	n->claims = arp.operation == bpf_htons(ARP_REPLY) || arp.sender == arp.target;
	return true;
}

static __always_inline __u64 link_address(struct __sk_buff *skb, __u32 at, __u32 end, __u8 wanted)
{
	struct nd_option option;

	for (int i = 0; i < ND_MAX_OPTIONS; i++) {
		if (at + sizeof(option) > end || bpf_skb_load_bytes(skb, at, &option, sizeof(option)))
			return 0;
		if (!option.length || option.type == wanted)
			return option.length == 1 ? mac_bits(option.mac) : 0;
		at += option.length * ND_OPTION_UNIT;
	}
	return 0;
}

/* An advertisement is of its target, a question tells of who asks. */
static __always_inline bool hear_nd(struct __sk_buff *skb, struct neighbour *n)
{
	__u32 at = ETH_HLEN + sizeof(struct ipv6hdr), end;
	struct nd_packet nd;
	struct ipv6hdr ip;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.version != 6 ||
	    ip.nexthdr != IPPROTO_ICMPV6 || ip.hop_limit != ND_HOP_LIMIT)
		return false;
	end = at + bpf_ntohs(ip.payload_len);
	if (at + sizeof(nd) > end || bpf_skb_load_bytes(skb, at, &nd, sizeof(nd)) || nd.code)
		return false;
	if (nd.type != ND_ADVERTISEMENT && nd.type != ND_SOLICITATION)
		return false;
	n->claims = nd.type == ND_ADVERTISEMENT;
	if (n->claims)
		n->address = nd.target;
	else
		__builtin_memcpy(&n->address, &ip.saddr, sizeof(n->address));
	/* It would pass for IPv4 in the map. */
	if (addr_is_v4(&n->address))
		return false;
	n->mac = link_address(skb, at + sizeof(nd), end, n->claims ? ND_TARGET_LINK : ND_SOURCE_LINK);
	return true;
}

static __always_inline bool hear_neighbour(struct __sk_buff *skb, struct neighbour *n)
{
	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return hear_arp(skb, n);
	return skb->protocol == bpf_htons(ETH_P_IPV6) && hear_nd(skb, n);
}

/*
 * Of what comes in. A question names its sender too, but only in passing; what names no machine draws no
 * packets; and switches and bonds may send our own announcement back to us.
 */
static __always_inline void hear_claim(struct __sk_buff *skb)
{
	struct neighbour n = {};
	struct egress_fence *fence;

	if (!hear_neighbour(skb, &n) || !n.claims || !n.mac)
		return;
	fence = fence_of(&n.address);
	if (fence && n.mac != fence->own_mac)
		fence->deposed_at = bpf_ktime_get_ns();
}

/* Of what goes out. False: it names an address that is lost, and would draw its packets here. */
static __always_inline bool may_claim(struct __sk_buff *skb)
{
	struct neighbour n = {};
	struct egress_fence *fence;

	if (!hear_neighbour(skb, &n))
		return true;
	fence = fence_of(&n.address);
	if (!fence)
		return true;
	if (fence->deposed_at)
		return false;
	if (n.mac)
		fence->own_mac = n.mac;
	return true;
}
