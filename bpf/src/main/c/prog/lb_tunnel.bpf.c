// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Ingress of the WireGuard device, behind from_tunnel: packets for services of another cluster whose backend is here. They
 * are served as if their client had sent them to this node, which answers it, where this cluster's administrator has
 * said that its nodes may answer for that address (lb_answer).
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* 0 on a device without a link layer; 14 lets the same program run on Ethernet. */
const volatile __u32 l3_offset = 0;
#define LB_L3 l3_offset

#include "../lib/lb_envelope.h"
#include "../lib/lb_nat.h"
#include "../lib/lb_rewrite.h"
#include "../lib/metrics.h"

char _license[] SEC("license") = "Dual BSD/GPL";

static __always_inline int drop(struct __sk_buff *skb, enum verdict_reason reason)
{
	count_verdict(reason, HOOK_LB_FROM_TUNNEL, skb->len);
	return TC_ACT_SHOT;
}

static __always_inline bool is_ours(const struct addr *address)
{
	struct ipcache_entry *entry = ipcache_lookup(address);

	return entry && entry->flags & IPCACHE_LOCAL;
}

/*
 * Whoever says so is a peer, and not trusted: only for addresses that this cluster's administrator has named, only to this
 * cluster's pods, and never to make them answer one another.
 */
static __always_inline enum verdict_reason judge(const struct lb_envelope *e, const struct lb_tuple *asked)
{
	struct addr node = addr_v4(e->ip.saddr), backend = addr_v4(e->ip.daddr);
	struct ipcache_entry *sender = ipcache_lookup(&node);

	if (!sender || sender->flags & IPCACHE_LOCAL ||
	    !has_answer_row(LB_ANSWERED_HERE, sender->cluster_id, &asked->near))
		return DROP_NOT_ANSWERED;
	if (!is_ours(&backend) || is_ours(&asked->far) || is_ours(&asked->near))
		return DROP_SPOOFED_LOCAL;
	return FORWARDED;
}

static __always_inline enum verdict_reason begin_here(struct lb_scratch *s, const struct lb_envelope *e)
{
	enum verdict_reason reason;

	if (s->packet.quoted || s->packet.is_later_fragment)
		return DROP_NO_MAPPING;
	if (!has_room_for(&s->packet.tuple.far))
		return DROP_ROOM_KEPT;
	__builtin_memset(&s->to, 0, sizeof(s->to));
	s->to.address = addr_v4(e->ip.daddr);
	s->to.port = e->gre.port;
	s->to.far_port = s->packet.tuple.far_port;
	s->to.flags = LB_KEEPS_SOURCE | LB_CLAMPED;
	s->to.limit = bpf_ntohs(e->gre.room);
	s->to.created = s->to.last_seen = bpf_ktime_get_ns();
	reason = remember_both(&s->packet.tuple, &s->to);
	if (reason == FORWARDED)
		add_unanswered(entries_of(s->to.flags));
	return reason;
}

/* The node that hands on has chosen the backend; who opens a connection anew has ended the one before. */
static __always_inline bool stays(const struct lb_nat *known, const struct lb_packet *p, const struct lb_envelope *e)
{
	struct addr backend = addr_v4(e->ip.daddr);

	return addr_equal(&known->address, &backend) && known->port == e->gre.port &&
	       !(opens_connection(p) && has_ended(known, p));
}

static __always_inline enum verdict_reason find_way(struct lb_scratch *s, const struct lb_envelope *e)
{
	struct lb_nat *known = bpf_map_lookup_elem(&lb_nat, &s->packet.tuple);

	if (known && stays(known, &s->packet, e)) {
		hear_client(known, &s->packet);
		s->to = *known;
		return FORWARDED;
	}
	if (known)
		forget(&s->packet.tuple, known);
	return begin_here(s, e);
}

SEC("tc")
int lb_from_tunnel(struct __sk_buff *skb)
{
	struct lb_scratch *s = scratch(LB_TO_SERVICE);
	enum verdict_reason reason;
	struct lb_envelope e;

	if (!s || !read_envelope(skb, &e))
		return TC_ACT_UNSPEC;
	if (unwrap(skb) || !parse(skb, LB_TO_SERVICE, &s->packet))
		return drop(skb, DROP_MALFORMED);
	reason = judge(&e, &s->packet.tuple);
	if (reason == FORWARDED)
		reason = find_way(s, &e);
	if (reason != FORWARDED)
		return drop(skb, reason);
	if (remember_ports(&s->packet) || translate(skb, &s->packet, &s->to))
		return drop(skb, DROP_HELPER_FAILED);
	count_verdict(FORWARDED, HOOK_LB_FROM_TUNNEL, skb->len);
	return TC_ACT_UNSPEC;
}
