/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Whom a policy selects, and which gateway serves it. */
#pragma once

#include "../maps/egress.h"
#include "../maps/ipcache.h"
#include "addr.h"
#include "metrics.h"

#define ADDRESS_BITS	128
#define RULE_STATIC	96
#define INTERNAL_STATIC	32

enum egress_decision {
	NOT_SELECTED,
	LEFT_ALONE,	/* selected, but not towards this destination */
	EXCLUDED,
	HELD,
	REFUSED,
	STEERED,
};

static __always_inline __u8 family_of(const struct addr *a)
{
	return addr_is_v4(a) ? FAMILY_IPV4 : FAMILY_IPV6;
}

static __always_inline struct egress_internal *find_internal(const struct addr *a)
{
	struct egress_internal_key key = {
		.prefix_len = INTERNAL_STATIC + ADDRESS_BITS,
		.family = family_of(a),
		.address = *a,
	};

	return bpf_map_lookup_elem(&eg_internal, &key);
}

/* Of the largest packet to a pod of another node; 0: that of the carrier. */
static __always_inline __u32 path_limit(const struct addr *pod)
{
	struct egress_internal *range = find_internal(pod);

	return range ? range->mtu : 0;
}

static __always_inline struct egress_rule *find_rule(__u32 set_id, const struct addr *destination)
{
	struct egress_rule_key key = {
		.prefix_len = RULE_STATIC + ADDRESS_BITS,
		.set_id = set_id,
		.family = family_of(destination),
		.destination = *destination,
	};

	return bpf_map_lookup_elem(&eg_rule, &key);
}

/* Most pods are not selected: they cost one look-up. */
static __always_inline enum egress_decision decide(const struct addr *pod,
						   const struct addr *destination,
						   struct egress_rule *rule)
{
	struct egress_source_key key = { *pod };
	struct egress_source *source = bpf_map_lookup_elem(&eg_source, &key);
	struct egress_rule *found;
	bool held;

	if (!source)
		return NOT_SELECTED;
	held = source->flags & EGRESS_HELD;
	if (find_internal(destination))
		return LEFT_ALONE;
	found = find_rule(held ? EGRESS_UNION : source->set_id, destination);
	if (!found)
		return LEFT_ALONE;
	*rule = *found;
	if (rule->action == EGRESS_EXCLUDE)
		return EXCLUDED;
	if (held)
		return HELD;
	return rule->action == EGRESS_GATEWAY ? STEERED : REFUSED;
}

/* PodSlot in Java computes the same: the highest 32 bits of the product. */
static __always_inline __u32 address_hash(const struct addr *a)
{
	__u64 bits = bpf_be64_to_cpu(a->high) ^ bpf_be64_to_cpu(a->low);

	return bits * 0x9e3779b97f4a7c15ULL >> 32;
}

static __always_inline struct egress_gateway *gateway_by_id(__u32 gateway_id)
{
	struct egress_gateway_key key = { gateway_id };

	return bpf_map_lookup_elem(&eg_gateway, &key);
}

static __always_inline __u32 slot_of(const struct egress_group *group, const struct addr *pod)
{
	__u64 slot = address_hash(pod) % group->count;

	/* The compiler knows that it is in bounds and would not say so to the verifier. */
	asm volatile("" : "+r"(slot));
	return group->slots[slot & (EGRESS_SLOTS - 1)];
}
