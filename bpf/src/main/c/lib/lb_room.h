/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Who may begin a connection. Nobody can ask how full a hash map is, so entries of connections whose client has not gone
 * on are counted: a flood is nothing else. From a number of them on, only clients begin that have gone on before.
 */
#pragma once

#include <bpf/bpf_helpers.h>

#include "../maps/packet_lb.h"

static __always_inline struct lb_room *room_of_nat(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&lb_room, &key);
}

static __always_inline __s64 entries_of(__u16 flags)
{
	return flags & LB_HANDED_ON ? 1 : 2;
}

/*
 * Two CPUs that see the same packet's twin may both count it; that stays until the agent, which goes through all entries,
 * has counted anew. Hence a count below 0 is possible, and means what 0 does.
 */
static __always_inline void add_unanswered(__s64 entries)
{
	struct lb_room *room = room_of_nat();

	if (room)
		__sync_fetch_and_add(&room->unanswered, entries);
}

static __always_inline bool is_known(const struct addr *client)
{
	struct lb_client_key key = { *client };

	return bpf_map_lookup_elem(&lb_client, &key);
}

/* To look is what keeps a client among those used last; a write would take a row from the others each time. */
static __always_inline void make_known(const struct addr *client)
{
	struct lb_client_key key = { *client };
	struct lb_client row = { 1 };

	if (!is_known(client))
		bpf_map_update_elem(&lb_client, &key, &row, BPF_ANY);
}

static __always_inline bool has_room_for(const struct addr *client)
{
	struct lb_room *room = room_of_nat();

	return !room || !room->limit || room->unanswered < room->limit || is_known(client);
}
