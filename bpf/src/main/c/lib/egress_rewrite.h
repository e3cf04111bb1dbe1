/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Changes to a packet. Every function returns 0, or not: then the packet is half changed and to be dropped. */
#pragma once

#include "egress_packet.h"
#include "ip_rewrite.h"

#define TCP_OPTION_END	0
#define TCP_OPTION_NOP	1
#define TCP_OPTION_MSS	2
#define ICMP_ID		4
#define MAX_OPTIONS	12
#define V4_TCP		40
#define V6_TCP		60

/* Where the near port is in the header of a packet that goes outward, or the other way. */
static __always_inline __u32 near_port_offset(__u8 protocol, bool outward)
{
	if (is_icmp(protocol))
		return ICMP_ID;
	return outward ? 0 : 2;
}

static __always_inline __u32 checksum_offset(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return TCP_CHECKSUM;
	case IPPROTO_UDP:
		return UDP_CHECKSUM;
	default:
		return ICMP_CHECKSUM;
	}
}

/* Most flows have the port that they had: then there is nothing to do. */
static __always_inline long replace_port_in_checksum(struct __sk_buff *skb, const struct packet *p, __u32 at,
						     __be16 port, __u64 flags)
{
	if (p->tuple.near_port == port)
		return 0;
	return bpf_l4_csum_replace(skb, at, p->tuple.near_port, port, flags | sizeof(port));
}

/* Address and port in the transport's checksum. That of ICMP knows no address in IPv4; UDP's may be absent. */
static __always_inline long replace_checksum(struct __sk_buff *skb, const struct packet *p,
					     const struct addr *near, __be16 port)
{
	__u8 protocol = p->tuple.protocol;
	__u32 at = p->l4 + checksum_offset(protocol);
	__u64 flags = protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0;

	if (protocol != IPPROTO_ICMP && replace_address_in_checksum(skb, at, p->is_v4, &p->near, near, flags))
		return -1;
	return replace_port_in_checksum(skb, p, at, port, flags);
}

/*
 * An ICMP error's own checksum. In IPv4 the quoted address and the checksum of its header cancel out; in
 * IPv6 the address counts twice, in the pseudo header and in what is quoted. The quoted transport's
 * checksum is left: nobody looks at it.
 */
static __always_inline long error_checksum(struct __sk_buff *skb, const struct packet *p,
					   const struct addr *near, __be16 port)
{
	__u32 at = p->l4 + ICMP_CHECKSUM;

	if (!p->is_v4 &&
	    (replace_address_in_checksum(skb, at, p->is_v4, &p->near, near, 0) ||
	     bpf_l4_csum_replace(skb, at, 0, address_difference(&p->near, near), 0)))
		return -1;
	return replace_port_in_checksum(skb, p, at, port, 0);
}

static __always_inline long rewrite_quoted(struct __sk_buff *skb, const struct packet *p, bool outward,
					   const struct addr *near, __be16 port)
{
	/* The protocol is that of the flow: an error's own was read before. */
	__u32 at = p->quoted_l4 + near_port_offset(p->tuple.protocol, !outward);

	return replace_address(skb, p->quoted, !outward, p->is_v4, &p->near, near) ||
	       error_checksum(skb, p, near, port) ||
	       bpf_skb_store_bytes(skb, at, &port, sizeof(port), 0);
}

/* Puts another address and port on the near side: of the source outward, of the destination coming back. */
static __always_inline long rewrite_near(struct __sk_buff *skb, const struct packet *p, bool outward,
					 const struct addr *near, __be16 port)
{
	if (p->is_v4 != addr_is_v4(near) || replace_address(skb, p->l3, outward, p->is_v4, &p->near, near))
		return -1;
	if (p->is_later_fragment)
		return 0;
	if (p->quoted)
		return rewrite_quoted(skb, p, outward, near, port);
	if (replace_checksum(skb, p, near, port))
		return -1;
	if (p->tuple.near_port == port)
		return 0;
	return bpf_skb_store_bytes(skb, p->l4 + near_port_offset(p->tuple.protocol, outward), &port,
				   sizeof(port), 0);
}

/* Length of what leaves as one packet: a segment, where the device cuts. */
static __always_inline __u32 wire_length(struct __sk_buff *skb, const struct packet *p)
{
	__u32 transport = p->tuple.protocol == IPPROTO_TCP ? p->tcp_length : sizeof(struct udphdr);

	return skb->gso_size ? p->l4 - p->l3 + transport + skb->gso_size : p->length;
}

struct tcp_option {
	__u8	kind;
	__u8	length;
	__be16	mss;
};

static __always_inline __be16 swapped(__be16 word)
{
	return (__u16)(word << 8 | word >> 8);
}

static __always_inline long lower_mss(struct __sk_buff *skb, const struct packet *p, __u32 at, __be16 from,
				      __be16 to)
{
	bool odd = (at - p->l4) & 1;	/* then its bytes are in two words of the checksum */
	__be16 was = odd ? swapped(from) : from, is = odd ? swapped(to) : to;

	if (bpf_ntohs(from) <= bpf_ntohs(to))
		return 0;
	return bpf_l4_csum_replace(skb, p->l4 + TCP_CHECKSUM, was, is, sizeof(is)) ||
	       bpf_skb_store_bytes(skb, at + 2, &to, sizeof(to), 0);
}

/* Nobody tells the far side that its segments are too big for the carrier, unless the handshake does. */
static __always_inline long clamp_mss(struct __sk_buff *skb, const struct packet *p, __u32 mtu)
{
	__u32 at = p->l4 + TCP_HEADER_MIN, end = p->l4 + p->tcp_length;
	__u32 headers = p->is_v4 ? V4_TCP : V6_TCP;
	struct tcp_option option;

	if (p->quoted || p->is_later_fragment || !(p->tcp_flags & TCP_SYN) || mtu <= headers)
		return 0;
	for (int i = 0; i < MAX_OPTIONS; i++) {
		if (at + sizeof(option) > end || bpf_skb_load_bytes(skb, at, &option, sizeof(option)))
			return 0;
		if (option.kind == TCP_OPTION_MSS && option.length == sizeof(option))
			return lower_mss(skb, p, at, option.mss, bpf_htons(mtu - headers));
		if (option.kind == TCP_OPTION_END || (option.kind != TCP_OPTION_NOP && option.length < 2))
			return 0;
		at += option.kind == TCP_OPTION_NOP ? 1 : option.length;
	}
	return 0;
}
