/* SPDX-License-Identifier: Apache-2.0 */
/* Lines on their way through a buffer of fixed size. */
#pragma once
#include <stddef.h>

/*
 * From start up to complete they are whole, what follows has no end yet. sent is within the first line: what of it was
 * written already.
 */
struct lines {
	char *bytes;
	size_t size;
	size_t start;
	size_t sent;
	size_t complete;
	size_t tail;
};

void move_to_front(struct lines *l);

/* Bytes were added at the tail: finds the end of the last whole line. */
void note_added(struct lines *l, size_t count);

void note_sent(struct lines *l, size_t count);

/* Keeps whole lines that are not idle talk; the first one too if a part of it was sent. Returns how many are gone. */
unsigned long long drop_idle_talk(struct lines *l);

/*
 * Drops the oldest lines until a quarter is free; what is left if that is not enough is one endless line. Returns how
 * many are gone.
 */
unsigned long long drop_oldest(struct lines *l);
