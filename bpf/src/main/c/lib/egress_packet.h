/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a packet is, to those who steer and translate it. */
#pragma once

#include "../maps/egress.h"
#include "ip_header.h"

enum parse_result {
	PARSED,
	PARSE_MALFORMED,
	PARSE_UNSUPPORTED,
	PARSE_FRAGMENT,
};

struct packet {
	struct egress_tuple	tuple;
	struct addr		near;		/* of this packet's own header, as the ones below */
	__u32			l3;
	__u32			l4;
	__u32			quoted;		/* where an ICMP error quotes the flow's header; 0: no error */
	__u32			quoted_l4;
	__u32			length;
	__be32			id;
	__u8			tcp_flags;
	__u8			tcp_length;
	bool			is_first_fragment;
	bool			is_later_fragment;
	bool			dont_fragment;
	bool			is_v4;
};

static __always_inline void tuple_ends(struct egress_tuple *t, const struct header *h, bool outward)
{
	t->near = outward ? h->source : h->destination;
	t->far = outward ? h->destination : h->source;
	t->protocol = h->protocol;
}

static __always_inline __u8 echo_type(__u8 protocol, bool outward)
{
	if (protocol == IPPROTO_ICMP)
		return outward ? ICMP_ECHO_REQUEST : ICMP_ECHO_REPLY;
	return outward ? ICMP6_ECHO_REQUEST : ICMP6_ECHO_REPLY;
}

static __always_inline void tuple_ports(struct egress_tuple *t, __be16 source, __be16 destination, bool outward)
{
	t->near_port = outward ? source : destination;
	t->far_port = outward ? destination : source;
}

/* Of TCP, UDP and ICMP echo: a request goes outward, a reply comes back. */
static __always_inline enum parse_result read_ports(struct __sk_buff *skb, __u32 l4, bool outward,
						    struct egress_tuple *t)
{
	struct icmp_header icmp;
	__be16 ports[2];

	switch (t->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		if (bpf_skb_load_bytes(skb, l4, ports, sizeof(ports)))
			return PARSE_MALFORMED;
		tuple_ports(t, ports[0], ports[1], outward);
		return PARSED;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (bpf_skb_load_bytes(skb, l4, &icmp, sizeof(icmp)))
			return PARSE_MALFORMED;
		if (icmp.type != echo_type(t->protocol, outward))
			return PARSE_UNSUPPORTED;
		t->near_port = icmp.id;
		t->far_port = 0;
		return PARSED;
	default:
		return PARSE_UNSUPPORTED;
	}
}

/* The flow that an error is about. What it quotes went the other way. */
static __always_inline enum parse_result read_quoted(struct __sk_buff *skb, bool outward,
						     struct packet *p)
{
	struct header h = {};

	p->quoted = p->l4 + sizeof(struct icmp_header);
	if (!read_header(skb, p->quoted, &h))
		return PARSE_MALFORMED;
	if (h.later_fragment)
		return PARSE_UNSUPPORTED;
	p->quoted_l4 = p->quoted + h.size;
	tuple_ends(&p->tuple, &h, !outward);
	/* A router may answer in a server's place, but nobody about a flow of somebody else. */
	if (!addr_equal(&p->tuple.near, &p->near))
		return PARSE_MALFORMED;
	return read_ports(skb, p->quoted_l4, !outward, &p->tuple);
}

static __always_inline enum parse_result read_icmp(struct __sk_buff *skb, bool outward,
						   struct packet *p)
{
	__u8 type;

	if (bpf_skb_load_bytes(skb, p->l4, &type, sizeof(type)))
		return PARSE_MALFORMED;
	return is_error(p->tuple.protocol, type) ? read_quoted(skb, outward, p) :
						   read_ports(skb, p->l4, outward, &p->tuple);
}

static __always_inline enum parse_result read_tcp(struct __sk_buff *skb, __u32 end, bool outward, struct packet *p)
{
	struct tcphdr tcp;

	if (p->l4 + sizeof(tcp) > end || bpf_skb_load_bytes(skb, p->l4, &tcp, sizeof(tcp)))
		return PARSE_MALFORMED;
	tuple_ports(&p->tuple, tcp.source, tcp.dest, outward);
	p->tcp_length = tcp.doff * 4;
	p->tcp_flags = ((__u8 *)&tcp)[TCP_FLAGS];
	if (p->tcp_length < sizeof(tcp) || p->l4 + p->tcp_length > end)
		return PARSE_MALFORMED;
	return PARSED;
}

/* A transport header cut short would let a later fragment supply what was judged here. */
static __always_inline enum parse_result read_transport(struct __sk_buff *skb, bool outward,
							struct packet *p)
{
	__u32 end = p->l3 + p->length;

	if (p->tuple.protocol == IPPROTO_TCP)
		return read_tcp(skb, end, outward, p);
	if (is_icmp(p->tuple.protocol))
		return p->l4 + sizeof(struct icmp_header) > end ? PARSE_MALFORMED :
								  read_icmp(skb, outward, p);
	if (p->tuple.protocol == IPPROTO_UDP && p->l4 + sizeof(struct udphdr) > end)
		return PARSE_MALFORMED;
	return read_ports(skb, p->l4, outward, &p->tuple);
}

static __always_inline struct egress_fragment_key fragment_key(const struct packet *p)
{
	struct egress_fragment_key key = {
		.near = p->tuple.near,
		.far = p->tuple.far,
		.id = p->id,
		.protocol = p->tuple.protocol,
		.direction = p->tuple.direction,
	};

	return key;
}

static __always_inline enum parse_result recall_ports(struct packet *p)
{
	struct egress_fragment_key key = fragment_key(p);
	struct egress_fragment *first = bpf_map_lookup_elem(&eg_frag, &key);

	if (!first)
		return PARSE_FRAGMENT;
	p->tuple.near_port = first->near_port;
	p->tuple.far_port = first->far_port;
	return PARSED;
}

/* For the later fragments of a datagram whose first one is let through. */
static __always_inline long remember_ports(const struct packet *p)
{
	struct egress_fragment_key key = fragment_key(p);
	struct egress_fragment ports = { p->tuple.near_port, p->tuple.far_port };

	return p->is_first_fragment ? bpf_map_update_elem(&eg_frag, &key, &ports, BPF_ANY) : 0;
}

static __always_inline enum parse_result parse(struct __sk_buff *skb, __u32 l3, bool outward,
					       struct packet *p)
{
	struct header h = {};

	p->is_v4 = skb->protocol == bpf_htons(ETH_P_IP);
	if (!p->is_v4 && skb->protocol != bpf_htons(ETH_P_IPV6))
		return PARSE_UNSUPPORTED;
	if (!read_header(skb, l3, &h) || h.length < h.size || l3 + h.length > skb->len)
		return PARSE_MALFORMED;
	if (h.protocol == (p->is_v4 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		return PARSE_UNSUPPORTED;
	p->l3 = l3;
	p->l4 = l3 + h.size;
	p->length = h.length;
	p->id = h.id;
	p->near = outward ? h.source : h.destination;
	p->is_later_fragment = h.later_fragment;
	p->is_first_fragment = h.more_fragments && !h.later_fragment;
	p->dont_fragment = h.dont_fragment;
	p->tuple.direction = outward ? EGRESS_OUT : EGRESS_IN;
	tuple_ends(&p->tuple, &h, outward);
	return p->is_later_fragment ? recall_ports(p) : read_transport(skb, outward, p);
}

/* Of a TCP connection that has begun elsewhere or before: a new translation would be another connection to the far side. */
static __always_inline bool is_midstream(const struct packet *p)
{
	return p->tuple.protocol == IPPROTO_TCP && !p->quoted && !p->is_later_fragment &&
	       (p->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN;
}

static __always_inline bool opens_connection(const struct packet *p)
{
	return p->tuple.protocol == IPPROTO_TCP && !p->quoted && !p->is_later_fragment &&
	       (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}
