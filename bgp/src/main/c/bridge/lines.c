// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <stdbool.h>
#include <string.h>

#include "lines.h"

void move_to_front(struct lines *l)
{
	memmove(l->bytes, l->bytes + l->start, l->tail - l->start);
	l->sent -= l->start;
	l->complete -= l->start;
	l->tail -= l->start;
	l->start = 0;
}

void note_added(struct lines *l, size_t count)
{
	char *last = memrchr(l->bytes + l->tail, '\n', count);

	l->tail += count;
	if (last)
		l->complete = (size_t)(last - l->bytes) + 1;
}

void note_sent(struct lines *l, size_t count)
{
	char *last = memrchr(l->bytes + l->sent, '\n', count);

	l->sent += count;
	if (last)
		l->start = (size_t)(last - l->bytes) + 1;
	if (l->start == l->tail)
		l->start = l->sent = l->complete = l->tail = 0;
}

/* What tells nothing that is not told again soon. */
static bool is_idle_talk(const char *line, size_t size)
{
	static const char keepalive[] = "\"type\": \"keepalive\"";
	static const char fsm[] = "\"type\": \"fsm\"";

	return memmem(line, size, keepalive, sizeof(keepalive) - 1) || memmem(line, size, fsm, sizeof(fsm) - 1);
}

unsigned long long drop_idle_talk(struct lines *l)
{
	size_t from = l->start, to = l->start;
	unsigned long long dropped = 0;

	while (from < l->complete) {
		char *end = memchr(l->bytes + from, '\n', l->complete - from);
		size_t size = (size_t)(end - (l->bytes + from)) + 1;
		bool begun = from == l->start && l->sent > l->start;

		if (!begun && is_idle_talk(l->bytes + from, size)) {
			dropped++;
		} else {
			memmove(l->bytes + to, l->bytes + from, size);
			to += size;
		}
		from += size;
	}
	memmove(l->bytes + to, l->bytes + l->complete, l->tail - l->complete);
	l->tail -= l->complete - to;
	l->complete = to;
	return dropped;
}

unsigned long long drop_oldest(struct lines *l)
{
	unsigned long long dropped = 0;

	while (l->start < l->complete && l->tail - l->start > l->size / 4 * 3) {
		char *end = memchr(l->bytes + l->start, '\n', l->complete - l->start);

		l->start = (size_t)(end - l->bytes) + 1;
		dropped++;
	}
	l->sent = l->start;
	return dropped;
}
