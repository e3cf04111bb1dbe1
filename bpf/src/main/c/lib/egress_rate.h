/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a policy may send. */
#pragma once

#include "../maps/egress.h"

#define NANOS	1000000000ULL

static __always_inline struct egress_bucket *bucket_of(const struct egress_rate_key *policy)
{
	struct egress_bucket *bucket = bpf_map_lookup_elem(&eg_bucket, policy);
	struct egress_bucket fresh = {};

	if (bucket)
		return bucket;
	bpf_map_update_elem(&eg_bucket, policy, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&eg_bucket, policy);
}

/* Counts a packet, of however many segments, or refuses it. All CPUs share the bucket. */
static __always_inline bool exceeds_rate(const struct egress_rule *rule, __u32 bytes)
{
	struct egress_rate_key policy = { rule->policy_id };
	struct egress_bucket *bucket;
	struct egress_rate *rate;
	__u64 now, time, burst;
	bool exceeds;

	if (!(rule->flags & EGRESS_LIMITED))
		return false;
	rate = bpf_map_lookup_elem(&eg_rate, &policy);
	if (!rate || !rate->bytes_per_second)
		return false;
	bucket = bucket_of(&policy);
	/* More policies than the map has room for: what cannot be counted is not let out. */
	if (!bucket)
		return true;
	time = bytes * NANOS / rate->bytes_per_second;
	burst = rate->burst;
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&bucket->pad_lock);
	if (bucket->until < now)
		bucket->until = now;
	exceeds = bucket->until - now > burst;
	if (exceeds) {
		bucket->dropped++;
		bucket->dropped_bytes += bytes;
	} else {
		bucket->until += time;
	}
	bpf_spin_unlock(&bucket->pad_lock);
	return exceeds;
}
