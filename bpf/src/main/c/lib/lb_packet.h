/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a packet of a service is. IPv4 only: whatever else is the node's own. */
#pragma once

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "../maps/packet_lb.h"
#include "addr.h"

#define LB_L3		ETH_HLEN
#define IPV4_HEADER_MIN	20
#define FRAGMENT_OFFSET	0x1fff
#define MORE_FRAGMENTS	0x2000
#define TCP_FIN		0x01
#define TCP_SYN		0x02
#define TCP_RST		0x04
#define TCP_ACK		0x10
#define TCP_FLAGS_AT	13
#define ICMP_HEADER	8

enum icmp_type {
	ICMP_UNREACHABLE	= 3,
	ICMP_TIME_EXCEEDED	= 11,
	ICMP_PARAMETER_PROBLEM	= 12,
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
	bool		is_first_fragment;
	bool		is_later_fragment;
};

static __always_inline bool is_sound(const struct iphdr *ip)
{
	return ip->version == 4 && ip->ihl * 4 >= IPV4_HEADER_MIN;
}

/* Both ends as they are in a header. Toward the service its destination is near. */
static __always_inline void read_ends(struct lb_tuple *t, const struct iphdr *ip, bool near_is_source)
{
	t->near = addr_v4(near_is_source ? ip->saddr : ip->daddr);
	t->far = addr_v4(near_is_source ? ip->daddr : ip->saddr);
	t->protocol = ip->protocol;
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
	struct iphdr ip;
	__u8 type;

	if (bpf_skb_load_bytes(skb, p->l4, &type, sizeof(type)))
		return false;
	if (type != ICMP_UNREACHABLE && type != ICMP_TIME_EXCEEDED && type != ICMP_PARAMETER_PROBLEM)
		return false;
	p->quoted = p->l4 + ICMP_HEADER;
	if (bpf_skb_load_bytes(skb, p->quoted, &ip, sizeof(ip)) || !is_sound(&ip) ||
	    bpf_ntohs(ip.frag_off) & FRAGMENT_OFFSET)
		return false;
	p->quoted_l4 = p->quoted + ip.ihl * 4;
	read_ends(&p->tuple, &ip, !near_is_source);
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

static __always_inline bool read_transport(struct __sk_buff *skb, bool near_is_source, struct lb_packet *p)
{
	if (p->tuple.protocol == IPPROTO_ICMP)
		return !p->is_first_fragment && read_quoted(skb, near_is_source, p);
	if (p->tuple.protocol == IPPROTO_TCP &&
	    bpf_skb_load_bytes(skb, p->l4 + TCP_FLAGS_AT, &p->tcp_flags, sizeof(p->tcp_flags)))
		return false;
	return read_ports(skb, p->l4, near_is_source, &p->tuple);
}

/* False: nothing that is translated, or not whole. */
static __always_inline bool parse(struct __sk_buff *skb, enum lb_direction direction, struct lb_packet *p)
{
	bool near_is_source = direction == LB_FROM_BACKEND;
	struct iphdr ip;
	__u16 fragment;

	__builtin_memset(p, 0, sizeof(*p));
	if (skb->protocol != bpf_htons(ETH_P_IP) || bpf_skb_load_bytes(skb, LB_L3, &ip, sizeof(ip)) ||
	    !is_sound(&ip))
		return false;
	fragment = bpf_ntohs(ip.frag_off);
	p->l4 = LB_L3 + ip.ihl * 4;
	p->id = ip.id;
	p->is_later_fragment = fragment & FRAGMENT_OFFSET;
	p->is_first_fragment = fragment & MORE_FRAGMENTS && !p->is_later_fragment;
	p->tuple.direction = direction;
	read_ends(&p->tuple, &ip, near_is_source);
	p->own_near = p->tuple.near;
	return p->is_later_fragment ? recall_ports(p) : read_transport(skb, near_is_source, p);
}

static __always_inline bool opens_connection(const struct lb_packet *p)
{
	return p->tuple.protocol == IPPROTO_TCP && !p->quoted && !p->is_later_fragment &&
	       (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}
