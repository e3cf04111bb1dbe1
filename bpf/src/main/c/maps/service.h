/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>

#include "addr.h"

/* Whose row it is: of one address and port there may be several. Zero in the rows of versions that know no other. */
enum service_scope {
	SCOPE_EVERYBODY	= 0,
	SCOPE_INSIDE	= 1,	/* sockets, where the row for everybody is not for them */
	SCOPE_HOST	= 2,	/* sockets of the node's own network namespace, at a port of nodes on loopback */
};

struct service_frontend_key {
	struct addr	address;
	__be16		port;
	__u8		protocol;
	__u8		scope;
	__u8		pad[4];
};

enum service_flag {
	SERVICE_REFUSE_WHEN_EMPTY	= 1,	/* else connections go on to whatever serves the address too (kube-proxy) */
	SERVICE_FROM_OUTSIDE		= 2,	/* packets from outside the cluster are served too */
	SERVICE_KEEPS_SOURCE		= 4,	/* by backends of this node, which see the client; sockets have another row */
	SERVICE_NODE_PORT		= 8,	/* an address of the node's own: its other connections have ports there too */
	SERVICE_RESTRICTED		= 16,	/* to clients of ranges in svc_source; sockets have another row, or none */
	SERVICE_BY_CLIENT		= 32,	/* all connections of a client go to the same backend */
	SERVICE_TABLE			= 64,	/* the slots are a table: the hash of a connection is its slot */
	SERVICE_ANSWERS_DIRECTLY	= 128,	/* packets from outside go on to the backend's node as they are */
};

struct service_frontend {
	__u32	service_id;
	__u16	generation;	/* of the slots that are valid now */
	__u16	count;
	__u32	flags;
	__u32	pad;
};

/* prefix_len = 96 (service, family, padding) + the bits of the 16-byte address (96 + n for IPv4). */
struct service_source_key {
	__u32		prefix_len;
	__u32		service_id;
	__u8		family;
	__u8		pad[7];
	struct addr	client;
};

struct service_source {
	__u32	allowed;
};

struct service_slot_key {
	__u32	service_id;
	__u16	generation;
	__u16	slot;
};

struct service_slot {
	__u32	backend_id;
};

struct service_backend_key {
	__u32	backend_id;
};

/* Only an active backend gets new connections; a terminating one keeps the sockets it has. */
enum backend_state {
	BACKEND_ACTIVE		= 0,
	BACKEND_TERMINATING	= 1,
	BACKEND_QUARANTINED	= 2,
};

struct service_backend {
	struct addr		address;
	__be16			port;
	__u16			cluster_id;
	enum backend_state	state;
	__u32			service_id;	/* a row belongs to one service: a reused id is noticed */
	__u32			weight;		/* its share of a table, for the agent that reads it again; 0 is 1 */
#ifdef NEXT_LAYOUT
	/* In the objects of tests only, which prove that versions with other structs can take turns. */
	__u64			pad_next;
#define NEXT_LAYOUT_BYTES	8
#else
#define NEXT_LAYOUT_BYTES	0
#endif
};

/* What a socket was promised (the service) and what it got (the backend). */
struct socket_state {
	struct addr	service;
	struct addr	backend;
	__be16		service_port;
	__be16		backend_port;
	__u32		service_id;
	__u32		backend_id;
	__u32		connected;
};

struct udp_reverse_key {
	__u64		cookie;
	struct addr	backend;
	__be16		port;
	__u8		pad[6];
};

struct udp_reverse {
	struct addr	service;
	__be16		port;
	__u16		cluster_id;	/* of the backend */
	__u8		pad[4];
};

_Static_assert(sizeof(struct service_frontend_key) == 24, "service_frontend_key");
_Static_assert(sizeof(struct service_frontend) == 16, "service_frontend");
_Static_assert(sizeof(struct service_source_key) == 32, "service_source_key");
_Static_assert(sizeof(struct service_source) == 4, "service_source");
_Static_assert(sizeof(struct service_slot_key) == 8, "service_slot_key");
_Static_assert(sizeof(struct service_slot) == 4, "service_slot");
_Static_assert(sizeof(struct service_backend_key) == 4, "service_backend_key");
_Static_assert(sizeof(struct service_backend) == 32 + NEXT_LAYOUT_BYTES, "service_backend");
_Static_assert(sizeof(struct socket_state) == 48, "socket_state");
_Static_assert(sizeof(struct udp_reverse_key) == 32, "udp_reverse_key");
_Static_assert(sizeof(struct udp_reverse) == 24, "udp_reverse");

/* Written by the agent. A missing entry means: not ours, leave the destination alone. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct service_frontend_key);
	__type(value, struct service_frontend);
	__uint(max_entries, 65536);
} svc_fe SEC(".maps");

/*
 * Written by the agent: slots of the new generation first, then the frontend flips, then the old
 * ones go. Those of a table (SERVICE_TABLE) change in place, each valid by itself. A missing entry
 * means that a reader met the flip: it reads the frontend again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct service_slot_key);
	__type(value, struct service_slot);
	__uint(max_entries, 262144);
} svc_slot SEC(".maps");

/* Written by the agent. A missing entry means that the backend is gone: choose another one. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct service_backend_key);
	__type(value, struct service_backend);
	__uint(max_entries, 131072);
} svc_backend SEC(".maps");

/* Written by the agent: who may use a service that is restricted. A missing entry means: nobody there. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct service_source_key);
	__type(value, struct service_source);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} svc_source SEC(".maps");

/* Written by the socket programs, gone with the socket. A missing entry means: never translated. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct socket_state);
} sk_state SEC(".maps");

/*
 * Written by sendmsg for sockets that talk to several services without connecting: a missing entry
 * means that the answer shows the backend's own address. Written by connect for UDP, and read by the
 * agent when a backend leaves: a missing entry means that the socket is not ended. When it is full
 * the notes of connected sockets go in the order they were written, in use or not: nothing but the
 * agent reads them again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct udp_reverse_key);
	__type(value, struct udp_reverse);
	__uint(max_entries, 65536);
} udp_reverse SEC(".maps");
