/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include "../maps/metrics.h"

/* Inlining leaves no trace of an enum in BTF, and Java reads the names there. */
const volatile enum verdict_reason btf_of_verdict_reason = FORWARDED;
const volatile enum hook btf_of_hook = HOOK_SOCKET;
const volatile enum metrics_room btf_of_metrics_room = METRICS_HOOKS;

static __always_inline void traffic_add(struct traffic *t, __u64 bytes)
{
	/* Per CPU: no atomics needed. */
	t->packets++;
	t->bytes += bytes;
}

static __always_inline void count_verdict(enum verdict_reason reason, enum hook hook, __u64 bytes)
{
	__u32 key = reason * METRICS_HOOKS + hook;
	struct traffic *t = bpf_map_lookup_elem(&metrics, &key);

	if (t)
		traffic_add(t, bytes);
}
