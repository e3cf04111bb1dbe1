/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the headers of either family say, the same to all who read packets. */
#pragma once

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "addr.h"

#define IPV4_HEADER_MIN	20
#define TCP_HEADER_MIN	20
#define FRAGMENT_OFFSET	0x1fff
#define MORE_FRAGMENTS	0x2000
#define DONT_FRAGMENT	0x4000
#define TCP_FLAGS	13
#define TCP_FIN		0x01
#define TCP_SYN		0x02
#define TCP_RST		0x04
#define TCP_ACK		0x10

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
	ICMP6_UNREACHABLE	= 1,
	ICMP6_TOO_BIG		= 2,
	ICMP6_TIME_EXCEEDED	= 3,
	ICMP6_PARAMETER_PROBLEM	= 4,
	ICMP6_ECHO_REQUEST	= 128,
	ICMP6_ECHO_REPLY	= 129,
};

struct ipv6_fragment {
	__u8	next;
	__u8	reserved;
	__be16	offset;		/* in its upper 13 bits; the lowest one says that more follow */
	__be32	id;
};

/* What the headers of both families say. */
struct header {
	struct addr	source;
	struct addr	destination;
	__u32		size;
	__u32		length;		/* of the packet, with the header */
	__be32		id;
	__u8		protocol;
	__u8		hops;		/* that it may still take */
	bool		later_fragment;
	bool		more_fragments;
	bool		dont_fragment;
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

/* What is on the wire, wherever a program has it from. False: it is no header of IPv4. */
static __always_inline bool take_ipv4(const struct iphdr *ip, struct header *h)
{
	__u16 fragment = bpf_ntohs(ip->frag_off);

	h->source = addr_v4(ip->saddr);
	h->destination = addr_v4(ip->daddr);
	h->size = ip->ihl * 4;
	h->length = bpf_ntohs(ip->tot_len);
	h->id = ip->id;
	h->protocol = ip->protocol;
	h->hops = ip->ttl;
	h->later_fragment = fragment & FRAGMENT_OFFSET;
	h->more_fragments = fragment & MORE_FRAGMENTS;
	h->dont_fragment = fragment & DONT_FRAGMENT;
	return ip->version == 4 && h->size >= IPV4_HEADER_MIN;
}

static __always_inline bool read_ipv4(struct __sk_buff *skb, __u32 at, struct header *h)
{
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)))
		return false;
	return take_ipv4(&ip, h) && at + h->size <= skb->len;
}

/* The same of IPv6. */
static __always_inline bool take_ipv6(const struct ipv6hdr *ip, struct header *h)
{
	__builtin_memcpy(&h->source, &ip->saddr, sizeof(h->source));
	__builtin_memcpy(&h->destination, &ip->daddr, sizeof(h->destination));
	h->size = sizeof(*ip);
	h->length = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	h->protocol = ip->nexthdr;
	h->hops = ip->hop_limit;
	h->dont_fragment = true;
	/* On the wire these addresses would pass for IPv4 in the maps. */
	return ip->version == 6 && !addr_is_v4(&h->source) && !addr_is_v4(&h->destination);
}

static __always_inline bool read_fragment(struct __sk_buff *skb, __u32 at, struct header *h)
{
	struct ipv6_fragment fragment;

	if (h->protocol != IPPROTO_FRAGMENT)
		return true;
	if (bpf_skb_load_bytes(skb, at + h->size, &fragment, sizeof(fragment)))
		return false;
	h->size += sizeof(fragment);
	h->protocol = fragment.next;
	h->id = fragment.id;
	h->later_fragment = bpf_ntohs(fragment.offset) >> 3;
	h->more_fragments = bpf_ntohs(fragment.offset) & 1;
	return true;
}

/* Of the headers that may stand in between, only that of a fragment: others are protocols to us. */
static __always_inline bool read_ipv6(struct __sk_buff *skb, __u32 at, struct header *h)
{
	struct ipv6hdr ip;

	return !bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)) && take_ipv6(&ip, h) && read_fragment(skb, at, h);
}

static __always_inline bool read_header(struct __sk_buff *skb, __u32 at, struct header *h)
{
	return skb->protocol == bpf_htons(ETH_P_IP) ? read_ipv4(skb, at, h) : read_ipv6(skb, at, h);
}

/* Each family has its own; in the packets of the other one it is a protocol like any. */
static __always_inline bool is_icmp(__u8 protocol)
{
	return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

static __always_inline bool is_error(__u8 protocol, __u8 type)
{
	if (protocol == IPPROTO_ICMPV6)
		return type >= ICMP6_UNREACHABLE && type <= ICMP6_PARAMETER_PROBLEM;
	return type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER_PROBLEM;
}
