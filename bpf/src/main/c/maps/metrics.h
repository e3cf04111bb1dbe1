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
	PASS_EXCLUDED		= 12,	/* an egress policy excludes the destination */
	PASS_STEERED		= 13,	/* to a gateway, through the stack of the pod's node */
	DROP_TOO_BIG		= 14,	/* for the way to or from a gateway: its sender is told the size */
	DROP_HELD		= 16,	/* from a pod that is not classified yet */
	DROP_BY_RULE		= 17,
	DROP_NO_GATEWAY		= 18,
	DROP_NO_EGRESS_ADDRESS	= 19,
	DROP_PORTS_EXHAUSTED	= 20,
	DROP_NAT_FULL		= 21,
	DROP_NO_MAPPING		= 22,	/* an ICMP error about a flow that is not translated */
	DROP_UNTRANSLATED	= 23,	/* would have left with another address than the policy's */
	DROP_UNSUPPORTED	= 24,	/* a protocol or family that cannot be translated */
	DROP_FRAGMENT		= 25,	/* a later fragment whose first one was not seen */
	DROP_NOT_A_REPLY	= 26,
	DROP_NOT_SELECTED	= 27,	/* at a gateway, from a source that no policy sends there */
	DROP_HELPER_FAILED	= 28,
	DROP_DEPOSED		= 29,	/* of an egress address that another node has announced */
	PROBE			= 30,	/* a node's echo request to a gateway, or the answer */
	DROP_UNKNOWN_CONNECTION	= 31,	/* of a TCP connection that cannot go on here: its pod is told so by a reset; or the stack's own reset of one that may */
	DROP_RATE_LIMITED	= 32,	/* beyond what the egress policy may send */
	DROP_NOT_ALLOWED	= 33,	/* from a client that the service is not for */
	DROP_NO_WAY_ON		= 34,	/* of a connection whose backend's node is no neighbour any more */
	DROP_TTL_EXCEEDED	= 35,	/* at a node that hands connections on to that of their backend */
	DROP_PORT_SERVED	= 36,	/* a bind of the node's own to a port of nodes, which services have there */
	DROP_ROOM_KEPT		= 37,	/* of a client that is not known, while a flood has half of the room */
	DROP_NOT_ANSWERED	= 38,	/* from a cluster for whose service at that address nobody here may answer */
	EVENT_LOST		= 40,	/* of egress: the packet went on, only its event found no room */
};

enum hook {
	HOOK_SOCKET		= 0,
	HOOK_FROM_TUNNEL	= 1,
	HOOK_EGRESS_SOURCE	= 2,
	HOOK_EGRESS_GATEWAY	= 3,
	HOOK_EGRESS_LOCAL	= 4,
	HOOK_EGRESS_REPLY	= 5,
	HOOK_EGRESS_RETURN	= 6,
	HOOK_LB_IN		= 7,
	HOOK_LB_OUT		= 8,
	HOOK_LB_XDP		= 9,	/* ahead of HOOK_LB_IN, which counts what is not forwarded here */
	HOOK_LB_FROM_TUNNEL	= 10,	/* what other clusters' nodes hand on */
};

/* Room for more of both, or a version with another hook would read the counters of the one before it askew. */
enum metrics_room {
	METRICS_HOOKS	= 16,
	METRICS_REASONS	= 64,
};

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
	__type(key, __u32); /* reason * METRICS_HOOKS + hook */
	__type(value, struct traffic);
	__uint(max_entries, METRICS_REASONS * METRICS_HOOKS);
} metrics SEC(".maps");
