// SPDX-License-Identifier: Apache-2.0
/*
 * A bounded load generator: asks a lab-echo again and again, and says in one line of JSON who answered, and as whom it
 * was seen.
 *   lab-load --url http://name:port/path [--requests N] [--rate R] [--concurrency C] [--duration S]
 *            [--timeout-ms T] [--keepalive] [--connections N] [--udp] [--bulk BYTES] [--until-eof]
 * With --keepalive it holds as many connections as --concurrency says, or --connections, which are asked in turn. With
 * --bulk, each request sends BYTES and is answered by as many. Names are resolved by libc for every connection. Without
 * --duration it ends after --requests (1000); SIGTERM ends it early, and with --until-eof the end of its standard input
 * does. Exit code 0 when every request was answered, else 1.
 */
#define _GNU_SOURCE
#include "lab-load.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 256 };

struct options options = { .port = "80", .path = "/", .total = 1000, .timeout_ms = 2000, .concurrency = 1 };

static atomic_long taken;
static atomic_int ending;
static double begin;

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Sleeps until request number n is due; 0 when the run is over. */
static int due(long n)
{
	double at = options.rate ? begin + (double)n / options.rate : 0;

	if (options.duration ? now() - begin >= options.duration : n >= options.total)
		return 0;
	while (!ending && at > now()) {
		double left = at - now();

		usleep(left > 0.1 ? 100000 : left > 0 ? left * 1e6 : 0);
	}
	return !ending && (!options.duration || now() - begin < options.duration);
}

/* Of all connections, what one of the threads holds: one more where they do not divide evenly. */
static int held_by(long thread)
{
	if (options.connections <= options.concurrency)
		return 1;
	return options.connections / options.concurrency + (thread < options.connections % options.concurrency);
}

static void *work(void *thread)
{
	int held = held_by((long)thread), turn = 0;
	int *fds = malloc(held * sizeof(*fds));

	memset(fds, -1, held * sizeof(*fds));
	while (!ending && due(atomic_fetch_add(&taken, 1))) {
		double start = now();
		enum kind result = ask(&fds[turn++ % held]);

		count_request(result, now() - start);
	}
	for (int i = 0; i < held; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
	return NULL;
}

static void end(int signal)
{
	(void)signal;
	ending = 1;
}

static void *end_with_input(void *unused)
{
	char byte;

	(void)unused;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	ending = 1;
	return NULL;
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--keepalive"))
			options.keepalive = 1;
		else if (!strcmp(argv[i], "--udp"))
			options.udp = 1;
		else if (!strcmp(argv[i], "--until-eof"))
			options.until_eof = 1;
		else if (!strcmp(argv[i], "--url") && ++i)
			sscanf(value, strchr(value, '[') ? "%*[a-z]://[%255[^]]]:%15[0-9]%511s" :
							   "%*[a-z]://%255[^:/]:%15[0-9]%511s",
			       options.host, options.port, options.path);
		else if (!strcmp(argv[i], "--requests") && ++i)
			options.total = atol(value);
		else if (!strcmp(argv[i], "--rate") && ++i)
			options.rate = atol(value);
		else if (!strcmp(argv[i], "--concurrency") && ++i)
			options.concurrency = atoi(value);
		else if (!strcmp(argv[i], "--connections") && ++i)
			options.connections = atoi(value);
		else if (!strcmp(argv[i], "--duration") && ++i)
			options.duration = atol(value);
		else if (!strcmp(argv[i], "--timeout-ms") && ++i)
			options.timeout_ms = atol(value);
		else if (!strcmp(argv[i], "--bulk") && ++i)
			options.bulk = atol(value);
		else
			*options.host = 0, i = argc;
	}
	if (!*options.host || options.concurrency < 1 || options.concurrency > THREADS || options.timeout_ms < 1) {
		fprintf(stderr, "usage: lab-load --url http://name:port/path [--requests N] [--rate R] [--concurrency C]"
				" [--duration S] [--timeout-ms T] [--keepalive] [--connections N] [--udp] [--bulk BYTES] [--until-eof]\n");
		exit(2);
	}
}

/* A descriptor for each connection: what a process may have is often far less than what it may ask for. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS], input;

	allow_descriptors();
	parse(argc, argv);
	prepare_report();
	signal(SIGTERM, end);
	signal(SIGINT, end);
	if (options.until_eof)
		pthread_create(&input, NULL, end_with_input, NULL);
	begin = now();
	for (long i = 0; i < options.concurrency; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < options.concurrency; i++)
		pthread_join(threads[i], NULL);
	return report(begin);
}
