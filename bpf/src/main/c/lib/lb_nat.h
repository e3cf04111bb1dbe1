/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Connections from outside: two entries each, both or neither. */
#pragma once

#include <linux/errno.h>

#include "ipcache.h"
#include "lb_choice.h"
#include "lb_packet.h"
#include "lb_room.h"
#include "metrics.h"

/* A client that reaches one backend by two services from one port has to get another port in one of them. */
#define PORT_TRIES	32
#define PORT_MIN	1024
#define PORT_SPAN	64512
#define SOURCE_PREFIX_STATIC	96
#define ANSWER_PREFIX_STATIC	32
#define FAMILY_OF_IPV4	4
#define FAMILY_OF_IPV6	6

static __always_inline void touch(struct lb_nat *nat, const struct lb_packet *p, __u16 flags)
{
	if (!p->quoted && p->tcp_flags & TCP_FIN)
		flags |= LB_SEEN_FIN;
	if (!p->quoted && p->tcp_flags & TCP_RST)
		flags |= LB_SEEN_RST;
	nat->last_seen = bpf_ktime_get_ns();
	if ((nat->flags & flags) != flags)
		nat->flags |= flags;
}

/* A client that goes on has got an answer: of a flood nobody does, and its beginnings are not kept for long. */
static __always_inline bool shows_reply(const struct lb_packet *p)
{
	if (p->quoted || p->is_later_fragment)
		return false;
	/* Whose address is forged resets the answer. */
	return p->tuple.protocol != IPPROTO_TCP || !(p->tcp_flags & (TCP_SYN | TCP_RST));
}

/* What the client says in a connection that is there. The first time that it goes on, it is known from then on. */
static __always_inline void hear_client(struct lb_nat *to, const struct lb_packet *p)
{
	bool shown = shows_reply(p);

	if (shown && !(to->flags & LB_REPLIED)) {
		add_unanswered(-entries_of(to->flags));
		make_known(&p->tuple.far);
	}
	touch(to, p, shown ? LB_REPLIED : 0);
}

/*
 * Whether the first packet of a connection is here again: the node that it was handed on to has another opinion of who
 * serves it. It is served through this node then, by the backend that this node knows.
 */
static __always_inline bool has_come_back(const struct lb_nat *to, const struct lb_packet *p)
{
	return to->flags & LB_HANDED_ON && !(to->flags & LB_REPLIED) && p->hops < to->limit;
}

/* Key of a connection's other half. */
static __always_inline struct lb_tuple other_key(const struct lb_tuple *key, const struct lb_nat *half)
{
	struct lb_tuple other = {
		.near = half->address,
		.far = key->far,
		.near_port = half->port,
		.far_port = half->far_port,
		.protocol = key->protocol,
		.direction = !key->direction,
	};

	return other;
}

/* To the service first: what comes in between then makes a connection anew. */
static __always_inline void forget(const struct lb_tuple *key, const struct lb_nat *nat)
{
	struct lb_tuple other = other_key(key, nat);
	__u16 flags = nat->flags;	/* which is somebody else's once it is deleted */

	if (!bpf_map_delete_elem(&lb_nat, key) && !(flags & LB_REPLIED))
		add_unanswered(-entries_of(flags));
	if (!(flags & LB_HANDED_ON))
		bpf_map_delete_elem(&lb_nat, &other);
}

static __always_inline bool is_of(const struct lb_nat *back, const struct lb_tuple *service)
{
	return back->port == service->near_port && back->far_port == service->far_port &&
	       addr_equal(&back->address, &service->near);
}

/* Takes the way back; *key gets the port that the backend knows the client by: its own, where that is free. */
static __always_inline enum verdict_reason take_way_back(struct lb_tuple *key, const struct lb_nat *back,
							 const struct lb_tuple *service)
{
	struct lb_nat *known;
	long result;

	for (int i = 0; i < PORT_TRIES; i++) {
		result = bpf_map_update_elem(&lb_nat, key, back, BPF_NOEXIST);
		if (!result)
			return FORWARDED;
		if (result != -EEXIST)
			return DROP_NAT_FULL;
		known = bpf_map_lookup_elem(&lb_nat, key);
		/* Of the same connection, whose other half is not there: it was forgotten just now, or not written yet. */
		if (known && is_of(known, service))
			return FORWARDED;
		key->far_port = bpf_htons(PORT_MIN + bpf_get_prandom_u32() % PORT_SPAN);
	}
	return DROP_PORTS_EXHAUSTED;
}

static __always_inline struct lb_place *place_of(const struct addr *backend)
{
	struct lb_place_key key = { *backend };

	return bpf_map_lookup_elem(&lb_place, &key);
}

static __always_inline bool has_answer_row(enum lb_answer_side side, __u16 cluster_id, const struct addr *address)
{
	struct lb_answer_key key = {
		.prefix_len = ANSWER_PREFIX_STATIC + 128,
		.cluster_id = cluster_id,
		.side = side,
		.family = addr_is_v4(address) ? FAMILY_OF_IPV4 : FAMILY_OF_IPV6,
		.address = *address,
	};

	return bpf_map_lookup_elem(&lb_answer, &key);
}

/* A client within the mesh: what answers it does not leave by an uplink, or is taken for forged where it comes from. */
static __always_inline bool is_of_mesh(__u16 cluster_id, const struct addr *client)
{
	return ipcache_lookup(client) || has_answer_row(LB_CLIENTS_THERE, cluster_id, client);
}

/*
 * Whether another cluster's node answers the client itself. TCP only: what opens a connection says how long the packets
 * of it may be that go through the tunnel, and nothing says so of datagrams.
 */
static __always_inline bool is_answered_there(const struct choice *c, const struct lb_tuple *t)
{
	__u16 cluster_id = c->backend.cluster_id;

	return t->protocol == IPPROTO_TCP && has_answer_row(LB_ANSWERED_THERE, cluster_id, &t->near) &&
	       !is_of_mesh(cluster_id, &t->far);
}

/* What the way to the service says; the client's port may become another one. */
static __always_inline struct lb_nat way_to(const struct lb_tuple *service, const struct choice *c, __u16 flags)
{
	struct lb_nat to = {
		.address = c->backend.address,
		.port = c->backend.port,
		.far_port = service->far_port,
		.flags = flags,
		.service_id = c->frontend.service_id,
		.backend_id = c->backend_id,
		.created = bpf_ktime_get_ns(),
	};

	to.last_seen = to.created;
	return to;
}

/* By itself: what comes back does not come by here. */
static __always_inline enum verdict_reason remember_handed_on(const struct lb_tuple *service,
							      const struct lb_nat *to)
{
	return bpf_map_update_elem(&lb_nat, service, to, BPF_ANY) ? DROP_NAT_FULL : FORWARDED;
}

static __always_inline enum verdict_reason remember_both(const struct lb_tuple *service, struct lb_nat *to)
{
	struct lb_nat back = *to;
	struct lb_tuple key = other_key(service, to);
	enum verdict_reason reason;

	back.address = service->near;
	back.port = service->near_port;
	back.flags = to->flags & LB_CLAMPED;
	reason = take_way_back(&key, &back, service);
	if (reason != FORWARDED)
		return reason;
	to->far_port = key.far_port;
	if (!bpf_map_update_elem(&lb_nat, service, to, BPF_ANY))
		return FORWARDED;
	bpf_map_delete_elem(&lb_nat, &key);
	return DROP_NAT_FULL;
}

/* Who answers directly sees the client; whether that is so, the row says or the place of the backend. */
static __always_inline __u16 way_of(const struct lb_scratch *s)
{
	const struct choice *c = &s->choice;
	struct lb_place *place = NULL;

	if (c->frontend.flags & SERVICE_KEEPS_SOURCE)
		return LB_KEEPS_SOURCE;
	if (c->frontend.flags & SERVICE_ANSWERS_DIRECTLY)
		place = place_of(&c->backend.address);
	if (!place)
		return 0;
	if (!place->device)
		return LB_KEEPS_SOURCE;
	if (place->room && !is_answered_there(c, &s->packet.tuple))
		return 0;
	return s->came_back ? 0 : LB_HANDED_ON;
}

static __always_inline enum verdict_reason remember(struct lb_scratch *s)
{
	enum verdict_reason reason;
	__u16 flags = way_of(s);

	s->to = way_to(&s->packet.tuple, &s->choice, flags);
	s->to.limit = s->packet.hops;
	reason = flags & LB_HANDED_ON ? remember_handed_on(&s->packet.tuple, &s->to) :
					remember_both(&s->packet.tuple, &s->to);
	if (reason == FORWARDED)
		add_unanswered(entries_of(flags));
	return reason;
}

static __always_inline struct service_frontend_key frontend_of(const struct lb_packet *p)
{
	struct service_frontend_key key = {
		.address = p->tuple.near,
		.port = p->tuple.near_port,
		.protocol = p->tuple.protocol,
	};

	return key;
}

/* At an address of the node, what opens no connection may be an answer to one of the node's own. */
static __always_inline bool is_for_service(const struct lb_packet *p)
{
	struct service_frontend_key key = frontend_of(p);
	struct service_frontend *fe;

	if (p->quoted || p->is_later_fragment)
		return false;
	fe = bpf_map_lookup_elem(&svc_fe, &key);
	if (!fe || !(fe->flags & SERVICE_FROM_OUTSIDE))
		return false;
	return !(fe->flags & SERVICE_NODE_PORT) || p->tuple.protocol != IPPROTO_TCP || opens_connection(p);
}

static __always_inline bool is_allowed(const struct service_frontend *fe, const struct addr *client)
{
	struct service_source_key key = {
		.prefix_len = SOURCE_PREFIX_STATIC + 128,
		.service_id = fe->service_id,
		.family = addr_is_v4(client) ? FAMILY_OF_IPV4 : FAMILY_OF_IPV6,
		.client = *client,
	};

	return !(fe->flags & SERVICE_RESTRICTED) || bpf_map_lookup_elem(&svc_source, &key);
}

/* A connection that begins, or one that began at another node. */
static __always_inline enum verdict_reason begin(struct lb_scratch *s)
{
	struct service_frontend_key key = frontend_of(&s->packet);
	enum choice_result result = choose_alike(&key, s, &s->packet.tuple);

	if (result == CHOICE_EMPTY)
		return PASS_NO_BACKEND;
	if (result == CHOICE_REFUSE_EMPTY)
		return DROP_NO_BACKEND;
	if (result != CHOICE_MADE)
		return DROP_STALE_SLOT;
	if (!is_allowed(&s->choice.frontend, &s->packet.tuple.far))
		return DROP_NOT_ALLOWED;
	if (addr_is_v4(&s->choice.backend.address) != addr_is_v4(&s->packet.tuple.near))
		return DROP_FAMILY_MISMATCH;
	return has_room_for(&s->packet.tuple.far) ? remember(s) : DROP_ROOM_KEPT;
}

static __always_inline bool is_there(const struct lb_nat *nat, struct service_backend *backend)
{
	return read_backend(nat->backend_id, nat->service_id, backend) && backend->port == nat->port &&
	       addr_equal(&backend->address, &nat->address);
}

/* Of what is handed on, only what the client says is seen here. */
static __always_inline bool has_ended(const struct lb_nat *nat, const struct lb_packet *p)
{
	struct lb_tuple key = other_key(&p->tuple, nat);
	struct lb_nat *back;

	if (nat->flags & LB_HANDED_ON)
		return nat->flags & (LB_SEEN_FIN | LB_SEEN_RST);
	back = bpf_map_lookup_elem(&lb_nat, &key);
	return !back || (nat->flags | back->flags) & (LB_SEEN_FIN | LB_SEEN_RST);
}

/* Whether whom the connection was handed on to would still take it. */
static __always_inline bool is_way_there(const struct lb_nat *nat, const struct lb_packet *p)
{
	struct lb_place *place = place_of(&nat->address);
	struct service_backend backend;

	if (!place || !place->room)
		return place;
	return read_backend(nat->backend_id, nat->service_id, &backend) &&
	       has_answer_row(LB_ANSWERED_THERE, backend.cluster_id, &p->tuple.near);
}

/*
 * Whether a packet goes where its connection went. A TCP connection ends with its backend, and who opens one anew
 * from the same port has ended the one before; datagrams go to somebody else.
 */
static __always_inline bool goes_on(const struct lb_nat *nat, const struct lb_packet *p)
{
	struct service_backend backend;

	if (p->quoted || p->is_later_fragment)
		return true;
	if (nat->flags & LB_HANDED_ON && (has_come_back(nat, p) || !is_way_there(nat, p)))
		return false;
	if (p->tuple.protocol == IPPROTO_TCP)
		return !opens_connection(p) ||
		       (!has_ended(nat, p) && is_there(nat, &backend) && backend.state == BACKEND_ACTIVE);
	return is_there(nat, &backend) && backend.state != BACKEND_QUARANTINED;
}
