/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>

#include "addr.h"
#include "metrics.h"

/* A flow that got an egress address, or a packet that was dropped; near is the pod's side as in egress_tuple. */
struct egress_event {
	__u64		time;		/* of the kernel's monotonic clock, in ns */
	struct addr	near;
	struct addr	far;
	struct addr	address;	/* that the flow got; all zero: none */
	enum verdict_reason reason;	/* FORWARDED: the flow is new, and translated */
	enum hook	hook;
	__u32		policy_id;	/* 0: no policy was found */
	__u32		ifindex;	/* that the packet came by, or was to leave by at egress_local */
	__u32		withheld;	/* drops for the same reason on the same CPU since the last that was told */
	__be16		near_port;
	__be16		far_port;
	__be16		port;		/* that the flow got */
	__u8		protocol;
	__u8		pad[5];
};

struct egress_event_pace {
	__u64	since;		/* when the present second began, in ns of the kernel's monotonic clock */
	__u32	told;		/* within it */
	__u32	withheld;	/* since the last that was told */
};

_Static_assert(sizeof(struct egress_event) == 88, "egress_event");
_Static_assert(sizeof(struct egress_event_pace) == 16, "egress_event_pace");

/*
 * Written by the programs, read by the agent, which looks ten times a second: nobody is woken. What finds no room is
 * counted as EVENT_LOST and its packet goes on.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 19);
} eg_events SEC(".maps");

/* Written by the programs: how many drops were told this second, by reason and CPU. Never missing. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct egress_event_pace);
	__uint(max_entries, METRICS_REASONS);
} eg_event_pace SEC(".maps");
