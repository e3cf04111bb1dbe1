/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a packet of a service is. */
#pragma once

#include "../maps/packet_lb.h"
#include "ip_header.h"

/* Where the header of IP is; a program on a device without a link layer says otherwise. */
#ifndef LB_L3
#define LB_L3			ETH_HLEN
#endif
#define IPV6_OPTION_UNIT	8
#define MAX_IPV6_OPTIONS	3

struct ipv6_options {
	__u8	next;
	__u8	length;		/* in units of 8 bytes, without the first one */
};

/* The connection that a packet is of, or is about: an ICMP error quotes a packet that went the other way. */
struct lb_packet {
	struct lb_tuple	tuple;
	struct addr	own_near;	/* of the packet's own header: an error may come from anybody on the way */
	__u32		l4;
	__u32		quoted;		/* where an error quotes the connection's header; 0: it is none */
	__u32		quoted_l4;
	__be32		id;
	__u8		tcp_flags;
	__u8		hops;
	bool		is_v4;
	bool		is_first_fragment;
	bool		is_later_fragment;
};

/* Both ends as they are in a header. Toward the service its destination is near. */
static __always_inline void tuple_ends(struct lb_tuple *t, const struct header *h, bool near_is_source)
{
	t->near = near_is_source ? h->source : h->destination;
	t->far = near_is_source ? h->destination : h->source;
	t->protocol = h->protocol;
}

static __always_inline bool read_ports(struct __sk_buff *skb, __u32 l4, bool near_is_source, struct lb_tuple *t)
{
	__be16 ports[2];

	if (t->protocol != IPPROTO_TCP && t->protocol != IPPROTO_UDP)
		return false;
	if (bpf_skb_load_bytes(skb, l4, ports, sizeof(ports)))
		return false;
	t->near_port = ports[near_is_source ? 0 : 1];
	t->far_port = ports[near_is_source ? 1 : 0];
	return true;
}

static __always_inline bool read_quoted(struct __sk_buff *skb, bool near_is_source, struct lb_packet *p)
{
	struct header h = {};
	__u8 type;

	if (bpf_skb_load_bytes(skb, p->l4, &type, sizeof(type)) || !is_error(p->tuple.protocol, type))
		return false;
	p->quoted = p->l4 + sizeof(struct icmp_header);
	if (!read_header(skb, p->quoted, &h) || h.later_fragment)
		return false;
	p->quoted_l4 = p->quoted + h.size;
	tuple_ends(&p->tuple, &h, !near_is_source);
	return read_ports(skb, p->quoted_l4, !near_is_source, &p->tuple);
}

static __always_inline struct lb_fragment_key fragment_key(const struct lb_packet *p)
{
	struct lb_fragment_key key = {
		.near = p->tuple.near,
		.far = p->tuple.far,
		.id = p->id,
		.protocol = p->tuple.protocol,
		.direction = p->tuple.direction,
	};

	return key;
}

static __always_inline bool recall_ports(struct lb_packet *p)
{
	struct lb_fragment_key key = fragment_key(p);
	struct lb_fragment *first = bpf_map_lookup_elem(&lb_frag, &key);

	if (!first)
		return false;
	p->tuple.near_port = first->near_port;
	p->tuple.far_port = first->far_port;
	return true;
}

/* For the later fragments of a datagram whose first one is translated. */
static __always_inline long remember_ports(const struct lb_packet *p)
{
	struct lb_fragment_key key = fragment_key(p);
	struct lb_fragment ports = { p->tuple.near_port, p->tuple.far_port };

	return p->is_first_fragment ? bpf_map_update_elem(&lb_frag, &key, &ports, BPF_ANY) : 0;
}

/* A header that is cut short would let a later fragment supply what was judged here. */
static __always_inline __u32 header_size(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	default:
		return sizeof(struct icmp_header);
	}
}

static __always_inline bool read_transport(struct __sk_buff *skb, bool near_is_source, __u32 end, struct lb_packet *p)
{
	if (p->l4 + header_size(p->tuple.protocol) > end)
		return false;
	if (is_icmp(p->tuple.protocol))
		return !p->is_first_fragment && read_quoted(skb, near_is_source, p);
	if (p->tuple.protocol == IPPROTO_TCP &&
	    bpf_skb_load_bytes(skb, p->l4 + TCP_FLAGS, &p->tcp_flags, sizeof(p->tcp_flags)))
		return false;
	return read_ports(skb, p->l4, near_is_source, &p->tuple);
}

/* Options change neither whose a packet is nor where it goes; behind more of them, and behind other headers, nobody looks. */
static __always_inline bool skip_options(struct __sk_buff *skb, __u32 at, struct header *h)
{
	struct ipv6_options options;

	for (int i = 0; i < MAX_IPV6_OPTIONS; i++) {
		if (h->later_fragment || (h->protocol != IPPROTO_HOPOPTS && h->protocol != IPPROTO_DSTOPTS))
			break;
		if (bpf_skb_load_bytes(skb, at + h->size, &options, sizeof(options)))
			return false;
		h->protocol = options.next;
		h->size += (options.length + 1) * IPV6_OPTION_UNIT;
	}
	return read_fragment(skb, at, h);
}

static __always_inline bool read_whole(struct __sk_buff *skb, bool is_v4, struct header *h)
{
	if ((!is_v4 && skb->protocol != bpf_htons(ETH_P_IPV6)) || !read_header(skb, LB_L3, h) ||
	    (!is_v4 && !skip_options(skb, LB_L3, h)))
		return false;
	return h->length >= h->size && LB_L3 + h->length <= skb->len &&
	       h->protocol != (is_v4 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

/* What the header alone says of the packet. */
static __always_inline void take_header(struct lb_packet *p, const struct header *h, enum lb_direction direction)
{
	p->l4 = LB_L3 + h->size;
	p->id = h->id;
	p->hops = h->hops;
	p->is_later_fragment = h->later_fragment;
	p->is_first_fragment = h->more_fragments && !h->later_fragment;
	p->tuple.direction = direction;
	tuple_ends(&p->tuple, h, direction == LB_FROM_BACKEND);
	p->own_near = p->tuple.near;
}

/* False: nothing that is translated, or not whole. */
static __always_inline bool parse(struct __sk_buff *skb, enum lb_direction direction, struct lb_packet *p)
{
	bool near_is_source = direction == LB_FROM_BACKEND;
	struct header h = {};

	__builtin_memset(p, 0, sizeof(*p));
	p->is_v4 = skb->protocol == bpf_htons(ETH_P_IP);
	if (!read_whole(skb, p->is_v4, &h))
		return false;
	take_header(p, &h, direction);
	return p->is_later_fragment ? recall_ports(p) :
				      read_transport(skb, near_is_source, LB_L3 + h.length, p);
}

static __always_inline bool opens_connection(const struct lb_packet *p)
{
	return p->tuple.protocol == IPPROTO_TCP && !p->quoted && !p->is_later_fragment &&
	       (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}
