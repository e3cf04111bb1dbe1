/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Packets that a driver has before the stack, of connections that are handed on: those without options and extension
 * headers, whole, of TCP and UDP.
 */
#pragma once

#include "ip_rewrite.h"
#include "lb_hand_on.h"

/* Where a packet is; checked against its end at each place that reads or writes. */
static __always_inline void *at(struct xdp_md *xdp, __u32 offset)
{
	return (void *)(long)xdp->data + offset;
}

static __always_inline bool has(struct xdp_md *xdp, const void *begin, __u32 size)
{
	return begin + size <= (void *)(long)xdp->data_end;
}

static __always_inline bool read_plain_ports(struct xdp_md *xdp, void *l4, struct lb_packet *p)
{
	__be16 *ports = l4;

	if (p->tuple.protocol == IPPROTO_TCP) {
		if (!has(xdp, l4, sizeof(struct tcphdr)))
			return false;
		p->tcp_flags = ((__u8 *)l4)[TCP_FLAGS];
	} else if (p->tuple.protocol != IPPROTO_UDP || !has(xdp, l4, sizeof(struct udphdr))) {
		return false;
	}
	p->tuple.far_port = ports[0];
	p->tuple.near_port = ports[1];
	return true;
}

/* Of the header of either family, without anything between it and the transport. */
static __always_inline bool is_plain(struct xdp_md *xdp, const struct header *h, __u32 size)
{
	return h->size == size && !h->later_fragment && !h->more_fragments &&
	       h->length >= size + header_size(h->protocol) && has(xdp, at(xdp, LB_L3), h->length);
}

static __always_inline bool parse_plain_v4(struct xdp_md *xdp, struct lb_packet *p)
{
	struct iphdr *ip = at(xdp, LB_L3);
	struct header h = {};

	if (!has(xdp, ip, sizeof(*ip)) || !take_ipv4(ip, &h) || !is_plain(xdp, &h, sizeof(*ip)))
		return false;
	take_header(p, &h, LB_TO_SERVICE);
	return read_plain_ports(xdp, ip + 1, p);
}

static __always_inline bool parse_plain_v6(struct xdp_md *xdp, struct lb_packet *p)
{
	struct ipv6hdr *ip = at(xdp, LB_L3);
	struct header h = {};

	if (!has(xdp, ip, sizeof(*ip)) || !take_ipv6(ip, &h) || !is_plain(xdp, &h, sizeof(*ip)))
		return false;
	take_header(p, &h, LB_TO_SERVICE);
	return read_plain_ports(xdp, ip + 1, p);
}

/* False: nothing that goes on from here. */
static __always_inline bool parse_plain(struct xdp_md *xdp, struct lb_packet *p)
{
	struct ethhdr *eth = at(xdp, 0);

	if (!has(xdp, eth, sizeof(*eth)))
		return false;
	p->is_v4 = eth->h_proto == bpf_htons(ETH_P_IP);
	if (p->is_v4)
		return parse_plain_v4(xdp, p);
	return eth->h_proto == bpf_htons(ETH_P_IPV6) && parse_plain_v6(xdp, p);
}

/*
 * A node as a neighbour at a device. What the kernel does not know, or reaches by a router, lb_in hands to the stack, which
 * finds it out; that the packet is no longer than the device takes is asked of the same look-up.
 */
static __always_inline bool find_neighbour(struct xdp_md *xdp, const struct lb_place *place, bool is_v4,
					   struct bpf_fib_lookup *hop)
{
	const __u32 flags = BPF_FIB_LOOKUP_DIRECT | BPF_FIB_LOOKUP_OUTPUT;
	__be32 v4 = addr_v4_bits(&place->node);

	hop->family = is_v4 ? FAMILY_INET : FAMILY_INET6;
	hop->ifindex = place->device;
	hop->tot_len = xdp->data_end - xdp->data - LB_L3;
	if (is_v4)
		hop->ipv4_dst = v4;
	else
		__builtin_memcpy(hop->ipv6_dst, &place->node, sizeof(hop->ipv6_dst));
	if (bpf_fib_lookup(xdp, hop, sizeof(*hop), flags) != BPF_FIB_LKUP_RET_SUCCESS ||
	    hop->ifindex != place->device)
		return false;
	return is_v4 ? hop->family == FAMILY_INET && hop->ipv4_dst == v4 :
		       !__builtin_memcmp(hop->ipv6_dst, &place->node, sizeof(hop->ipv6_dst));
}

/* RFC 1624: a word of the header is less by one in its upper byte. */
static __always_inline void take_plain_hop_v4(struct iphdr *ip)
{
	__u32 sum = (__u32)ip->check + bpf_htons(0x0100);

	ip->check = sum + (sum >= 0xffff);
	ip->ttl--;
}

static __always_inline bool readdress(struct xdp_md *xdp, bool is_v4, const struct bpf_fib_lookup *hop)
{
	struct ethhdr *eth = at(xdp, 0);
	struct ipv6hdr *v6 = at(xdp, LB_L3);
	struct iphdr *v4 = at(xdp, LB_L3);

	if (!has(xdp, v4, sizeof(*v4)))
		return false;
	if (is_v4)
		take_plain_hop_v4(v4);
	else
		v6->hop_limit--;
	__builtin_memcpy(eth->h_dest, hop->dmac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, hop->smac, ETH_ALEN);
	return true;
}

/*
 * Out of the device by which it came, to the node of its backend. Only by that one: another device may be of a driver that
 * sends nothing for programs, and loses it. False: nothing was changed.
 */
static __always_inline bool turn_round(struct xdp_md *xdp, const struct lb_packet *p, const struct lb_nat *to)
{
	struct lb_place *place = place_of(&to->address);
	struct bpf_fib_lookup hop = {};

	return place && place->device == xdp->ingress_ifindex && p->hops > 1 &&
	       find_neighbour(xdp, place, p->is_v4, &hop) && readdress(xdp, p->is_v4, &hop);
}
