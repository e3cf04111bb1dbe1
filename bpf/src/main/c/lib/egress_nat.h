/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Translation at a gateway: two entries a flow, both or neither. */
#pragma once

#include <linux/errno.h>

#include "egress_events.h"
#include "egress_fence.h"
#include "egress_policy.h"
#include "egress_rewrite.h"

/* Each try at random: with 9 of 10 ports in use, all of them fail once in 2 * 10^7 flows. */
#define PORT_TRIES	160

static __always_inline void touch(struct egress_nat *nat, const struct packet *p, __u16 flags)
{
	if (!p->quoted) {
		if (p->tcp_flags & TCP_FIN)
			flags |= EGRESS_SEEN_FIN;
		if (p->tcp_flags & TCP_RST)
			flags |= EGRESS_SEEN_RST;
	}
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

/* Takes the way back; *in gets the port. The flow keeps its own port where that is free. */
static __always_inline enum verdict_reason take_port(struct egress_tuple *in, const struct egress_nat *back,
						     const struct egress_address *a)
{
	__u32 span = port_span(a);
	__u32 port = bpf_ntohs(back->port);
	long result;

	if (!span)
		return DROP_NO_EGRESS_ADDRESS;
	if (port < a->port_min || port > a->port_max)
		port = a->port_min + bpf_get_prandom_u32() % span;
	for (int i = 0; i < PORT_TRIES; i++) {
		in->near_port = bpf_htons(port);
		result = bpf_map_update_elem(&eg_nat, in, back, BPF_NOEXIST);
		if (!result)
			return FORWARDED;
		if (result != -EEXIST)
			return DROP_NAT_FULL;
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
	};
	enum verdict_reason reason;
	long result;

	nat.last_seen = nat.created;
	in.near = a->address;
	in.direction = EGRESS_IN;
	reason = take_port(&in, &nat, a);
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

/* The pod's node may come by another device than before. */
static __always_inline void follow_carrier(struct egress_nat *out, const struct packet *p, __u32 carrier)
{
	struct egress_tuple key = p->tuple;
	struct egress_nat *in;

	if (out->carrier == carrier)
		return;
	key.near = out->address;
	key.near_port = out->port;
	key.direction = EGRESS_IN;
	in = bpf_map_lookup_elem(&eg_nat, &key);
	if (in)
		in->carrier = carrier;
	out->carrier = carrier;
}

static __always_inline enum verdict_reason new_flow(const struct packet *p, const struct egress_rule *rule,
						    __u32 carrier)
{
	struct egress_address_key key = { rule->group_id, family_of(&p->tuple.near) };
	struct egress_address *a = bpf_map_lookup_elem(&eg_address, &key);

	if (p->quoted)
		return DROP_NO_MAPPING;
	if (!a)
		return DROP_NO_EGRESS_ADDRESS;
	return is_deposed(&a->address) ? DROP_DEPOSED : map_flow(p, rule, carrier, a);
}

/* Gives an outward packet its egress address; *nic gets the device that has it. */
static __always_inline enum verdict_reason translate_out(struct __sk_buff *skb, const struct packet *p,
							 const struct egress_rule *rule, __u32 carrier,
							 __u32 *nic)
{
	struct egress_nat *out = bpf_map_lookup_elem(&eg_nat, &p->tuple);

	if (!out) {
		enum verdict_reason reason = new_flow(p, rule, carrier);

		if (reason != FORWARDED)
			return reason;
		out = bpf_map_lookup_elem(&eg_nat, &p->tuple);
		if (!out)
			return DROP_NO_MAPPING;
	} else if (is_deposed(&out->address)) {
		return DROP_DEPOSED;
	}
	follow_carrier(out, p, carrier);
	touch(out, p, 0);
	*nic = out->nic;
	if (remember_ports(p) || rewrite_near(skb, p, true, &out->address, out->port))
		return DROP_HELPER_FAILED;
	return FORWARDED;
}
