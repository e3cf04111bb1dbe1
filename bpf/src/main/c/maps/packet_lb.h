/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>

#include "addr.h"

enum lb_direction {
	LB_TO_SERVICE	= 0,	/* near is the service */
	LB_FROM_BACKEND	= 1,	/* near is the backend */
};

/* A connection from outside; far is the client, with the port that the near side knows it by. */
struct lb_tuple {
	struct addr	near;
	struct addr	far;
	__be16		near_port;
	__be16		far_port;
	__u8		protocol;
	__u8		direction;
	__u8		pad[2];
};

enum lb_nat_flag {
	LB_SEEN_FIN	= 1,
	LB_SEEN_RST	= 2,
	LB_REPLIED	= 4,	/* back: something came. To the service: the client went on */
	LB_KEEPS_SOURCE	= 8,	/* the backend sees the client's address */
	LB_HANDED_ON	= 16,	/* the backend's node translates; of these there is no entry for what comes back */
	LB_CLAMPED	= 32,	/* back: what its client sends takes a way through another cluster, of that room */
};

struct lb_nat {
	struct addr	address;	/* of the backend; back of the service */
	__be16		port;
	__be16		far_port;	/* what the other side knows the client by */
	__u16		flags;
	__u16		limit;		/* hops that the first packet could still take; LB_CLAMPED: bytes of a packet */
	__u32		service_id;
	__u32		backend_id;
	__u64		created;	/* both of the kernel's monotonic clock, in ns */
	__u64		last_seen;
};

struct lb_place_key {
	struct addr	backend;
};

/* Where a backend is; device 0: here. */
struct lb_place {
	struct addr	node;		/* a neighbour; with room, this node's own address in the tunnel */
	__u32		device;		/* which the node is a neighbour at, or the tunnel's */
	__u32		room;		/* of another cluster's backend: how long a packet may be that goes there, in bytes */
};

enum lb_answer_side {
	LB_ANSWERED_THERE	= 0,	/* nodes of that cluster answer for services of this one */
	LB_ANSWERED_HERE	= 1,	/* nodes of this cluster answer for services of that one */
	LB_CLIENTS_THERE	= 2,	/* its nodes, which as clients are not answered there */
};

/* prefix_len = 32 (cluster, side, family) + the bits of the 16-byte address (96 + n for IPv4). */
struct lb_answer_key {
	__u32		prefix_len;
	__u16		cluster_id;
	__u8		side;
	__u8		family;
	struct addr	address;	/* of services, or of clients */
};

struct lb_answer {
	__u32	allowed;
};

struct lb_fragment_key {
	struct addr	near;
	struct addr	far;
	__be32		id;
	__u8		protocol;
	__u8		direction;
	__u8		pad[2];
};

struct lb_fragment {
	__be16	near_port;
	__be16	far_port;
};

/* Entries are of lb_nat, and signed: programs on several CPUs may for a while count below 0. */
struct lb_room {
	__s64	unanswered;	/* of connections whose client has not gone on */
	__s64	limit;		/* from which on only known clients begin; 0: none */
};

struct lb_client_key {
	struct addr	client;
};

struct lb_client {
	__u32	known;
};

#define LB_SCRATCH_WORDS	48

struct lb_words {
	__u64	words[LB_SCRATCH_WORDS];
};

_Static_assert(sizeof(struct lb_tuple) == 40, "lb_tuple");
_Static_assert(sizeof(struct lb_nat) == 48, "lb_nat");
_Static_assert(sizeof(struct lb_place_key) == 16, "lb_place_key");
_Static_assert(sizeof(struct lb_place) == 24, "lb_place");
_Static_assert(sizeof(struct lb_answer_key) == 24, "lb_answer_key");
_Static_assert(sizeof(struct lb_answer) == 4, "lb_answer");
_Static_assert(sizeof(struct lb_fragment_key) == 40, "lb_fragment_key");
_Static_assert(sizeof(struct lb_fragment) == 4, "lb_fragment");
_Static_assert(sizeof(struct lb_room) == 16, "lb_room");
_Static_assert(sizeof(struct lb_client_key) == 16, "lb_client_key");
_Static_assert(sizeof(struct lb_client) == 4, "lb_client");

/*
 * Written by the programs, two entries a connection, and collected by the agent. Never LRU: what an eviction takes
 * is half of a connection. A missing entry means to the service a new connection, back not ours.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct lb_tuple);
	__type(value, struct lb_nat);
	__uint(max_entries, 262144);
} lb_nat SEC(".maps");

/* Kept by the programs, and set anew by the agent, which counts what there is and gives the limit. Never missing. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32); /* 0 */
	__type(value, struct lb_room);
	__uint(max_entries, 1);
} lb_room SEC(".maps");

/*
 * Written by the programs when a client goes on. A missing entry means: nobody that is let in where lb_room is at its
 * limit.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct lb_client_key);
	__type(value, struct lb_client);
	__uint(max_entries, 65536);
} lb_client SEC(".maps");

/*
 * Written by the agent: the backends of services that answer directly. A missing entry means that answers come back
 * through this node, as those of any other service.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct lb_place_key);
	__type(value, struct lb_place);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} lb_place SEC(".maps");

/*
 * Written by the agent: at which addresses of services a cluster's nodes answer clients of another one's. A missing
 * entry means that they do not: there answers come back through the node, here what asks for them is dropped.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct lb_answer_key);
	__type(value, struct lb_answer);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} lb_answer SEC(".maps");

/* Written by the programs: the ports of a datagram's first fragment. A missing entry means: the stack's. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct lb_fragment_key);
	__type(value, struct lb_fragment);
	__uint(max_entries, 8192);
} lb_frag SEC(".maps");

/* Written by the programs, for themselves: a packet, and what is being decided of it. Never missing. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32); /* the direction */
	__type(value, struct lb_words);
	__uint(max_entries, 2);
} lb_scratch SEC(".maps");
