/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Included before a program: each `if` of it remembers which of its two ways it went. */
#pragma once

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define MOST_WAYS	1024

volatile __u8 ways[MOST_WAYS];

static __always_inline int went(int way, int result)
{
	ways[way] = 1;
	return result;
}

/* The first of two numbers is of the way that is taken. */
#define if(...) if ((__VA_ARGS__) ? went(__COUNTER__, 1) : went(__COUNTER__, 0))
