/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a packet is, to those who steer and translate it. */
#pragma once

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "../maps/egress.h"
#include "addr.h"

#define IPV4_HEADER_MIN	20
#define TCP_HEADER_MIN	20
#define FRAGMENT_OFFSET	0x1fff
#define MORE_FRAGMENTS	0x2000
#define DONT_FRAGMENT	0x4000
#define TCP_FIN		0x01
#define TCP_SYN		0x02
#define TCP_RST		0x04

/* linux/icmp.h needs headers of the C library. */
struct icmp_header {
	__u8	type;
	__u8	code;
	__be16	checksum;
	__be16	id;
	__be16	sequence;
};

enum icmp_type {
	ICMP_ECHO_REPLY		= 0,
	ICMP_UNREACHABLE	= 3,
	ICMP_ECHO_REQUEST	= 8,
	ICMP_TIME_EXCEEDED	= 11,
	ICMP_PARAMETER_PROBLEM	= 12,
};

enum parse_result {
	PARSED,
	PARSE_MALFORMED,
	PARSE_UNSUPPORTED,
	PARSE_FRAGMENT,
};

struct packet {
	struct egress_tuple	tuple;
	__be32			near;		/* of this packet's own header, as the ones below */
	__u32			l3;
	__u32			l4;
	__u32			quoted;		/* where an ICMP error quotes the flow's header; 0: no error */
	__u32			quoted_l4;
	__u16			length;
	__be16			id;
	__u8			ttl;
	__u8			tcp_flags;
	__u8			tcp_length;
	bool			is_first_fragment;
	bool			is_later_fragment;
	bool			dont_fragment;
};

/* Both ends of a packet of either family. False: too short, or not IP. */
static __always_inline bool read_ends(struct __sk_buff *skb, __u32 l3, struct addr *source,
				      struct addr *destination)
{
	__be32 v4[2];

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		if (bpf_skb_load_bytes(skb, l3 + 12, v4, sizeof(v4)))
			return false;
		*source = addr_v4(v4[0]);
		*destination = addr_v4(v4[1]);
		return true;
	}
	if (skb->protocol != bpf_htons(ETH_P_IPV6))
		return false;
	return !bpf_skb_load_bytes(skb, l3 + 8, source, sizeof(*source)) &&
	       !bpf_skb_load_bytes(skb, l3 + 24, destination, sizeof(*destination));
}

static __always_inline bool read_header(struct __sk_buff *skb, __u32 at, struct iphdr *ip)
{
	if (bpf_skb_load_bytes(skb, at, ip, sizeof(*ip)))
		return false;
	return ip->version == 4 && ip->ihl * 4 >= IPV4_HEADER_MIN && at + ip->ihl * 4 <= skb->len;
}

static __always_inline void tuple_ends(struct egress_tuple *t, const struct iphdr *ip, bool outward)
{
	t->near = addr_v4(outward ? ip->saddr : ip->daddr);
	t->far = addr_v4(outward ? ip->daddr : ip->saddr);
	t->protocol = ip->protocol;
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
		t->near_port = ports[outward ? 0 : 1];
		t->far_port = ports[outward ? 1 : 0];
		return PARSED;
	case IPPROTO_ICMP:
		if (bpf_skb_load_bytes(skb, l4, &icmp, sizeof(icmp)))
			return PARSE_MALFORMED;
		if (icmp.type != (outward ? ICMP_ECHO_REQUEST : ICMP_ECHO_REPLY))
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
	struct iphdr ip;

	p->quoted = p->l4 + sizeof(struct icmp_header);
	if (!read_header(skb, p->quoted, &ip))
		return PARSE_MALFORMED;
	if (ip.frag_off & bpf_htons(FRAGMENT_OFFSET))
		return PARSE_UNSUPPORTED;
	p->quoted_l4 = p->quoted + ip.ihl * 4;
	tuple_ends(&p->tuple, &ip, !outward);
	/* A router may answer in a server's place, but nobody about a flow of somebody else. */
	if (addr_v4_bits(&p->tuple.near) != p->near)
		return PARSE_MALFORMED;
	return read_ports(skb, p->quoted_l4, !outward, &p->tuple);
}

static __always_inline enum parse_result read_icmp(struct __sk_buff *skb, bool outward,
						   struct packet *p)
{
	__u8 type;

	if (bpf_skb_load_bytes(skb, p->l4, &type, sizeof(type)))
		return PARSE_MALFORMED;
	switch (type) {
	case ICMP_UNREACHABLE:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER_PROBLEM:
		return read_quoted(skb, outward, p);
	default:
		return read_ports(skb, p->l4, outward, &p->tuple);
	}
}

/* A transport header cut short would let a later fragment supply what was judged here. */
static __always_inline enum parse_result read_transport(struct __sk_buff *skb, bool outward,
							struct packet *p)
{
	__u32 end = p->l3 + p->length;
	__u8 tcp[TCP_HEADER_MIN];

	if (p->tuple.protocol == IPPROTO_ICMP)
		return p->l4 + sizeof(struct icmp_header) > end ? PARSE_MALFORMED :
								  read_icmp(skb, outward, p);
	if (p->tuple.protocol == IPPROTO_UDP && p->l4 + sizeof(struct udphdr) > end)
		return PARSE_MALFORMED;
	if (p->tuple.protocol == IPPROTO_TCP) {
		if (p->l4 + TCP_HEADER_MIN > end || bpf_skb_load_bytes(skb, p->l4, tcp, sizeof(tcp)))
			return PARSE_MALFORMED;
		p->tcp_length = (tcp[12] >> 4) * 4;
		p->tcp_flags = tcp[13];
		if (p->tcp_length < TCP_HEADER_MIN || p->l4 + p->tcp_length > end)
			return PARSE_MALFORMED;
	}
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
	struct iphdr ip;
	__u16 fragment;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return PARSE_UNSUPPORTED;
	if (!read_header(skb, l3, &ip))
		return PARSE_MALFORMED;
	p->l3 = l3;
	p->l4 = l3 + ip.ihl * 4;
	p->length = bpf_ntohs(ip.tot_len);
	if (p->length < ip.ihl * 4 || l3 + p->length > skb->len)
		return PARSE_MALFORMED;
	fragment = bpf_ntohs(ip.frag_off);
	p->id = ip.id;
	p->ttl = ip.ttl;
	p->near = outward ? ip.saddr : ip.daddr;
	p->is_later_fragment = fragment & FRAGMENT_OFFSET;
	p->is_first_fragment = (fragment & MORE_FRAGMENTS) && !p->is_later_fragment;
	p->dont_fragment = fragment & DONT_FRAGMENT;
	p->tuple.direction = outward ? EGRESS_OUT : EGRESS_IN;
	tuple_ends(&p->tuple, &ip, outward);
	return p->is_later_fragment ? recall_ports(p) : read_transport(skb, outward, p);
}
