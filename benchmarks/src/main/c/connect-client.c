// SPDX-License-Identifier: Apache-2.0
/*
 * Measures connect(2) to service addresses: N blocking connects one after the other, each closed by RST so that no port
 * stays in TIME_WAIT. Services are numbered; service i has the address BASE + i.
 *
 * usage: connect-client BASE PORT SERVICES (last|random) CONNECTS SECONDS
 * prints one line: ok=N errors=N p50_us=F p99_us=F rate=F
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Returns the nanoseconds that connect took, or 0 when it failed. */
static uint64_t connect_once(struct sockaddr_in *to)
{
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	struct timeval longest = { .tv_sec = 1 };
	uint64_t begin, took;
	int failed, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof(longest));
	begin = now_ns();
	failed = connect(fd, (struct sockaddr *)to, sizeof(*to));
	took = now_ns() - begin;
	close(fd);
	return failed ? 0 : took;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	long services, connects, ok = 0, errors = 0;
	uint64_t *took, begin, deadline, elapsed;
	uint32_t base;
	int random_service;

	if (argc != 7) {
		fprintf(stderr, "usage: %s BASE PORT SERVICES (last|random) CONNECTS SECONDS\n", argv[0]);
		return 2;
	}
	base = ntohl(inet_addr(argv[1]));
	to.sin_port = htons(atoi(argv[2]));
	services = atol(argv[3]);
	random_service = strcmp(argv[4], "random") == 0;
	connects = atol(argv[5]);
	took = calloc(connects, sizeof(*took));
	if (!took || services < 1 || connects < 1)
		return 2;
	srandom(1);
	begin = now_ns();
	deadline = begin + strtoull(argv[6], NULL, 10) * 1000000000ull;
	for (long i = 0; i < connects && now_ns() < deadline; i++) {
		long service = random_service ? random() % services : services - 1;
		uint64_t ns;

		to.sin_addr.s_addr = htonl(base + service);
		ns = connect_once(&to);
		if (ns)
			took[ok++] = ns;
		else
			errors++;
	}
	elapsed = now_ns() - begin;
	qsort(took, ok, sizeof(*took), compare);
	printf("ok=%ld errors=%ld p50_us=%.1f p99_us=%.1f rate=%.0f\n", ok, errors,
	       ok ? took[ok / 2] / 1000.0 : 0, ok ? took[ok * 99 / 100] / 1000.0 : 0,
	       ok * 1e9 / elapsed);
	return 0;
}
