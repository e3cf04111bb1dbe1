/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Which backend a connection from outside gets, the same on every node that has the same backends. Of a few it is by
 * rendezvous hashing: when one goes only its connections choose anew, and nothing has to be computed or written before.
 * Where there are many, or some are to get more than others, the agent has written a table.
 */
#pragma once

#include "lb_packet.h"
#include "service.h"

/* Where there are more backends and no room for a table, the connection decides which ones are looked at. */
#define GROUP	32

/* Of one packet at a time. */
struct lb_scratch {
	struct lb_packet	packet;
	struct lb_nat		to;
	struct choice		choice;
	__u64			best;
	bool			came_back;	/* handed on before, and nobody took it */
};

_Static_assert(sizeof(struct lb_scratch) <= sizeof(struct lb_words), "lb_scratch");

static __always_inline struct lb_scratch *scratch(enum lb_direction direction)
{
	__u32 key = direction;

	return bpf_map_lookup_elem(&lb_scratch, &key);
}

static __always_inline __u64 mixed(__u64 hash)
{
	hash *= 0x9e3779b97f4a7c15ULL;
	hash ^= hash >> 32;
	hash *= 0xbf58476d1ce4e5b9ULL;
	return hash ^ hash >> 29;
}

/* An address as one word; of IPv4 the lower half is all there is. */
static __always_inline __u64 folded(const struct addr *a)
{
	return bpf_be64_to_cpu(a->low) ^ mixed(bpf_be64_to_cpu(a->high));
}

/* Of what is to go to the same backend: one connection, or all of a client. */
static __always_inline __u64 hash_of(const struct lb_tuple *t, __u32 flags)
{
	__u64 ports = (__u64)t->far_port << 32 | (__u64)t->near_port << 16 | t->protocol;

	if (flags & SERVICE_BY_CLIENT)
		return mixed(folded(&t->far));
	return mixed(folded(&t->far) ^ mixed(folded(&t->near) ^ mixed(ports)));
}

/* Of an active backend of that service; 0: there is none with this id. */
static __always_inline __u64 weight(__u64 connection, __u32 id, __u32 service_id)
{
	struct service_backend_key key = { id };
	struct service_backend *b = bpf_map_lookup_elem(&svc_backend, &key);

	if (!b || b->service_id != service_id || b->state != BACKEND_ACTIVE)
		return 0;
	return mixed(connection ^ mixed(folded(&b->address) ^ (__u64)b->port << 40)) | 1;
}

/*
 * The backend of the group with the greatest weight, or id 0. False: a slot was missing, the service changed. What is
 * carried from turn to turn is in the scratch, whose contents the verifier does not follow: it would take each turn for
 * another program.
 */
static __always_inline bool heaviest(struct lb_scratch *s, __u64 connection)
{
	struct choice *c = &s->choice;
	struct service_slot_key key = { c->frontend.service_id, c->frontend.generation, 0 };
	__u32 groups = (c->frontend.count + GROUP - 1) / GROUP;
	__u32 first = groups > 1 ? (__u32)(connection >> 32) % groups * GROUP : 0;

	s->best = 0;
	c->backend_id = 0;
	for (__u32 i = 0; i < GROUP; i++) {
		struct service_slot *slot;
		__u64 w;

		if (first + i >= c->frontend.count)
			return true;
		key.slot = first + i;
		slot = bpf_map_lookup_elem(&svc_slot, &key);
		if (!slot)
			return false;
		w = weight(connection, slot->backend_id, key.service_id);
		if (w > s->best) {
			s->best = w;
			c->backend_id = slot->backend_id;
		}
	}
	return true;
}

/* As heaviest: the backend of the connection's slot or, while that is not active, of the next one that has one. */
static __always_inline bool of_table(struct lb_scratch *s, __u64 connection)
{
	bool found;

	if (!probe_slots(&s->choice, connection >> 32, &found))
		return false;
	if (!found)
		s->choice.backend_id = 0;
	return true;
}

static __always_inline bool of_slots(struct lb_scratch *s, __u64 connection)
{
	return s->choice.frontend.flags & SERVICE_TABLE ? of_table(s, connection) : heaviest(s, connection);
}

static __always_inline enum choice_result choose_alike(const struct service_frontend_key *key, struct lb_scratch *s,
						       const struct lb_tuple *t)
{
	struct choice *c = &s->choice;

	for (int i = 0; i < MAX_FLIPS; i++) {
		struct service_frontend *fe = bpf_map_lookup_elem(&svc_fe, key);

		if (!fe)
			return CHOICE_NOT_OURS;
		c->frontend = *fe;
		if (!of_slots(s, hash_of(t, c->frontend.flags)))
			continue;
		if (!c->backend_id)
			return c->frontend.flags & SERVICE_REFUSE_WHEN_EMPTY ? CHOICE_REFUSE_EMPTY :
										    CHOICE_EMPTY;
		if (read_backend(c->backend_id, c->frontend.service_id, &c->backend))
			return CHOICE_MADE;
	}
	return CHOICE_STALE;
}
