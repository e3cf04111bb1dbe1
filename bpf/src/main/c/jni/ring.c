/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Ring buffers: what programs wrote is copied out, all records of one size. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "natives.h"

struct ring {
	struct ring_buffer	*buffer;
	char			*out;
	size_t			room, used;
};

/* Stops where the next one would find no room: what is handed over here is gone from the ring. */
static int copy(void *context, void *record, size_t size)
{
	struct ring *ring = context;

	if (ring->used + size > ring->room)
		return -ENOSPC;
	memcpy(ring->out + ring->used, record, size);
	ring->used += size;
	return ring->used + size > ring->room ? -ENOSPC : 0;
}

jlong ring_open(JNIEnv *env, jclass c, jint map)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	(void)env, (void)c;
	if (!ring)
		return -ENOMEM;
	ring->buffer = ring_buffer__new(map, copy, ring, NULL);
	if (!ring->buffer) {
		free(ring);
		return -errno;
	}
	return (jlong)ring;
}

/* Bytes that were copied. */
jint ring_read(JNIEnv *env, jclass c, jlong handle, jobject out, jint room)
{
	struct ring *ring = (struct ring *)handle;
	int result;

	(void)c;
	ring->out = address(env, out);
	ring->room = room;
	ring->used = 0;
	result = ring_buffer__consume(ring->buffer);
	return result < 0 && result != -ENOSPC ? result : (jint)ring->used;
}

void ring_close(JNIEnv *env, jclass c, jlong handle)
{
	struct ring *ring = (struct ring *)handle;

	(void)env, (void)c;
	ring_buffer__free(ring->buffer);
	free(ring);
}
