/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The size of segments that a backend tells its client, where the client's packets take a narrower way than the answers. */
#pragma once

#include "ip_rewrite.h"
#include "lb_packet.h"

#define TCP_OFFSET		12
#define OPTION_END		0
#define OPTION_NONE		1
#define OPTION_SEGMENT		2
#define OPTION_SEGMENT_LENGTH	4
#define MAX_TCP_OPTIONS		10

/* Where the value is; 0: it is not said. */
static __always_inline __u32 find_segment_size(struct __sk_buff *skb, const struct lb_packet *p)
{
	__u32 at = p->l4 + TCP_HEADER_MIN, end;
	__u8 words, option[2];

	if (bpf_skb_load_bytes(skb, p->l4 + TCP_OFFSET, &words, sizeof(words)))
		return 0;
	end = p->l4 + (words >> 4) * 4;
	for (int i = 0; i < MAX_TCP_OPTIONS; i++) {
		if (at + OPTION_SEGMENT_LENGTH > end || bpf_skb_load_bytes(skb, at, option, sizeof(option)) ||
		    option[0] == OPTION_END)
			return 0;
		if (option[0] == OPTION_SEGMENT)
			return option[1] == OPTION_SEGMENT_LENGTH ? at + sizeof(option) : 0;
		at += option[0] == OPTION_NONE ? 1 : option[1];
	}
	return 0;
}

/* Words of a checksum begin at even places. */
static __always_inline __be16 as_summed(__u32 at, const struct lb_packet *p, __be16 value)
{
	return (at - p->l4) & 1 ? value << 8 | value >> 8 : value;
}

/* Not 0: the packet is half changed and to be dropped. */
static __always_inline long clamp_segments(struct __sk_buff *skb, const struct lb_packet *p, __u16 room)
{
	__u32 headers = p->l4 - LB_L3 + TCP_HEADER_MIN, at = find_segment_size(skb, p);
	__be16 was, is = bpf_htons(room - headers);

	if (!at || room <= headers || bpf_skb_load_bytes(skb, at, &was, sizeof(was)) ||
	    bpf_ntohs(was) <= bpf_ntohs(is))
		return 0;
	return bpf_l4_csum_replace(skb, p->l4 + TCP_CHECKSUM, as_summed(at, p, was), as_summed(at, p, is), sizeof(is)) ||
	       bpf_skb_store_bytes(skb, at, &is, sizeof(is), 0);
}

static __always_inline bool answers_opening(const struct lb_packet *p)
{
	return p->tuple.protocol == IPPROTO_TCP && !p->quoted && !p->is_later_fragment &&
	       (p->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}
