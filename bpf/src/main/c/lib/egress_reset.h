/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Tells a pod that its connection is gone, in the far side's name, instead of letting it wait. */
#pragma once

#include "egress_fence.h"
#include "egress_packet.h"
#include "egress_rewrite.h"

#define RESET_HOPS	64
/* Without data, and with the options that a reset may have (RFC 2385). */
#define LARGEST_RESET	(ETH_HLEN + sizeof(struct ipv6hdr) + sizeof(struct tcphdr) + 20)

struct pseudo_header {
	struct addr	from;
	struct addr	to;	/* what makes IPv4 of these adds up to nothing in a checksum */
	__be32		length;
	__be32		protocol;
};

static __always_inline __sum16 folded(__s64 sum)
{
	__u32 s = sum;

	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return ~s;
}

/* RFC 9293, 3.10.7.1: the answer to a segment of a connection that does not exist. */
static __always_inline struct tcphdr reset_of(const struct packet *p, const struct tcphdr *segment)
{
	__u32 length = p->length - (p->l4 - p->l3) - p->tcp_length + segment->syn + segment->fin;
	struct tcphdr reset = {
		.source = p->tuple.far_port,
		.dest = p->tuple.near_port,
		.doff = TCP_HEADER_MIN / 4,
		.rst = 1,
	};

	if (segment->ack) {
		reset.seq = segment->ack_seq;
	} else {
		reset.ack = 1;
		reset.ack_seq = bpf_htonl(bpf_ntohl(segment->seq) + length);
	}
	return reset;
}

/*
 * Two steps, of which a packet whose device is to finish the checksum takes the second alone: then that is what
 * belongs into the field.
 */
static __always_inline long reset_checksum(struct __sk_buff *skb, const struct packet *p, struct tcphdr *reset)
{
	struct pseudo_header pseudo = {
		.from = p->tuple.far,
		.to = p->tuple.near,
		.length = bpf_htonl(TCP_HEADER_MIN),
		.protocol = bpf_htonl(IPPROTO_TCP),
	};
	__u32 at = p->l4 + TCP_CHECKSUM;
	__s64 header = bpf_csum_diff(NULL, 0, (__be32 *)reset, sizeof(*reset), 0);
	__s64 ends = bpf_csum_diff(NULL, 0, (__be32 *)&pseudo, sizeof(pseudo), 0);

	return bpf_l4_csum_replace(skb, at, 0, header, 0) ||
	       bpf_l4_csum_replace(skb, at, 0, ends, BPF_F_PSEUDO_HDR);
}

static __always_inline long reset_header4(struct __sk_buff *skb, const struct packet *p)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = IPV4_HEADER_MIN / 4,
		.tot_len = bpf_htons(IPV4_HEADER_MIN + TCP_HEADER_MIN),
		.frag_off = bpf_htons(DONT_FRAGMENT),
		.ttl = RESET_HOPS,
		.protocol = IPPROTO_TCP,
		.saddr = addr_v4_bits(&p->tuple.far),
		.daddr = addr_v4_bits(&p->tuple.near),
	};

	ip.check = ipv4_checksum(&ip);
	return bpf_skb_store_bytes(skb, p->l3, &ip, sizeof(ip), 0);
}

static __always_inline long reset_header6(struct __sk_buff *skb, const struct packet *p)
{
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = bpf_htons(TCP_HEADER_MIN),
		.nexthdr = IPPROTO_TCP,
		.hop_limit = RESET_HOPS,
	};

	__builtin_memcpy(&ip.saddr, &p->tuple.far, sizeof(ip.saddr));
	__builtin_memcpy(&ip.daddr, &p->tuple.near, sizeof(ip.daddr));
	return bpf_skb_store_bytes(skb, p->l3, &ip, sizeof(ip), 0);
}

/*
 * Whether the node's own stack resets a connection of an address that moves: it has no socket for a segment that was
 * translated at another gateway, until the pod sends and so begins the translation anew. Such a reset has no ACK;
 * one that answers an opening has (RFC 9293, 3.10.7.1), and so has one by which a process ends its connection.
 */
static __always_inline bool denies_connection(struct __sk_buff *skb, const struct addr *source)
{
	struct header h = {};
	__u8 flags;

	if (skb->ingress_ifindex || skb->len > LARGEST_RESET || !fence_of(source))
		return false;
	return read_header(skb, ETH_HLEN, &h) && h.protocol == IPPROTO_TCP && !h.later_fragment &&
	       !bpf_skb_load_bytes(skb, ETH_HLEN + h.size + TCP_FLAGS, &flags, sizeof(flags)) &&
	       (flags & (TCP_RST | TCP_ACK)) == TCP_RST;
}

/* Makes of a pod's segment the reset that answers it. Not 0: there is none, and the packet may be half changed. */
static __always_inline long turn_to_reset(struct __sk_buff *skb, const struct packet *p)
{
	__u32 headers = p->is_v4 ? IPV4_HEADER_MIN : sizeof(struct ipv6hdr);
	struct tcphdr segment, reset;

	if (p->tcp_flags & TCP_RST || p->l4 - p->l3 != headers ||
	    bpf_skb_load_bytes(skb, p->l4, &segment, sizeof(segment)))
		return -1;
	reset = reset_of(p, &segment);
	if (bpf_skb_change_tail(skb, p->l4 + sizeof(reset), 0))
		return -1;
	if (p->is_v4 ? reset_header4(skb, p) : reset_header6(skb, p))
		return -1;
	return bpf_skb_store_bytes(skb, p->l4, &reset, sizeof(reset), 0) || reset_checksum(skb, p, &reset);
}
