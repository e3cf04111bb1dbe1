/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Which gateway a flow goes to, and whether it may go to another one than before. */
#pragma once

#include "egress_packet.h"
#include "egress_policy.h"
#include "egress_rewrite.h"

/* Private to what runs between a gateway and a pod's node: that the gateway gave a flow another port than its own. */
#define V4_FRAGMENT	6
#define V4_OTHER_PORT	0x8000		/* the bit of the flags that is reserved */
#define V6_LABEL	0x000fffff
#define V6_OTHER_PORT	0x000b0b75	/* a flow label */

static __always_inline __u32 flow_clock(void)
{
	return bpf_ktime_get_ns() >> EGRESS_SEEN_SHIFT;
}

static __always_inline __u32 rated(const struct egress_rule *rule)
{
	return rule->flags & EGRESS_LIMITED ? EGRESS_RATED : 0;
}

static __always_inline void keep_flow(struct egress_flow *flow, const struct packet *p, const struct egress_rule *rule,
				      __u32 ifindex)
{
	__u32 now = flow_clock();

	if (flow->ifindex != ifindex)
		flow->ifindex = ifindex;
	if (flow->seen != now)
		flow->seen = now;
	if (flow->flags && opens_connection(p))
		flow->flags = 0;
	if ((flow->flags & EGRESS_RATED) != rated(rule))
		flow->flags = (flow->flags & ~EGRESS_RATED) | rated(rule);
	if (!p->quoted && p->tcp_flags & (TCP_FIN | TCP_RST) && !(flow->flags & EGRESS_ENDED))
		flow->flags |= EGRESS_ENDED;
}

/*
 * Whether a connection can go on at another gateway. That knows nothing of it and can only take the pod's own
 * port, which has to be the one that the far side knows, with an address that came along.
 */
static __always_inline bool can_move(const struct egress_flow *known, const struct egress_rule *rule)
{
	return known->group_id == rule->group_id && (rule->flags & EGRESS_FOLLOWS) &&
	       !(known->flags & EGRESS_OTHER_PORT);
}

static __always_inline enum verdict_reason choose_gateway(const struct packet *p, const struct egress_rule *rule,
							  struct egress_flow *known, __u32 ifindex,
							  struct egress_gateway **gateway)
{
	struct egress_flow chosen = {
		.group_id = rule->group_id,
		.ifindex = ifindex,
		.seen = flow_clock(),
		.flags = rated(rule),
	};
	struct egress_group_key key = { rule->group_id };
	struct egress_group *group = bpf_map_lookup_elem(&eg_group, &key);

	if (!group || group->count == 0 || group->count > EGRESS_SLOTS)
		return DROP_NO_GATEWAY;
	chosen.gateway_id = slot_of(group, &p->tuple.near);
	*gateway = gateway_by_id(chosen.gateway_id);
	if (!*gateway)
		return DROP_NO_GATEWAY;
	if (known && known->gateway_id == chosen.gateway_id) {
		known->group_id = rule->group_id;
		keep_flow(known, p, rule, ifindex);
		return FORWARDED;
	}
	if (known && is_midstream(p) && !can_move(known, rule))
		return DROP_UNKNOWN_CONNECTION;
	/* Without the entry its answers would not be let in. */
	return bpf_map_update_elem(&eg_flow, &p->tuple, &chosen, BPF_ANY) ? DROP_NO_GATEWAY : FORWARDED;
}

/*
 * The gateway that the flow has, while that is there and the pod's group the same; else the slot's. Where the
 * address moves, who had it before only drops what comes to it.
 */
static __always_inline enum verdict_reason gateway_of(const struct packet *p, const struct egress_rule *rule,
						      __u32 ifindex, struct egress_gateway **gateway)
{
	struct egress_flow *known = bpf_map_lookup_elem(&eg_flow, &p->tuple);

	if (known && known->group_id == rule->group_id && !(rule->flags & EGRESS_FOLLOWS)) {
		*gateway = gateway_by_id(known->gateway_id);
		if (*gateway) {
			keep_flow(known, p, rule, ifindex);
			return FORWARDED;
		}
	}
	return choose_gateway(p, rule, known, ifindex, gateway);
}

/* The flow of a packet that left its pod and is about to leave the node by that device. NULL: it did not. */
static __always_inline struct egress_flow *flow_leaving(const struct packet *p, __u32 uplink)
{
	struct egress_flow *flow = bpf_map_lookup_elem(&eg_flow, &p->tuple);

	if (flow && flow->uplink != uplink)
		flow->uplink = uplink;
	return flow;
}

/* Puts the mark into a packet that goes to a pod's node, or takes it off there. */
static __always_inline long write_other_port(struct __sk_buff *skb, const struct packet *p, bool marked)
{
	__be32 label, wanted;
	__be16 was, is;

	if (!p->is_v4) {
		if (bpf_skb_load_bytes(skb, p->l3, &label, sizeof(label)))
			return -1;
		wanted = (label & ~bpf_htonl(V6_LABEL)) | bpf_htonl(marked ? V6_OTHER_PORT : 0);
		return bpf_skb_store_bytes(skb, p->l3, &wanted, sizeof(wanted), 0);
	}
	if (bpf_skb_load_bytes(skb, p->l3 + V4_FRAGMENT, &was, sizeof(was)))
		return -1;
	is = marked ? was | bpf_htons(V4_OTHER_PORT) : was & ~bpf_htons(V4_OTHER_PORT);
	return bpf_l3_csum_replace(skb, p->l3 + V4_CHECKSUM, was, is, sizeof(is)) ||
	       bpf_skb_store_bytes(skb, p->l3 + V4_FRAGMENT, &is, sizeof(is), 0);
}

static __always_inline bool says_other_port(struct __sk_buff *skb, const struct packet *p)
{
	__be32 label;
	__be16 flags;

	if (p->tuple.protocol != IPPROTO_TCP || p->quoted)
		return false;
	if (!p->is_v4)
		return !bpf_skb_load_bytes(skb, p->l3, &label, sizeof(label)) &&
		       (label & bpf_htonl(V6_LABEL)) == bpf_htonl(V6_OTHER_PORT);
	return !bpf_skb_load_bytes(skb, p->l3 + V4_FRAGMENT, &flags, sizeof(flags)) &&
	       flags & bpf_htons(V4_OTHER_PORT);
}
