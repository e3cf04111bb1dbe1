/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Changes to a packet. Every function returns 0, or not: then the packet is half changed and to be dropped. */
#pragma once

#include "ip_rewrite.h"
#include "lb_packet.h"

static __always_inline long replace_port(struct __sk_buff *skb, __u32 l4, bool source, __be16 is)
{
	return bpf_skb_store_bytes(skb, l4 + (source ? 0 : 2), &is, sizeof(is), 0);
}

/* A word in a transport's checksum: mostly it is what it was. */
static __always_inline long replace_word(struct __sk_buff *skb, __u32 at, __be16 was, __be16 is, __u64 flags)
{
	return was == is ? 0 : bpf_l4_csum_replace(skb, at, was, is, flags | sizeof(is));
}

/* UDP's checksum may be absent. */
static __always_inline long replace_checksum(struct __sk_buff *skb, const struct lb_packet *p,
					     const struct lb_nat *to)
{
	bool udp = p->tuple.protocol == IPPROTO_UDP;
	__u32 at = p->l4 + (udp ? UDP_CHECKSUM : TCP_CHECKSUM);
	__u64 flags = udp ? BPF_F_MARK_MANGLED_0 : 0;

	return replace_address_in_checksum(skb, at, p->is_v4, &p->tuple.near, &to->address, flags) ||
	       replace_word(skb, at, p->tuple.near_port, to->port, flags) ||
	       replace_word(skb, at, p->tuple.far_port, to->far_port, flags);
}

/* An error of somebody on the way keeps its sender. */
static __always_inline bool keeps_sender(const struct lb_packet *p)
{
	return p->quoted && !addr_equal(&p->own_near, &p->tuple.near);
}

/*
 * An error's own checksum. In IPv4 the quoted address and the checksum of its header cancel out; in IPv6 the address
 * counts in what is quoted, and once more in the pseudo header where the sender changes too. The quoted transport's
 * checksum is left: nobody looks at it.
 */
static __always_inline long error_checksum(struct __sk_buff *skb, const struct lb_packet *p, const struct lb_nat *to)
{
	__u32 at = p->l4 + ICMP_CHECKSUM;

	if (!p->is_v4 &&
	    (bpf_l4_csum_replace(skb, at, 0, address_difference(&p->tuple.near, &to->address), 0) ||
	     (!keeps_sender(p) && replace_address_in_checksum(skb, at, p->is_v4, &p->tuple.near, &to->address, 0))))
		return -1;
	return replace_word(skb, at, p->tuple.near_port, to->port, 0) ||
	       replace_word(skb, at, p->tuple.far_port, to->far_port, 0);
}

static __always_inline long rewrite_quoted(struct __sk_buff *skb, const struct lb_packet *p, bool near_is_source,
					   const struct lb_nat *to)
{
	return replace_address(skb, p->quoted, !near_is_source, p->is_v4, &p->tuple.near, &to->address) ||
	       error_checksum(skb, p, to) || replace_port(skb, p->quoted_l4, !near_is_source, to->port) ||
	       replace_port(skb, p->quoted_l4, near_is_source, to->far_port);
}

/* The near end becomes the backend, or the service again, and the far one's port what that side knows it by. */
static __always_inline long translate(struct __sk_buff *skb, const struct lb_packet *p, const struct lb_nat *to)
{
	bool near_is_source = p->tuple.direction == LB_FROM_BACKEND;

	if (p->quoted && rewrite_quoted(skb, p, near_is_source, to))
		return -1;
	if (keeps_sender(p))
		return 0;
	if (replace_address(skb, LB_L3, near_is_source, p->is_v4, &p->tuple.near, &to->address))
		return -1;
	if (p->quoted || p->is_later_fragment)
		return 0;
	return replace_checksum(skb, p, to) || replace_port(skb, p->l4, near_is_source, to->port) ||
	       replace_port(skb, p->l4, !near_is_source, to->far_port);
}
