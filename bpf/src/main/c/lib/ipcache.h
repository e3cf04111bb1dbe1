/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include "../maps/ipcache.h"
#include "addr.h"

#define IPCACHE_PREFIX_STATIC	32

/* Whose address it is; NULL: nobody's that the agent knows. */
static __always_inline struct ipcache_entry *ipcache_lookup(const struct addr *address)
{
	struct ipcache_host_key host = { *address };
	struct ipcache_cidr_key cidr = {
		.prefix_len = IPCACHE_PREFIX_STATIC + 128,
		.family = addr_is_v4(address) ? FAMILY_IPV4 : FAMILY_IPV6,
		.address = *address,
	};
	struct ipcache_entry *entry = bpf_map_lookup_elem(&ipc_host, &host);

	return entry ? entry : bpf_map_lookup_elem(&ipc_cidr, &cidr);
}
