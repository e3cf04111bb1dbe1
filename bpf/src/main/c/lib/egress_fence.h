/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whose an egress address is, as far as the wire tells. Who loses one hears its successor announce it, and
 * stops by that alone: also a machine that slept through its own replacement, before any process of it runs.
 */
#pragma once

#include "egress_packet.h"

#define ARP_ETHERNET	1
#define ARP_REPLY	2

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

/*
 * Of ARP that comes in. A question names its sender too, but only in passing; and switches and bonds may
 * send our own announcement back to us.
 */
static __always_inline void hear_claim(struct __sk_buff *skb)
{
	struct egress_fence *fence;
	struct arp_packet arp;
	struct addr claimed;

	if (!read_arp(skb, &arp))
		return;
	if (arp.operation != bpf_htons(ARP_REPLY) && arp.sender != arp.target)
		return;
	claimed = addr_v4(arp.sender);
	fence = fence_of(&claimed);
	if (fence && mac_bits(arp.sender_mac) != fence->own_mac)
		fence->deposed_at = bpf_ktime_get_ns();
}

/* Of ARP that goes out. False: it names an address that is lost, and would draw its packets here. */
static __always_inline bool may_claim(struct __sk_buff *skb)
{
	struct egress_fence *fence;
	struct arp_packet arp;
	struct addr claimed;

	if (!read_arp(skb, &arp))
		return true;
	claimed = addr_v4(arp.sender);
	fence = fence_of(&claimed);
	if (!fence)
		return true;
	if (fence->deposed_at)
		return false;
	fence->own_mac = mac_bits(arp.sender_mac);
	return true;
}
