// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The egress gateway. A selected pod's packets are marked where they enter the node (egress_source) and cross its
 * stack, as they would without a policy. Where they would leave it (egress_local) they get the egress address, or
 * cross a device that leads to their gateway alone and get it there (egress_gateway). What comes back goes the
 * same way (egress_reply, egress_return). What cannot be translated is dropped: never another source address.
 */
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../lib/egress_events.h"
#include "../lib/egress_nat.h"
#include "../lib/egress_probe.h"
#include "../lib/egress_rate.h"
#include "../lib/egress_reset.h"
#include "../lib/egress_too_big.h"
#include "../lib/metrics.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* Carriers have no link layer; 14 lets the same programs run on Ethernet. */
const volatile __u32 carrier_l3_offset = 0;
/* The bit of the mark that is ours: on its way through the stack to a gateway, or back from one. NftPlan in Java has it too. */
const volatile __u32 mark_steered = 0x1000;

static __always_inline __u32 l3_at(enum hook hook)
{
	return hook == HOOK_EGRESS_GATEWAY || hook == HOOK_EGRESS_RETURN ? carrier_l3_offset : ETH_HLEN;
}

static __always_inline int drop(struct __sk_buff *skb, enum hook hook, enum verdict_reason reason)
{
	count_verdict(reason, hook, skb->len);
	tell_drop(skb, l3_at(hook), hook, reason);
	return TC_ACT_SHOT;
}

/* The next program or the stack decides; TC_ACT_OK would end the chain of other people's filters. */
static __always_inline int pass(struct __sk_buff *skb, enum hook hook, enum verdict_reason reason)
{
	count_verdict(reason, hook, skb->len);
	return TC_ACT_UNSPEC;
}

static __always_inline enum verdict_reason parse_failure(enum parse_result result)
{
	switch (result) {
	case PARSE_MALFORMED:
		return DROP_MALFORMED;
	case PARSE_FRAGMENT:
		return DROP_FRAGMENT;
	default:
		return DROP_UNSUPPORTED;
	}
}

/* Of a carrier's packet; without one it is lost in redirect_neigh, silently. */
static __always_inline long push_link_layer(struct __sk_buff *skb)
{
	__be16 type = skb->protocol;

	return !carrier_l3_offset && (bpf_skb_change_head(skb, ETH_HLEN, 0) ||
				      bpf_skb_store_bytes(skb, ETH_HLEN - sizeof(type), &type, sizeof(type), 0));
}

/* Into an Ethernet device; the kernel finds the neighbour's address by a route of that device. */
static __always_inline int to_ethernet(struct __sk_buff *skb, enum hook hook, __u32 ifindex)
{
	if (push_link_layer(skb))
		return drop(skb, hook, DROP_HELPER_FAILED);
	count_verdict(FORWARDED, hook, skb->len);
	return bpf_redirect_neigh(ifindex, NULL, 0, 0);
}

/* To a pod of this node, by the device that it sends by. */
static __always_inline int reset_at(struct __sk_buff *skb, const struct packet *p, enum hook hook, __u32 ifindex)
{
	count_verdict(DROP_UNKNOWN_CONNECTION, hook, skb->len);
	return turn_to_reset(skb, p) ? TC_ACT_SHOT : bpf_redirect_neigh(ifindex, NULL, 0, 0);
}

/* Back to who sent it, by the device that it came by. */
static __always_inline int tell_limit(struct __sk_buff *skb, const struct packet *p, enum hook hook, __u32 limit)
{
	count_verdict(DROP_TOO_BIG, hook, skb->len);
	return turn_to_too_big(skb, p, limit) ? TC_ACT_SHOT : bpf_redirect_neigh(skb->ifindex, NULL, 0, 0);
}

/* Where the network on the way drops what is larger, also who lets his packets be cut has to send smaller ones. */
static __always_inline bool is_too_big(struct __sk_buff *skb, const struct packet *p,
				       const struct egress_gateway *gateway)
{
	return (p->dont_fragment || gateway->flags & EGRESS_NARROW) &&
	       wire_length(skb, p) > limit_of(p, gateway->mtu);
}

/* The stack would judge the size by the uplink, which takes more. */
static __always_inline int fit_carrier(struct __sk_buff *skb, const struct packet *p,
				       const struct egress_gateway *gateway)
{
	if (gateway->flags & EGRESS_LOCAL)
		return TC_ACT_UNSPEC;
	if (is_too_big(skb, p, gateway))
		return tell_limit(skb, p, HOOK_EGRESS_SOURCE, limit_of(p, gateway->mtu));
	return clamp_mss(skb, p, gateway->mtu) ? drop(skb, HOOK_EGRESS_SOURCE, DROP_HELPER_FAILED) : TC_ACT_UNSPEC;
}

static __always_inline int steer(struct __sk_buff *skb, const struct egress_rule *rule)
{
	struct egress_gateway *gateway = NULL;
	enum verdict_reason reason;
	enum parse_result result;
	struct packet p = {};
	int verdict;

	result = parse(skb, ETH_HLEN, true, &p);
	if (result != PARSED)
		return drop(skb, HOOK_EGRESS_SOURCE, parse_failure(result));
	reason = gateway_of(&p, rule, skb->ifindex, &gateway);
	if (reason == DROP_UNKNOWN_CONNECTION)
		return reset_at(skb, &p, HOOK_EGRESS_SOURCE, skb->ifindex);
	if (reason != FORWARDED || !gateway)
		return drop(skb, HOOK_EGRESS_SOURCE, reason);
	verdict = fit_carrier(skb, &p, gateway);
	if (verdict != TC_ACT_UNSPEC)
		return verdict;
	if (remember_ports(&p))
		return drop(skb, HOOK_EGRESS_SOURCE, DROP_HELPER_FAILED);
	skb->mark |= mark_steered;
	return pass(skb, HOOK_EGRESS_SOURCE, PASS_STEERED);
}

/* Ingress of the device by which pods send: the bridge, or a pod's own. */
SEC("tc")
int egress_source(struct __sk_buff *skb)
{
	struct addr pod = {}, destination = {};
	struct egress_rule rule = {};

	if (!read_ends(skb, ETH_HLEN, &pod, &destination))
		return TC_ACT_UNSPEC;
	switch (decide(&pod, &destination, &rule)) {
	case STEERED:
		return steer(skb, &rule);
	case HELD:
		return drop(skb, HOOK_EGRESS_SOURCE, DROP_HELD);
	case REFUSED:
		return drop(skb, HOOK_EGRESS_SOURCE, DROP_BY_RULE);
	case EXCLUDED:
		return pass(skb, HOOK_EGRESS_SOURCE, PASS_EXCLUDED);
	default:
		return TC_ACT_UNSPEC;
	}
}

/* Back by the device that the question came by, which leads to who asked. */
static __always_inline int answer_probe(struct __sk_buff *skb, __u32 l4)
{
	if (turn_echo(skb, carrier_l3_offset, l4))
		return drop(skb, HOOK_EGRESS_GATEWAY, DROP_HELPER_FAILED);
	count_verdict(PROBE, HOOK_EGRESS_GATEWAY, skb->len);
	return bpf_redirect(skb->ifindex, 0);
}

static __always_inline int reset_remote(struct __sk_buff *skb, const struct packet *p)
{
	count_verdict(DROP_UNKNOWN_CONNECTION, HOOK_EGRESS_GATEWAY, skb->len);
	return turn_to_reset(skb, p) ? TC_ACT_SHOT : bpf_redirect(skb->ifindex, 0);
}

/* Ingress of a carrier at the gateway. Only sources that the tunnel ties to a node come here at all. */
SEC("tc")
int egress_gateway(struct __sk_buff *skb)
{
	struct addr pod = {}, destination = {};
	struct egress_rule rule = {};
	enum verdict_reason reason;
	enum parse_result result;
	struct egress_nat *out;
	struct packet p = {};
	__u32 nic = 0, l4 = 0;

	if (!read_ends(skb, carrier_l3_offset, &pod, &destination))
		return drop(skb, HOOK_EGRESS_GATEWAY, DROP_MALFORMED);
	if (is_probe_address(&destination) && read_echo(skb, carrier_l3_offset, ICMP_ECHO_REQUEST, &l4))
		return answer_probe(skb, l4);
	if (decide(&pod, &destination, &rule) != STEERED)
		return drop(skb, HOOK_EGRESS_GATEWAY, DROP_NOT_SELECTED);
	result = parse(skb, carrier_l3_offset, true, &p);
	if (result != PARSED)
		return drop(skb, HOOK_EGRESS_GATEWAY, parse_failure(result));
	if (exceeds_rate(&rule, skb->len))
		return drop(skb, HOOK_EGRESS_GATEWAY, DROP_RATE_LIMITED);
	out = bpf_map_lookup_elem(&eg_nat, &p.tuple);
	reason = translate_out(skb, &p, &rule, skb->ifindex, out, &nic);
	if (reason == DROP_UNKNOWN_CONNECTION)
		return reset_remote(skb, &p);
	if (reason != FORWARDED)
		return drop(skb, HOOK_EGRESS_GATEWAY, reason);
	return to_ethernet(skb, HOOK_EGRESS_GATEWAY, nic);
}

static __always_inline int reset_local(struct __sk_buff *skb, const struct packet *p, const struct egress_flow *flow)
{
	skb->mark &= ~mark_steered;
	return reset_at(skb, p, HOOK_EGRESS_LOCAL, flow->ifindex);
}

/*
 * What egress_source went by, a moment ago. The flow knows enough of it, but where it begins, has changed groups,
 * or has its bytes counted.
 */
static __always_inline bool rule_of(struct __sk_buff *skb, const struct egress_flow *flow, const struct egress_nat *out,
				    struct egress_rule *rule)
{
	struct addr pod = {}, destination = {};

	rule->group_id = flow->group_id;
	if (out && out->group_id == flow->group_id && !(flow->flags & EGRESS_RATED))
		return true;
	return read_ends(skb, ETH_HLEN, &pod, &destination) && decide(&pod, &destination, rule) == STEERED;
}

static __always_inline int translate_local(struct __sk_buff *skb, const struct packet *p,
					   const struct egress_flow *flow)
{
	struct egress_nat *out = bpf_map_lookup_elem(&eg_nat, &p->tuple);
	struct egress_rule rule = {};
	enum verdict_reason reason;
	__u32 nic = 0;

	if (!rule_of(skb, flow, out, &rule))
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_UNTRANSLATED);
	if (exceeds_rate(&rule, skb->len))
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_RATE_LIMITED);
	reason = translate_out(skb, p, &rule, 0, out, &nic);
	if (reason == DROP_UNKNOWN_CONNECTION)
		return reset_local(skb, p, flow);
	if (reason != FORWARDED)
		return drop(skb, HOOK_EGRESS_LOCAL, reason);
	skb->mark &= ~mark_steered;
	if (nic == skb->ifindex)
		return pass(skb, HOOK_EGRESS_LOCAL, FORWARDED);
	count_verdict(FORWARDED, HOOK_EGRESS_LOCAL, skb->len);
	return bpf_redirect_neigh(nic, NULL, 0, 0);
}

/* Of what egress_source marked. Without a flow it is no selected pod's: it was masqueraded on its way. */
static __always_inline int leave(struct __sk_buff *skb)
{
	struct egress_gateway *gateway;
	enum parse_result result;
	struct egress_flow *flow;
	struct packet p = {};

	result = parse(skb, ETH_HLEN, true, &p);
	if (result != PARSED)
		return drop(skb, HOOK_EGRESS_LOCAL, parse_failure(result));
	flow = flow_leaving(&p, skb->ifindex);
	if (!flow)
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_UNTRANSLATED);
	gateway = gateway_by_id(flow->gateway_id);
	if (!gateway)
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_NO_GATEWAY);
	if (gateway->flags & EGRESS_LOCAL)
		return translate_local(skb, &p, flow);
	skb->mark &= ~mark_steered;
	count_verdict(FORWARDED, HOOK_EGRESS_LOCAL, skb->len);
	return bpf_redirect(gateway->ifindex, 0);
}

/* Of what no egress_source let through: nothing of a selected pod. */
static __always_inline int hold_back(struct __sk_buff *skb)
{
	struct addr pod = {}, destination = {};
	struct egress_rule rule = {};

	if (!read_ends(skb, ETH_HLEN, &pod, &destination))
		return TC_ACT_UNSPEC;
	if (denies_connection(skb, &pod))
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_UNKNOWN_CONNECTION);
	switch (decide(&pod, &destination, &rule)) {
	case STEERED:
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_UNTRANSLATED);
	case HELD:
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_HELD);
	case REFUSED:
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_BY_RULE);
	default:
		return TC_ACT_UNSPEC;
	}
}

/*
 * Egress of an uplink: sends what egress_source marked to its gateway, and lets nothing else of a selected pod out.
 * Nor does anything claim an address that was lost, or deny the connections of one that has moved here.
 */
SEC("tc")
int egress_local(struct __sk_buff *skb)
{
	if (!may_claim(skb))
		return drop(skb, HOOK_EGRESS_LOCAL, DROP_DEPOSED);
	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return TC_ACT_UNSPEC;
	return skb->mark & mark_steered ? leave(skb) : hold_back(skb);
}

/* So that the pod's node does not let the flow go to another gateway. */
static __always_inline long tell_other_port(struct __sk_buff *skb, const struct packet *p, const struct egress_nat *in)
{
	struct egress_tuple key = p->tuple;
	struct egress_flow *flow;

	if (p->tuple.near_port == in->port || p->tuple.protocol != IPPROTO_TCP || p->quoted)
		return 0;
	if (in->carrier)
		return write_other_port(skb, p, true);
	key.near = in->address;
	key.near_port = in->port;
	key.direction = EGRESS_OUT;
	flow = bpf_map_lookup_elem(&eg_flow, &key);
	if (flow)
		flow->flags |= EGRESS_OTHER_PORT;
	return 0;
}

/* What egress_return gave to this device has nobody's link layer. */
static __always_inline int come_back(struct __sk_buff *skb)
{
	skb->mark &= ~mark_steered;
	return bpf_skb_change_type(skb, PACKET_HOST) ? drop(skb, HOOK_EGRESS_REPLY, DROP_HELPER_FAILED)
						     : TC_ACT_UNSPEC;
}

/*
 * Ingress of an uplink: what comes back to an egress address, and who else claims it. Everything else is
 * the node's own.
 */
SEC("tc")
int egress_reply(struct __sk_buff *skb)
{
	struct egress_nat *in;
	struct packet p = {};
	__u32 carrier, limit;

	if (skb->mark & mark_steered)
		return come_back(skb);
	hear_claim(skb);
	if (parse(skb, ETH_HLEN, false, &p) != PARSED)
		return TC_ACT_UNSPEC;
	in = bpf_map_lookup_elem(&eg_nat, &p.tuple);
	if (!in)
		return TC_ACT_UNSPEC;
	touch_in(in, &p);
	carrier = in->carrier;
	limit = carrier && p.length > ALWAYS_FITS ? path_limit(&in->address) : 0;
	if (limit && wire_length(skb, &p) > limit_of(&p, limit))
		return tell_limit(skb, &p, HOOK_EGRESS_REPLY, limit_of(&p, limit));
	if (tell_other_port(skb, &p, in) || remember_ports(&p) || rewrite_near(skb, &p, false, &in->address, in->port))
		return drop(skb, HOOK_EGRESS_REPLY, DROP_HELPER_FAILED);
	if (!carrier)
		return pass(skb, HOOK_EGRESS_REPLY, FORWARDED);
	count_verdict(FORWARDED, HOOK_EGRESS_REPLY, skb->len);
	return bpf_redirect(carrier, 0);
}

static __always_inline bool is_probe_reply(struct __sk_buff *skb)
{
	struct addr source = {}, destination = {};
	__u32 l4;

	return read_ends(skb, carrier_l3_offset, &source, &destination) && is_probe_address(&source) &&
	       read_echo(skb, carrier_l3_offset, ICMP_ECHO_REPLY, &l4);
}

/* To the stack as if it had come by the device that its flow would leave by: so it would without a policy. */
static __always_inline int by_uplink(struct __sk_buff *skb, __u32 ifindex)
{
	if (push_link_layer(skb))
		return drop(skb, HOOK_EGRESS_RETURN, DROP_HELPER_FAILED);
	skb->mark |= mark_steered;
	count_verdict(FORWARDED, HOOK_EGRESS_RETURN, skb->len);
	return bpf_redirect(ifindex, BPF_F_INGRESS);
}

/* Ingress of a carrier at the pod's node. The far end may send anything: only replies go on. */
SEC("tc")
int egress_return(struct __sk_buff *skb)
{
	struct egress_gateway *gateway;
	__u32 uplink, pods;
	enum parse_result result;
	struct egress_flow *flow;
	struct packet p = {};

	if (is_probe_reply(skb))
		return pass(skb, HOOK_EGRESS_RETURN, PROBE);
	result = parse(skb, carrier_l3_offset, false, &p);
	if (result != PARSED)
		return drop(skb, HOOK_EGRESS_RETURN, parse_failure(result));
	if (remember_ports(&p))
		return drop(skb, HOOK_EGRESS_RETURN, DROP_HELPER_FAILED);
	p.tuple.direction = EGRESS_OUT;
	flow = bpf_map_lookup_elem(&eg_flow, &p.tuple);
	if (!flow)
		return drop(skb, HOOK_EGRESS_RETURN, DROP_NOT_A_REPLY);
	uplink = flow->uplink;
	pods = flow->ifindex;
	if (says_other_port(skb, &p)) {
		flow->flags |= EGRESS_OTHER_PORT;
		if (write_other_port(skb, &p, false))
			return drop(skb, HOOK_EGRESS_RETURN, DROP_HELPER_FAILED);
	}
	gateway = gateway_by_id(flow->gateway_id);
	if (gateway && clamp_mss(skb, &p, gateway->mtu))
		return drop(skb, HOOK_EGRESS_RETURN, DROP_HELPER_FAILED);
	/* Nothing of it has left by the stack: a program before this one carried it past that. */
	if (!uplink)
		return to_ethernet(skb, HOOK_EGRESS_RETURN, pods);
	return by_uplink(skb, uplink);
}
