/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>
#include <linux/types.h>

/* Java reads these names from BTF: what a counter is called is said here and nowhere else. */
enum verdict_reason {
	FORWARDED		= 0,
	PASS_NO_BACKEND		= 1,	/* left to whatever else serves the address */
	PASS_UNKNOWN_SOURCE	= 2,
	DROP_NO_BACKEND		= 3,
	DROP_STALE_SLOT		= 4,	/* a service changed twice while it was being read */
	DROP_REVERSE_STATE	= 5,	/* the answer could not have been translated back */
	DROP_FAMILY_MISMATCH	= 6,
	DROP_MALFORMED		= 7,
	DROP_UNKNOWN_SOURCE	= 8,
	DROP_SPOOFED_LOCAL	= 9,	/* from the tunnel, with an address of this cluster */
	DROP_NOT_IP		= 10,
	COUNTER_FAILED	= 11,
};

enum hook {
	HOOK_SOCKET		= 0,
	HOOK_FROM_TUNNEL	= 1,
};

#define HOOKS		2
#define METRICS_MAX	64

struct cluster_traffic_key {
	__u32	cluster_id;
};

struct traffic {
	__u64	packets;
	__u64	bytes;
};

_Static_assert(sizeof(struct cluster_traffic_key) == 4, "cluster_traffic_key");
_Static_assert(sizeof(struct traffic) == 16, "traffic");

/* Written by every program, read by the agent; never missing. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32); /* reason * HOOKS + hook */
	__type(value, struct traffic);
	__uint(max_entries, METRICS_MAX);
} metrics SEC(".maps");
