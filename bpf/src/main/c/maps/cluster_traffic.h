/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <bpf/bpf_helpers.h>

#include "metrics.h"

/* Written by from_tunnel, read by the agent. A missing entry means: nothing came from that cluster. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, struct cluster_traffic_key);
	__type(value, struct traffic);
	__uint(max_entries, 1024);
} cluster_traffic SEC(".maps");
