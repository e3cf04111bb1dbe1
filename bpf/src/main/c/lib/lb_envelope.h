/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What goes through the tunnel to a backend of another cluster whose node answers the client itself: the client's packet as
 * it came, in GRE (RFC 2784, RFC 2890) to the backend's address. The key has the backend's port and how long the client's
 * packets may be. Its protocol is one for local experiments (IEEE 802, 9.2.3): a pod's own GRE is none of ours, and no
 * stack joins these packets on their way in, which nobody could take apart here.
 */
#pragma once

#include "ip_rewrite.h"
#include "lb_nat.h"

#define GRE_HAS_KEY		0x2000
#define GRE_SERVICE_PACKET	0x88b5
#define ENVELOPE_HOPS		64

struct gre_header {
	__be16	flags;
	__be16	protocol;
	__be16	port;
	__be16	room;
};

struct lb_envelope {
	struct iphdr		ip;
	struct gre_header	gre;
};

_Static_assert(sizeof(struct lb_envelope) == 28, "lb_envelope"); /* EnvelopePlan in Java takes it off the path's size */

static __always_inline struct lb_envelope envelope_of(struct __sk_buff *skb, const struct lb_nat *to,
						      const struct lb_place *place)
{
	struct lb_envelope e = {
		.ip = {
			.version = 4,
			.ihl = IPV4_HEADER_MIN / 4,
			.tot_len = bpf_htons(skb->len - LB_L3 + sizeof(e)),
			.frag_off = bpf_htons(DONT_FRAGMENT),
			.ttl = ENVELOPE_HOPS,
			.protocol = IPPROTO_GRE,
			.saddr = addr_v4_bits(&place->node),
			.daddr = addr_v4_bits(&to->address),
		},
		.gre = {
			.flags = bpf_htons(GRE_HAS_KEY),
			.protocol = bpf_htons(GRE_SERVICE_PACKET),
			.port = to->port,
			.room = bpf_htons(place->room),
		},
	};

	e.ip.check = ipv4_checksum(&e.ip);
	return e;
}

/*
 * A packet of several segments is cut as its client cut it, where these fit. What is too long even so goes as it is: the
 * tunnel's own packets are then fragments.
 */
static __always_inline __u64 envelope_flags(struct __sk_buff *skb, const struct lb_packet *p, __u32 room)
{
	__u32 headers = p->l4 - LB_L3 + TCP_HEADER_MIN;
	__u64 flags = BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L4_GRE;

	return skb->gso_size + headers <= room ? flags | BPF_F_ADJ_ROOM_FIXED_GSO : flags;
}

/* Not 0: the packet is half changed and to be dropped. */
static __always_inline long wrap(struct __sk_buff *skb, const struct lb_packet *p, const struct lb_nat *to,
				 const struct lb_place *place)
{
	struct lb_envelope e = envelope_of(skb, to, place);

	return bpf_skb_adjust_room(skb, sizeof(e), BPF_ADJ_ROOM_MAC, envelope_flags(skb, p, place->room)) ||
	       bpf_skb_store_bytes(skb, LB_L3, &e, sizeof(e), 0);
}

/* False: it is something else, and not ours. */
static __always_inline bool read_envelope(struct __sk_buff *skb, struct lb_envelope *e)
{
	return skb->protocol == bpf_htons(ETH_P_IP) && !bpf_skb_load_bytes(skb, LB_L3, e, sizeof(*e)) &&
	       e->ip.version == 4 && e->ip.ihl * 4 == IPV4_HEADER_MIN && e->ip.protocol == IPPROTO_GRE &&
	       !(e->ip.frag_off & bpf_htons(FRAGMENT_OFFSET | MORE_FRAGMENTS)) &&
	       e->gre.flags == bpf_htons(GRE_HAS_KEY) && e->gre.protocol == bpf_htons(GRE_SERVICE_PACKET);
}

static __always_inline long unwrap(struct __sk_buff *skb)
{
	return bpf_skb_adjust_room(skb, -(__s32)sizeof(struct lb_envelope), BPF_ADJ_ROOM_MAC,
				   BPF_F_ADJ_ROOM_FIXED_GSO);
}
