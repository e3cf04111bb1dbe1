/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_endian.h>
#include <stdbool.h>

#include "../maps/addr.h"

#define V4_MAPPED	0x0000ffff00000000ULL
#define V4_LOOPBACK	0x7f000001
#define V6_LOOPBACK	1

static __always_inline struct addr addr_v4(__be32 ip)
{
	struct addr a = { 0, bpf_cpu_to_be64(V4_MAPPED | bpf_ntohl(ip)) };

	return a;
}

static __always_inline __be32 addr_v4_bits(const struct addr *a)
{
	return bpf_htonl((__u32)bpf_be64_to_cpu(a->low));
}

static __always_inline bool addr_is_v4(const struct addr *a)
{
	return a->high == 0 && bpf_be64_to_cpu(a->low) >> 32 == V4_MAPPED >> 32;
}

static __always_inline bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->high == b->high && a->low == b->low;
}

/* Of either family: the one address that ports of nodes are served at there. */
static __always_inline struct addr addr_loopback(bool v4)
{
	struct addr a = { 0, bpf_cpu_to_be64(v4 ? V4_MAPPED | V4_LOOPBACK : V6_LOOPBACK) };

	return a;
}

static __always_inline bool addr_is_loopback(const struct addr *a)
{
	struct addr loopback = addr_loopback(addr_is_v4(a));

	return addr_equal(a, &loopback);
}
