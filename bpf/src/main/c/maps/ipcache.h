/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>

#include "addr.h"

struct ipcache_host_key {
	struct addr	address;
};

enum address_family {
	FAMILY_IPV4	= 4,
	FAMILY_IPV6	= 6,
};

/*
 * The family stands in the static part of the prefix: without it ::/0 would match every v4-mapped
 * address. prefix_len = 32 (family and padding) + the bits of the 16-byte address (96 + n for IPv4).
 */
struct ipcache_cidr_key {
	__u32		prefix_len;
	__u8		family;
	__u8		pad[3];
	struct addr	address;
};

enum ipcache_flag {
	IPCACHE_LOCAL	= 1,	/* the address belongs to this cluster */
};

struct ipcache_entry {
	__u32	identity;
	__u32	node_id;
	__u16	cluster_id;
	__u16	flags;
	__u32	pad;
};

_Static_assert(sizeof(struct ipcache_host_key) == 16, "ipcache_host_key");
_Static_assert(sizeof(struct ipcache_cidr_key) == 24, "ipcache_cidr_key");
_Static_assert(sizeof(struct ipcache_entry) == 16, "ipcache_entry");

/* Written by the agent: who has this very address. A missing entry means: look at ipc_cidr. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct ipcache_host_key);
	__type(value, struct ipcache_entry);
	__uint(max_entries, 524288);
	__uint(map_flags, BPF_F_NO_PREALLOC);	/* 45 MB if it were allocated at once */
} ipc_host SEC(".maps");

/* Written by the agent: who has this range. A missing entry means: unknown source. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct ipcache_cidr_key);
	__type(value, struct ipcache_entry);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} ipc_cidr SEC(".maps");
