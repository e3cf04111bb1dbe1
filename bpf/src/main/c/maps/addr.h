/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <linux/types.h>

/* An IPv4 or IPv6 address; IPv4 is v4-mapped (::ffff:a.b.c.d), so that one lookup serves both. */
struct addr {
	__be64	high;
	__be64	low;
};

_Static_assert(sizeof(struct addr) == 16, "struct addr");
