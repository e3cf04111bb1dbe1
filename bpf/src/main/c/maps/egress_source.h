/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Without anything of libbpf: tombolo-cni writes these rows too. */
#pragma once

#include "addr.h"

struct egress_source_key {
	struct addr	address;
};

enum egress_source_flag {
	EGRESS_HELD	= 1,	/* not classified yet: held towards whatever any policy steers */
};

struct egress_source {
	__u32	set_id;
	__u32	flags;
};

/* The set of a held pod: the destinations of all policies. */
#define EGRESS_UNION	0

_Static_assert(sizeof(struct egress_source_key) == 16, "egress_source_key");
_Static_assert(sizeof(struct egress_source) == 8, "egress_source");
