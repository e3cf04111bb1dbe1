/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What users are shown of flows: the new ones, and why a packet went nowhere. */
#pragma once

#include "../maps/egress_events.h"
#include "egress_packet.h"
#include "egress_policy.h"

/* A second, by reason and CPU: a pod that sends into the void says it with its first packets. */
#define DROPS_TOLD	20
#define SECOND		1000000000ULL

/* Without it BTF would not have the struct, as a ring buffer declares none. */
const volatile struct egress_event btf_of_egress_event = {};

static __always_inline struct egress_event *begin_event(enum hook hook, enum verdict_reason reason)
{
	struct egress_event *event = bpf_ringbuf_reserve(&eg_events, sizeof(*event), 0);

	if (!event) {
		count_verdict(EVENT_LOST, hook, 0);
		return NULL;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->time = bpf_ktime_get_ns();
	event->hook = hook;
	event->reason = reason;
	return event;
}

/* A flow that is translated from now on. */
static __always_inline void tell_flow(const struct egress_tuple *flow, const struct egress_nat *out)
{
	struct egress_event *event = begin_event(out->carrier ? HOOK_EGRESS_GATEWAY : HOOK_EGRESS_LOCAL, FORWARDED);

	if (!event)
		return;
	event->near = flow->near;
	event->far = flow->far;
	event->near_port = flow->near_port;
	event->far_port = flow->far_port;
	event->protocol = flow->protocol;
	event->address = out->address;
	event->port = out->port;
	event->policy_id = out->policy_id;
	event->ifindex = out->carrier;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

/* False: enough was told for now. *withheld gets how many were not told before this one. */
static __always_inline bool may_tell(enum verdict_reason reason, __u32 *withheld)
{
	__u32 key = reason;
	struct egress_event_pace *pace = bpf_map_lookup_elem(&eg_event_pace, &key);
	__u64 now = bpf_ktime_get_ns();

	if (!pace)
		return false;
	if (now - pace->since > SECOND) {
		pace->since = now;
		pace->told = 0;
	}
	if (pace->told >= DROPS_TOLD) {
		pace->withheld++;
		return false;
	}
	pace->told++;
	*withheld = pace->withheld;
	pace->withheld = 0;
	return true;
}

static __always_inline __u32 policy_of(const struct addr *pod, const struct addr *destination)
{
	struct egress_rule rule = {};

	decide(pod, destination, &rule);
	return rule.policy_id;
}

/* What a packet's own headers say, whatever became of its parsing: ports only where they are whole and its first. */
static __always_inline bool read_event(struct __sk_buff *skb, __u32 l3, bool outward, struct egress_event *event)
{
	struct egress_tuple flow = {};
	struct header h = {};

	if (!read_header(skb, l3, &h))
		return false;
	tuple_ends(&flow, &h, outward);
	if (!h.later_fragment)
		read_ports(skb, l3 + h.size, outward, &flow);
	event->near = flow.near;
	event->far = flow.far;
	event->near_port = flow.near_port;
	event->far_port = flow.far_port;
	event->protocol = flow.protocol;
	return true;
}

/* A function of its own, not inlined: it is called wherever something is dropped. */
static __noinline int tell_drop(struct __sk_buff *skb, __u32 l3, enum hook hook, enum verdict_reason reason)
{
	bool outward = hook != HOOK_EGRESS_REPLY && hook != HOOK_EGRESS_RETURN;
	struct egress_event *event;
	__u32 withheld = 0;

	if (!may_tell(reason, &withheld))
		return 0;
	event = begin_event(hook, reason);
	if (!event)
		return 0;
	if (!read_event(skb, l3, outward, event)) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return 0;
	}
	event->policy_id = policy_of(&event->near, &event->far);
	event->ifindex = skb->ifindex;
	event->withheld = withheld;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}
