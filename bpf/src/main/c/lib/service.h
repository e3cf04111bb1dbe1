/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include "../maps/service.h"
#include "addr.h"

/* How many slots are tried when backends are quarantined faster than slots are rewritten. */
#define MAX_PROBES	16
/* A reader that meets a generation flip reads the frontend again. */
#define MAX_FLIPS	3

enum choice_result {
	CHOICE_MADE,
	CHOICE_NOT_OURS,
	CHOICE_EMPTY,
	CHOICE_REFUSE_EMPTY,
	CHOICE_STALE,
};

struct choice {
	struct service_frontend	frontend;
	struct service_backend	backend;
	__u32			backend_id;
};

static __always_inline bool read_backend(__u32 id, __u32 service_id, struct service_backend *out)
{
	struct service_backend_key key = { id };
	struct service_backend *b = bpf_map_lookup_elem(&svc_backend, &key);

	if (!b)
		return false;
	*out = *b;
	return out->service_id == service_id;
}

/* From the slot at start, the first active backend. False: a slot was missing, the service changed. */
static __always_inline bool probe_slots(struct choice *c, __u32 start, bool *found)
{
	struct service_slot_key key = { c->frontend.service_id, c->frontend.generation, 0 };

	*found = false;
	for (int i = 0; i < MAX_PROBES; i++) {
		struct service_slot *slot;

		if (i >= c->frontend.count)
			return true;
		key.slot = (start + i) % c->frontend.count;
		slot = bpf_map_lookup_elem(&svc_slot, &key);
		if (!slot)
			return false;
		c->backend_id = slot->backend_id;
		if (read_backend(c->backend_id, key.service_id, &c->backend) &&
		    c->backend.state == BACKEND_ACTIVE) {
			*found = true;
			return true;
		}
	}
	return true;
}
