/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Translation at a gateway: two entries a flow, both or neither. */
#pragma once

#include <linux/errno.h>

#include "egress_events.h"
#include "egress_fence.h"
#include "egress_flow.h"
#include "egress_policy.h"
#include "egress_rewrite.h"

/* Each try at random: with 9 of 10 ports in use, all of them fail once in 2 * 10^7 flows. */
#define PORT_TRIES	160

static __always_inline void touch(struct egress_nat *nat, const struct packet *p, __u16 flags)
{
	if (!p->quoted && p->tcp_flags & TCP_FIN)
		flags |= EGRESS_SEEN_FIN;
	nat->last_seen = bpf_ktime_get_ns();
	if ((nat->flags & flags) != flags)
		nat->flags |= flags;
}

static __always_inline void count_saturation(const struct addr *address)
{
	struct egress_saturation_key key = { *address };
	struct egress_saturation none = {}, *s;

	bpf_map_update_elem(&eg_saturation, &key, &none, BPF_NOEXIST);
	s = bpf_map_lookup_elem(&eg_saturation, &key);
	if (s)
		__sync_fetch_and_add(&s->refused, 1);
}

static __always_inline __u32 port_span(const struct egress_address *a)
{
	return a->port_max >= a->port_min ? a->port_max - a->port_min + 1 : 0;
}

/*
 * Takes the way back; *in gets the port. The flow keeps its own port where that is free. To the far side a
 * connection that has begun is its own port or nothing.
 */
static __always_inline enum verdict_reason take_port(struct egress_tuple *in, const struct egress_nat *back,
						     const struct egress_address *a, bool own_only)
{
	__u32 span = port_span(a);
	__u32 port = bpf_ntohs(back->port);
	bool own = port >= a->port_min && port <= a->port_max;
	long result;

	if (!span)
		return DROP_NO_EGRESS_ADDRESS;
	if (own_only && !own)
		return DROP_UNKNOWN_CONNECTION;
	if (!own)
		port = a->port_min + bpf_get_prandom_u32() % span;
	for (int i = 0; i < PORT_TRIES; i++) {
		in->near_port = bpf_htons(port);
		result = bpf_map_update_elem(&eg_nat, in, back, BPF_NOEXIST);
		if (!result)
			return FORWARDED;
		if (result != -EEXIST)
			return DROP_NAT_FULL;
		if (own_only)
			return DROP_UNKNOWN_CONNECTION;
		port = a->port_min + bpf_get_prandom_u32() % span;
	}
	count_saturation(&a->address);
	return DROP_PORTS_EXHAUSTED;
}

/* A new flow: the way back first, so that no answer can come before it can be translated. */
static __always_inline enum verdict_reason map_flow(const struct packet *p, const struct egress_rule *rule,
						    __u32 carrier, const struct egress_address *a)
{
	struct egress_tuple in = p->tuple;
	struct egress_nat nat = {
		.address = p->tuple.near,
		.port = p->tuple.near_port,
		.nic = a->ifindex,
		.carrier = carrier,
		.policy_id = rule->policy_id,
		.created = bpf_ktime_get_ns(),
		.group_id = rule->group_id,
	};
	enum verdict_reason reason;
	long result;

	nat.last_seen = nat.created;
	in.near = a->address;
	in.direction = EGRESS_IN;
	reason = take_port(&in, &nat, a, is_midstream(p));
	if (reason != FORWARDED)
		return reason;
	nat.address = a->address;
	nat.port = in.near_port;
	result = bpf_map_update_elem(&eg_nat, &p->tuple, &nat, BPF_NOEXIST);
	if (!result) {
		tell_flow(&p->tuple, &nat);
		return FORWARDED;
	}
	bpf_map_delete_elem(&eg_nat, &in);
	/* Another CPU was first with the same flow: its entry serves. */
	return result == -EEXIST ? FORWARDED : DROP_NAT_FULL;
}

static __always_inline struct egress_nat *other_half(const struct packet *p, const struct egress_nat *half,
						     enum egress_direction direction)
{
	struct egress_tuple key = p->tuple;

	key.near = half->address;
	key.near_port = half->port;
	key.direction = direction;
	return bpf_map_lookup_elem(&eg_nat, &key);
}

/* The pod's node may come by another device than before. */
static __always_inline void follow_carrier(struct egress_nat *out, const struct packet *p, __u32 carrier)
{
	struct egress_nat *in;

	if (out->carrier == carrier)
		return;
	in = other_half(p, out, EGRESS_IN);
	if (in)
		in->carrier = carrier;
	out->carrier = carrier;
}

/*
 * What ends a connection is remembered outward, also of the far side: a reset is anybody's who knows the ports,
 * and a pod that goes on did not believe it. Who opens a connection anew has ended the one before.
 */
static __always_inline void touch_out(struct egress_nat *out, const struct packet *p)
{
	struct egress_nat *in;

	if (opens_connection(p) && out->last_seen != out->created) {
		in = other_half(p, out, EGRESS_IN);
		if (in)
			in->flags = 0;
		out->flags = 0;
	}
	touch(out, p, 0);
	if (p->quoted || p->is_later_fragment)
		return;
	if (p->tcp_flags & TCP_RST)
		out->flags |= EGRESS_SEEN_RST;
	else if (out->flags & EGRESS_SEEN_RST)
		out->flags &= ~EGRESS_SEEN_RST;
}

static __always_inline void touch_in(struct egress_nat *in, const struct packet *p)
{
	struct egress_nat *out;

	touch(in, p, EGRESS_REPLIED);
	if (p->quoted || !(p->tcp_flags & TCP_RST))
		return;
	out = other_half(p, in, EGRESS_OUT);
	if (out)
		out->flags |= EGRESS_SEEN_RST;
}

static __always_inline struct egress_address *address_of(const struct packet *p, const struct egress_rule *rule)
{
	struct egress_address_key key = { rule->group_id, family_of(&p->tuple.near) };

	return bpf_map_lookup_elem(&eg_address, &key);
}

static __always_inline enum verdict_reason new_flow(const struct packet *p, const struct egress_rule *rule,
						    __u32 carrier)
{
	struct egress_address *a;

	if (p->quoted || p->is_later_fragment)
		return DROP_NO_MAPPING;
	/* Whatever gateway it had, that had another address. */
	if (is_midstream(p) && !(rule->flags & EGRESS_FOLLOWS))
		return DROP_UNKNOWN_CONNECTION;
	a = address_of(p, rule);
	if (!a)
		return DROP_NO_EGRESS_ADDRESS;
	return is_deposed(&a->address) ? DROP_DEPOSED : map_flow(p, rule, carrier, a);
}

static __always_inline void forget(const struct egress_nat *out, const struct packet *p)
{
	struct egress_tuple key = p->tuple;

	key.near = out->address;
	key.near_port = out->port;
	key.direction = EGRESS_IN;
	/* Outward first: what comes in between then makes a flow anew. */
	bpf_map_delete_elem(&eg_nat, &p->tuple);
	bpf_map_delete_elem(&eg_nat, &key);
}

static __always_inline void adopt(struct egress_nat *out, const struct packet *p, const struct egress_rule *rule)
{
	struct egress_nat *in = other_half(p, out, EGRESS_IN);

	if (in) {
		in->group_id = rule->group_id;
		in->policy_id = rule->policy_id;
	}
	out->group_id = rule->group_id;
	out->policy_id = rule->policy_id;
}

/*
 * A flow of another group than its packet's: the policy has changed, or the pod's address is another pod's now.
 * It goes on under an address that the packet's group has too, and under no other.
 */
static __always_inline enum verdict_reason change_group(struct egress_nat *out, const struct packet *p,
							const struct egress_rule *rule, __u32 carrier)
{
	struct egress_address *a = address_of(p, rule);

	if (!out->group_id || (a && addr_equal(&a->address, &out->address))) {
		adopt(out, p, rule);
		return FORWARDED;
	}
	if (!a)
		return DROP_NO_EGRESS_ADDRESS;
	if (is_midstream(p))
		return DROP_UNKNOWN_CONNECTION;
	if (p->quoted || p->is_later_fragment)
		return DROP_NO_MAPPING;
	forget(out, p);
	return new_flow(p, rule, carrier);
}

/* Gives an outward packet its egress address; out is what eg_nat has of it, *nic gets the device that has the address. */
static __always_inline enum verdict_reason translate_out(struct __sk_buff *skb, const struct packet *p,
							 const struct egress_rule *rule, __u32 carrier,
							 struct egress_nat *out, __u32 *nic)
{
	enum verdict_reason reason;

	if (!out || out->group_id != rule->group_id) {
		reason = out ? change_group(out, p, rule, carrier) : new_flow(p, rule, carrier);
		if (reason != FORWARDED)
			return reason;
		out = bpf_map_lookup_elem(&eg_nat, &p->tuple);
		if (!out)
			return DROP_NO_MAPPING;
	}
	if (is_deposed(&out->address))
		return DROP_DEPOSED;
	follow_carrier(out, p, carrier);
	touch_out(out, p);
	*nic = out->nic;
	if (remember_ports(p) || rewrite_near(skb, p, true, &out->address, out->port))
		return DROP_HELPER_FAILED;
	return FORWARDED;
}
