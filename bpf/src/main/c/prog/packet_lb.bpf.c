// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Services for clients outside, packet by packet at the uplinks: what comes for an address of a service gets a
 * backend's (lb_in) and crosses the node's stack, whose conntrack gives it a source that its answer comes back to.
 * Where the answer leaves the node it gets the service's address again (lb_out). Where the backend's node answers itself,
 * what goes on may be handed on before there is a stack (lb_xdp).
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../lib/lb_clamp.h"
#include "../lib/lb_hand_on.h"
#include "../lib/lb_nat.h"
#include "../lib/lb_plain.h"
#include "../lib/lb_rewrite.h"
#include "../lib/metrics.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* The bit of the mark that asks for a source of this node, and the bits that ask for a refusal. NftPlan in Java has them too. */
const volatile __u32 mark_from_outside = 0x2000;
const volatile __u32 mark_refused = 0x3000;

static __always_inline int drop(struct __sk_buff *skb, enum hook hook, enum verdict_reason reason)
{
	count_verdict(reason, hook, skb->len);
	return TC_ACT_SHOT;
}

/* What gets no backend. Where that is because there is none, the stack tells the client so. */
static __always_inline int turn_away(struct __sk_buff *skb, enum verdict_reason reason)
{
	if (reason != PASS_NO_BACKEND && reason != DROP_NO_BACKEND)
		return drop(skb, HOOK_LB_IN, reason);
	count_verdict(reason, HOOK_LB_IN, skb->len);
	if (reason == DROP_NO_BACKEND)
		skb->mark |= mark_refused;
	return TC_ACT_UNSPEC;
}

/* The next program or the stack decides; TC_ACT_OK would end the chain of other people's filters. */
static __always_inline int go_on(struct __sk_buff *skb, enum hook hook, const struct lb_packet *p,
				 const struct lb_nat *to)
{
	if (remember_ports(p) || translate(skb, p, to))
		return drop(skb, hook, DROP_HELPER_FAILED);
	count_verdict(FORWARDED, hook, skb->len);
	return TC_ACT_UNSPEC;
}

static __always_inline int to_backends_node(struct __sk_buff *skb, const struct lb_scratch *s)
{
	enum verdict_reason reason;
	int verdict = hand_on(skb, &s->packet, &s->to, &reason);

	count_verdict(reason, HOOK_LB_IN, skb->len);
	return verdict;
}

/* Ingress of an uplink: what is for a service. Everything else is the node's own. */
SEC("tc")
int lb_in(struct __sk_buff *skb)
{
	struct lb_scratch *s = scratch(LB_TO_SERVICE);
	enum verdict_reason reason;
	struct lb_nat *known;

	if (!s || !parse(skb, LB_TO_SERVICE, &s->packet))
		return TC_ACT_UNSPEC;
	known = bpf_map_lookup_elem(&lb_nat, &s->packet.tuple);
	s->came_back = known && has_come_back(known, &s->packet);
	if (known && goes_on(known, &s->packet)) {
		hear_client(known, &s->packet);
		s->to = *known;
	} else {
		if (known)
			forget(&s->packet.tuple, known);
		if (!is_for_service(&s->packet))
			return TC_ACT_UNSPEC;
		reason = begin(s);
		if (reason != FORWARDED)
			return turn_away(skb, reason);
	}
	if (s->to.flags & LB_HANDED_ON)
		return to_backends_node(skb, s);
	if (!(s->to.flags & LB_KEEPS_SOURCE))
		skb->mark |= mark_from_outside;
	return go_on(skb, HOOK_LB_IN, &s->packet, &s->to);
}

/* Egress of an uplink: what a backend answers, and what is said of its answers. */
SEC("tc")
int lb_out(struct __sk_buff *skb)
{
	struct lb_scratch *s = scratch(LB_FROM_BACKEND);
	struct lb_nat *known;

	if (!s || !parse(skb, LB_FROM_BACKEND, &s->packet))
		return TC_ACT_UNSPEC;
	known = bpf_map_lookup_elem(&lb_nat, &s->packet.tuple);
	if (!known)
		return TC_ACT_UNSPEC;
	touch(known, &s->packet, LB_REPLIED);
	if (known->flags & LB_CLAMPED && answers_opening(&s->packet) && clamp_segments(skb, &s->packet, known->limit))
		return drop(skb, HOOK_LB_OUT, DROP_HELPER_FAILED);
	return go_on(skb, HOOK_LB_OUT, &s->packet, known);
}

/*
 * Before lb_in, where the driver has it: what goes on to a backend's node as it came needs nothing of the stack. Nothing is
 * decided here that lb_in has not decided for the connection: whatever else it is, it is passed to it.
 */
SEC("xdp")
int lb_xdp(struct xdp_md *xdp)
{
	struct lb_packet p = {};
	struct lb_nat *known;

	if (!parse_plain(xdp, &p))
		return XDP_PASS;
	known = bpf_map_lookup_elem(&lb_nat, &p.tuple);
	if (!known || !(known->flags & LB_HANDED_ON) || !goes_on(known, &p) || !turn_round(xdp, &p, known))
		return XDP_PASS;
	hear_client(known, &p);
	count_verdict(FORWARDED, HOOK_LB_XDP, xdp->data_end - xdp->data);
	return XDP_TX;
}
