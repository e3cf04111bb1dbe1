/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Tells who sent a packet how large one may be (RFC 1191, RFC 8201), in the name of whom it was sent to: nobody else
 * answers for a redirect.
 */
#pragma once

#include "egress_packet.h"
#include "egress_reset.h"
#include "egress_rewrite.h"

#define ICMP_FRAGMENTATION_NEEDED	4
#define TOO_BIG_HOPS			64
#define QUOTE				80	/* any header of IPv4, or those of IPv6 and of a fragment, and TCP's */
#define MOST_HEADERS			63
#define ALWAYS_FITS			576	/* RFC 791; ProbeSizes in Java tries nothing smaller */
#define IPV6_ALWAYS_FITS		1280	/* RFC 8200, 5: nobody sends smaller packets for being told to */

struct too_big {
	__u8	type;
	__u8	code;
	__sum16	checksum;
	__be32	mtu;
	__u8	quote[QUOTE];
};

static __always_inline __u32 limit_of(const struct packet *p, __u32 mtu)
{
	return p->is_v4 || mtu > IPV6_ALWAYS_FITS ? mtu : IPV6_ALWAYS_FITS;
}

/*
 * What to put for the transport's checksum that is quoted, and that is 0 by now; nobody looks at it. A device may be
 * about to finish the packet's checksum: it puts into that field the complement of what it finds from the transport's
 * header on, field included. With half the complement of the rest in it, it finds what it puts, and the error's own
 * checksum is right with it and without it.
 */
static __always_inline __u16 settled(const struct packet *p, struct too_big *error)
{
	__u32 headers = (p->l4 - p->l3) & MOST_HEADERS;
	__u16 all = ~folded(bpf_csum_diff(NULL, 0, (__be32 *)error->quote, QUOTE, 0));
	__u16 less = folded(bpf_csum_diff(NULL, 0, (__be32 *)error->quote, headers, 0));
	__u16 rest = folded((__u32)all + less);

	return rest >> 1 | rest << 15;
}

static __always_inline struct pseudo_header error_ends(const struct packet *p)
{
	bool outward = p->tuple.direction == EGRESS_OUT;
	struct pseudo_header ends = {
		.from = outward ? p->tuple.far : p->tuple.near,
		.to = outward ? p->tuple.near : p->tuple.far,
		.length = bpf_htonl(sizeof(struct too_big)),
		.protocol = bpf_htonl(IPPROTO_ICMPV6),
	};

	return ends;
}

/* In IPv4 the ends are no part of it. */
static __always_inline __sum16 error_sum(const struct packet *p, struct too_big *error,
					 struct pseudo_header *ends, __u16 quoted)
{
	__u16 all = ~folded(bpf_csum_diff(NULL, 0, (__be32 *)error, sizeof(*error), 0));
	__u16 pseudo = p->is_v4 ? 0 : ~folded(bpf_csum_diff(NULL, 0, (__be32 *)ends, sizeof(*ends), 0));

	return folded((__u32)all + pseudo + quoted);
}

static __always_inline long error_header4(struct __sk_buff *skb, const struct pseudo_header *ends)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = IPV4_HEADER_MIN / 4,
		.tot_len = bpf_htons(IPV4_HEADER_MIN + sizeof(struct too_big)),
		.frag_off = bpf_htons(DONT_FRAGMENT),
		.ttl = TOO_BIG_HOPS,
		.protocol = IPPROTO_ICMP,
		.saddr = addr_v4_bits(&ends->from),
		.daddr = addr_v4_bits(&ends->to),
	};

	ip.check = ipv4_checksum(&ip);
	return bpf_skb_store_bytes(skb, ETH_HLEN, &ip, sizeof(ip), 0);
}

static __always_inline long error_header6(struct __sk_buff *skb, const struct pseudo_header *ends)
{
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = bpf_htons(sizeof(struct too_big)),
		.nexthdr = IPPROTO_ICMPV6,
		.hop_limit = TOO_BIG_HOPS,
	};

	__builtin_memcpy(&ip.saddr, &ends->from, sizeof(ip.saddr));
	__builtin_memcpy(&ip.daddr, &ends->to, sizeof(ip.daddr));
	return bpf_skb_store_bytes(skb, ETH_HLEN, &ip, sizeof(ip), 0);
}

/* Cuts the packet to what is quoted and makes room before it, with a link layer that says what comes. */
static __always_inline long make_room(struct __sk_buff *skb, __u32 headers)
{
	__be16 type = skb->protocol;

	return bpf_skb_change_tail(skb, ETH_HLEN + QUOTE, 0) || bpf_skb_change_head(skb, headers, 0) ||
	       bpf_skb_store_bytes(skb, ETH_HLEN - sizeof(type), &type, sizeof(type), 0);
}

/*
 * Makes of a packet that came by Ethernet the error that answers it. Not 0: there is none, about an error or a later
 * fragment for instance, and the packet may be half changed.
 */
static __always_inline long turn_to_too_big(struct __sk_buff *skb, const struct packet *p, __u32 mtu)
{
	__u32 ip = p->is_v4 ? IPV4_HEADER_MIN : sizeof(struct ipv6hdr);
	__u32 at = p->l4 + checksum_offset(p->tuple.protocol);
	struct pseudo_header ends = error_ends(p);
	struct too_big error = {
		.type = p->is_v4 ? ICMP_UNREACHABLE : ICMP6_TOO_BIG,
		.code = p->is_v4 ? ICMP_FRAGMENTATION_NEEDED : 0,
		.mtu = bpf_htonl(mtu),
	};
	__u32 header = ip + offsetof(struct too_big, quote);
	__u16 quoted = 0;

	if (p->quoted || p->is_later_fragment || p->l3 != ETH_HLEN)
		return -1;
	if (bpf_skb_store_bytes(skb, at, &quoted, sizeof(quoted), 0) ||
	    bpf_skb_load_bytes(skb, p->l3, error.quote, QUOTE))
		return -1;
	quoted = settled(p, &error);
	error.checksum = error_sum(p, &error, &ends, quoted);
	if (make_room(skb, header) || (p->is_v4 ? error_header4(skb, &ends) : error_header6(skb, &ends)))
		return -1;
	return bpf_skb_store_bytes(skb, ETH_HLEN + ip, &error, offsetof(struct too_big, quote), 0) ||
	       bpf_skb_store_bytes(skb, at + header, &quoted, sizeof(quoted), 0);
}
