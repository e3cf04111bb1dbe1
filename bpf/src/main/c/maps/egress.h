/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>

#include "addr.h"
#include "egress_source.h"

/*
 * Set and family stand in the static part of the prefix. prefix_len = 96 (set, family, padding) + the
 * bits of the 16-byte address (96 + n for IPv4).
 */
struct egress_rule_key {
	__u32		prefix_len;
	__u32		set_id;
	__u8		family;
	__u8		pad[7];
	struct addr	destination;
};

enum egress_action {
	EGRESS_NONE	= 0,	/* in no row that is valid: it drops */
	EGRESS_GATEWAY	= 1,
	EGRESS_EXCLUDE	= 2,	/* left to the node, as if there were no policy */
	EGRESS_DROP	= 3,
};

enum egress_rule_flag {
	EGRESS_FOLLOWS	= 1,	/* the group's address moves from gateway to gateway, and its flows with it */
	EGRESS_LIMITED	= 2,	/* the policy has a row in eg_rate */
};

struct egress_rule {
	enum egress_action	action;
	__u32			group_id;
	__u32			policy_id;
	__u32			flags;
};

/* prefix_len = 32 (family and padding) + the bits of the 16-byte address. */
struct egress_internal_key {
	__u32		prefix_len;
	__u8		family;
	__u8		pad[3];
	struct addr	address;
};

struct egress_internal {
	__u32	mtu;	/* of the way to it by a carrier, where the network drops what is larger; 0: as the carrier's */
};

struct egress_group_key {
	__u32	group_id;
};

#define EGRESS_SLOTS	64

/* A pod takes the slot that its address hashes to, of the first count. */
struct egress_group {
	__u32	count;
	__u32	slots[EGRESS_SLOTS];	/* gateway ids */
};

struct egress_gateway_key {
	__u32	gateway_id;
};

enum egress_gateway_flag {
	EGRESS_LOCAL	= 1,	/* this node */
	EGRESS_NARROW	= 2,	/* the way there takes less than the carrier, and the network drops what is larger */
};

struct egress_gateway {
	__u32	ifindex;	/* of the carrier, the device that leads there and nowhere else */
	__u32	flags;
	__u32	mtu;		/* of the carrier, or less where the way there takes less */
};

struct egress_address_key {
	__u32	group_id;
	__u32	family;
};

struct egress_address {
	struct addr	address;
	__u32		ifindex;	/* the NIC that has the address */
	__u16		port_min;
	__u16		port_max;
};

enum egress_direction {
	EGRESS_OUT	= 0,
	EGRESS_IN	= 1,
};

/*
 * A flow, seen from the same side whichever way a packet goes. An ICMP echo has its id as near_port.
 * Outward, near is the pod; in the key of what comes back it is the egress address.
 */
struct egress_tuple {
	struct addr	near;
	struct addr	far;
	__be16		near_port;
	__be16		far_port;
	__u8		protocol;
	__u8		direction;
	__u8		pad[2];
};

enum egress_nat_flag {
	EGRESS_SEEN_FIN	= 1,
	EGRESS_SEEN_RST	= 2,
	EGRESS_REPLIED	= 4,	/* of the entry for what comes back: something did */
};

struct egress_nat {
	struct addr	address;	/* outward the egress address, back the pod */
	__be16		port;
	__u16		flags;
	__u32		nic;
	__u32		carrier;	/* 0: the pod is of this node */
	__u32		policy_id;
	__u64		created;	/* both of the kernel's monotonic clock, in ns */
	__u64		last_seen;
	__u32		group_id;	/* whose address it is; 0: of a version that did not say */
	__u32		pad;
#ifdef NEXT_LAYOUT
	__u64		pad_next;
#endif
};

struct egress_fragment_key {
	struct addr	near;
	struct addr	far;
	__be32		id;
	__u8		protocol;
	__u8		direction;
	__u8		pad[2];
};

struct egress_fragment {
	__be16	near_port;
	__be16	far_port;
};

enum egress_flow_flag {
	EGRESS_OTHER_PORT	= 1,	/* the gateway could not keep the pod's port: no other one can go on with it */
	EGRESS_ENDED		= 2,	/* the pod has closed its side */
	EGRESS_RATED		= 4,	/* what the policy may send in a second is limited */
};

#define EGRESS_SEEN_SHIFT	30

struct egress_flow {
	__u32	gateway_id;
	__u32	group_id;
	__u32	ifindex;	/* by which the pod sends */
	__u32	seen;		/* of the kernel's monotonic clock, in units of 2^30 ns; 0: never said */
	__u32	flags;
	__u32	uplink;		/* by which it would leave the node: what comes back goes in there; 0: it never did */
};

struct egress_rate_key {
	__u32	policy_id;
};

struct egress_rate {
	__u64	bytes_per_second;
	__u64	burst;		/* in ns: how long what goes out at once may take at that rate */
};

/* When what was let out will have taken its time, at the policy's rate. */
struct egress_bucket {
	struct bpf_spin_lock	pad_lock;	/* reads as zero outside the kernel */
	__u32			pad;
	__u64			until;	/* of the kernel's monotonic clock, in ns */
	__u64			dropped;
	__u64			dropped_bytes;
};

struct egress_saturation_key {
	struct addr	address;
};

struct egress_saturation {
	__u64	refused;
};

struct egress_fence_key {
	struct addr	address;
};

struct egress_fence {
	__u64	deposed_at;	/* of the kernel's monotonic clock, in ns; 0: the address is this node's */
	__u64	own_mac;	/* the six bytes that we have named ourselves by; 0: we did not yet */
};

_Static_assert(sizeof(struct egress_rule_key) == 32, "egress_rule_key");
_Static_assert(sizeof(struct egress_rule) == 16, "egress_rule");
_Static_assert(sizeof(struct egress_internal_key) == 24, "egress_internal_key");
_Static_assert(sizeof(struct egress_group) == 260, "egress_group");
_Static_assert(sizeof(struct egress_gateway) == 12, "egress_gateway");
_Static_assert(sizeof(struct egress_address_key) == 8, "egress_address_key");
_Static_assert(sizeof(struct egress_address) == 24, "egress_address");
_Static_assert(sizeof(struct egress_tuple) == 40, "egress_tuple");
#ifndef NEXT_LAYOUT
_Static_assert(sizeof(struct egress_nat) == 56, "egress_nat");
#endif
_Static_assert(sizeof(struct egress_fragment_key) == 40, "egress_fragment_key");
_Static_assert(sizeof(struct egress_fragment) == 4, "egress_fragment");
_Static_assert(sizeof(struct egress_flow) == 24, "egress_flow");
_Static_assert(sizeof(struct egress_rate) == 16, "egress_rate");
_Static_assert(sizeof(struct egress_bucket) == 32, "egress_bucket");
_Static_assert(sizeof(struct egress_saturation) == 8, "egress_saturation");
_Static_assert(sizeof(struct egress_fence_key) == 16, "egress_fence_key");
_Static_assert(sizeof(struct egress_fence) == 16, "egress_fence");

/*
 * Written by the agent, and by what runs before a pod starts. Which set of destinations a pod has. A
 * missing entry means: no policy selects it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_source_key);
	__type(value, struct egress_source);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} eg_source SEC(".maps");

/* Written by the agent: what becomes of a set's destination. A missing entry means: left to the node. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct egress_rule_key);
	__type(value, struct egress_rule);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} eg_rule SEC(".maps");

/*
 * Written by the agent: ranges of the clusters, multicast and what is local to a link (by which IPv6 finds
 * neighbours). Never steered and never translated. Of pods of other nodes also how large a packet to them may be.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct egress_internal_key);
	__type(value, struct egress_internal);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} eg_internal SEC(".maps");

/* Written by the agent: the gateways that serve a group. A missing entry means: none, drop. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_group_key);
	__type(value, struct egress_group);
	__uint(max_entries, 4096);
} eg_group SEC(".maps");

/* Written by the agent: how a gateway is reached. A missing entry means: gone, its flows choose again. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_gateway_key);
	__type(value, struct egress_gateway);
	__uint(max_entries, 4096);
} eg_gateway SEC(".maps");

/*
 * Written by the agent of a gateway: the address that new flows of a group get here. A missing entry
 * means: none, only flows that are translated already go on.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_address_key);
	__type(value, struct egress_address);
	__uint(max_entries, 8192);
} eg_address SEC(".maps");

/*
 * Written by the programs of a gateway, two entries a flow, and collected by the agent. Never LRU: what
 * an eviction takes is half of a connection. A missing entry means outward a new flow, back not ours.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_tuple);
	__type(value, struct egress_nat);
	__uint(max_entries, 524288);
} eg_nat SEC(".maps");

/* Written by the programs: the ports of a datagram's first fragment. A missing entry means: drop the later ones. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct egress_fragment_key);
	__type(value, struct egress_fragment);
	__uint(max_entries, 16384);
} eg_frag SEC(".maps");

/*
 * Written where a pod's packets are steered: the gateway that a flow keeps. A missing entry means outward
 * that the slot decides, back that it is no reply.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct egress_tuple);
	__type(value, struct egress_flow);
	__uint(max_entries, 262144);
} eg_flow SEC(".maps");

/* Written by the programs of a gateway: flows that an address had no free port for. Missing means none. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_saturation_key);
	__type(value, struct egress_saturation);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} eg_saturation SEC(".maps");

/*
 * Written by the agent: the egress addresses that this node owns. Its values are the programs': deposed when
 * somebody else announces the address, until the agent writes the row anew. A missing entry means: no fence.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_fence_key);
	__type(value, struct egress_fence);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} eg_fence SEC(".maps");

/* Written by the agent of a gateway: what a policy's pods may send in a second. A missing entry means: all. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_rate_key);
	__type(value, struct egress_rate);
	__uint(max_entries, 4096);
} eg_rate SEC(".maps");

/* Written by the programs of a gateway. A missing entry means: nothing was sent by the policy so far. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct egress_rate_key);
	__type(value, struct egress_bucket);
	__uint(max_entries, 4096);
} eg_bucket SEC(".maps");
