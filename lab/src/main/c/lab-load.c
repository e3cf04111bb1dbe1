// SPDX-License-Identifier: Apache-2.0
/*
 * A bounded load generator: asks a lab-echo again and again, and says in one line of JSON who answered, and as whom it
 * was seen.
 *   lab-load --url http://name:port/path [--requests N] [--rate R] [--concurrency C] [--duration S]
 *            [--timeout-ms T] [--keepalive] [--connections N] [--udp] [--bulk BYTES] [--until-eof]
 * With --keepalive it holds as many connections as --concurrency says, or --connections, which are asked in turn. With --bulk, each request sends BYTES and is answered by as many. Names are resolved by libc for every connection. Without --duration it ends after --requests (1000);
 * SIGTERM ends it early, and with --until-eof the end of its standard input does. Exit code 0 when every request was answered, else 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { NAMES = 512, NAME = 96, SAMPLES = 1 << 20, THREADS = 256, CHUNK = 1 << 16, TRIES = 10, IP_AND_UDP = 28,
       IPV6_AND_UDP = 48 };
enum kind { OK, DNS, REFUSED, UNREACHABLE, TIMEOUT, RESET, OTHER, KINDS };
static const char *kinds[KINDS] = { "ok", "dns", "refused", "unreachable", "timeout", "reset", "other" };

static char host[256], port[16] = "80", path[512] = "/";
static long total = 1000, rate, timeout_ms = 2000, duration, bulk;
static int keepalive, udp, until_eof, concurrency = 1, connections;
static atomic_long taken, counts[KINDS];
static atomic_int ending;
static double begin;
static unsigned *samples;
static atomic_long sampled;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tally { char name[NAME]; long count; } responders[NAMES], sources[NAMES];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static enum kind failure(void)
{
	switch (errno) {
	case ECONNREFUSED: return REFUSED;
	case EHOSTUNREACH: case ENETUNREACH: case EPERM: return UNREACHABLE;
	case EAGAIN: case ETIMEDOUT: case EINPROGRESS: return TIMEOUT;
	case ECONNRESET: case EPIPE: return RESET;
	default: return OTHER;
	}
}

/* Names are asked for in IPv4 alone: only an address says that it is to be the other one. */
static int family(void)
{
	return strchr(host, ':') ? AF_INET6 : AF_INET;
}

static enum kind dial(int *fd)
{
	struct addrinfo hint = { .ai_family = family(), .ai_socktype = udp ? SOCK_DGRAM : SOCK_STREAM }, *list;
	struct timeval limit = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	enum kind result = OK;

	if (getaddrinfo(host, port, &hint, &list))
		return DNS;
	*fd = socket(hint.ai_family, hint.ai_socktype | SOCK_CLOEXEC, 0);
	/* SO_SNDTIMEO bounds connect too. */
	setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(*fd, list->ai_addr, list->ai_addrlen) < 0) {
		result = failure();
		close(*fd);
		*fd = -1;
	}
	freeaddrinfo(list);
	return result;
}

static void field(const char *body, const char *key, char *out, size_t size)
{
	const char *at = strstr(body, key), *end;

	*out = 0;
	if (!at)
		return;
	at += strlen(key);
	end = strchr(at, '"');
	if (end)
		snprintf(out, size, "%.*s", (int)(end - at), at);
}

static void count(struct tally *tallies, const char *name)
{
	for (int i = 0; i < NAMES; i++) {
		if (!*tallies[i].name)
			strcpy(tallies[i].name, name);
		if (!strcmp(tallies[i].name, name)) {
			tallies[i].count++;
			break;
		}
	}
}

static void credit(const char *body)
{
	char pod[48], cluster[32], name[NAME], source[NAME], *source_port;

	field(body, "\"pod\":\"", pod, sizeof(pod));
	field(body, "\"cluster\":\"", cluster, sizeof(cluster));
	field(body, "\"source\":\"", source, sizeof(source));
	snprintf(name, sizeof(name), "%s/%s", cluster, pod);
	source_port = strrchr(source, ':');
	if (source_port)
		*source_port = 0;
	/* Of [address]:port. */
	if (*source == '[') {
		source[strcspn(source, "]")] = 0;
		memmove(source, source + 1, strlen(source));
	}
	pthread_mutex_lock(&lock);
	count(responders, name);
	if (*source)
		count(sources, source);
	pthread_mutex_unlock(&lock);
}

/* The whole answer: headers and Content-Length bytes; for UDP one datagram. */
static enum kind receive(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	for (;;) {
		ssize_t n = recv(fd, buffer + used, size - used - 1, 0);
		char *end, *length;

		if (n < 0)
			return failure();
		if (n == 0)
			return RESET;
		used += n;
		buffer[used] = 0;
		if (udp)
			return OK;
		end = strstr(buffer, "\r\n\r\n");
		length = strcasestr(buffer, "content-length:");
		if (end && length && used >= (size_t)(end + 4 - buffer) + strtoul(length + 15, NULL, 10))
			return strncmp(buffer + 9, "200", 3) ? OTHER : OK;
		if (used + 1 >= size)
			return OTHER;
	}
}

/* The bytes there and back over one connection, which the server ends. */
static enum kind exchange(int fd)
{
	static __thread char chunk[CHUNK];
	long left = bulk, got = 0;
	ssize_t n = snprintf(chunk, sizeof(chunk),
			     "POST /bytes/%ld HTTP/1.1\r\nHost: %s\r\nContent-Length: %ld\r\n\r\n", bulk, host, bulk);

	if (send(fd, chunk, n, MSG_NOSIGNAL | MSG_MORE) != n)
		return failure();
	for (; left > 0; left -= n) {
		n = send(fd, chunk, left < CHUNK ? left : CHUNK, MSG_NOSIGNAL);
		if (n <= 0)
			return failure();
	}
	while ((n = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		got += n;
	return n < 0 ? failure() : got > bulk ? OK : RESET;
}

/* The bytes there and back in datagrams that may not be fragmented, as large as this host says the path carries. */
static enum kind exchange_datagrams(int fd)
{
	static __thread char out[CHUNK], in[CHUNK];
	int v6 = family() == AF_INET6, level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int never_fragment = v6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO, mtu, tries = 0;
	socklen_t length = sizeof(mtu);
	long left = bulk;

	setsockopt(fd, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &never_fragment, sizeof(never_fragment));
	while (left > 0 && tries++ < TRIES) {
		ssize_t size, n;

		if (getsockopt(fd, level, v6 ? IPV6_MTU : IP_MTU, &mtu, &length) < 0)
			return failure();
		size = mtu - (v6 ? IPV6_AND_UDP : IP_AND_UDP);
		snprintf(out, sizeof(out), "bulk %ld", left);
		if (send(fd, out, size, 0) < 0) {
			if (errno != EMSGSIZE)
				return failure();
			continue;
		}
		/* What comes late answers an earlier try. */
		while ((n = recv(fd, in, sizeof(in), 0)) >= 0 && (n != size || memcmp(in, out, n)))
			;
		if (n == size) {
			left -= n;
			tries = 0;
		}
	}
	return left > 0 ? TIMEOUT : OK;
}

static enum kind ask(int *fd)
{
	static __thread char buffer[1 << 17];
	char request[1024];
	enum kind result = *fd < 0 ? dial(fd) : OK;
	int n = udp ? snprintf(request, sizeof(request), "%s", path)
		    : snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n",
			       path, host, keepalive ? "keep-alive" : "close");

	if (result == OK && bulk) {
		result = udp ? exchange_datagrams(*fd) : exchange(*fd);
	} else if (result == OK) {
		result = send(*fd, request, n, MSG_NOSIGNAL) < 0 ? failure() : receive(*fd, buffer, sizeof(buffer));
		if (result == OK)
			credit(buffer);
	}
	if (*fd >= 0 && (!keepalive || result != OK)) {
		close(*fd);
		*fd = -1;
	}
	return result;
}

/* Sleeps until request number n is due; 0 when the run is over. */
static int due(long n)
{
	double at = rate ? begin + (double)n / rate : 0;

	if (duration ? now() - begin >= duration : n >= total)
		return 0;
	while (!ending && at > now()) {
		double left = at - now();

		usleep(left > 0.1 ? 100000 : left > 0 ? left * 1e6 : 0);
	}
	return !ending && (!duration || now() - begin < duration);
}

/* Of all connections, what one of the threads holds: one more where they do not divide evenly. */
static int held_by(long thread)
{
	return connections > concurrency ? connections / concurrency + (thread < connections % concurrency) : 1;
}

static void *work(void *thread)
{
	int held = held_by((long)thread), turn = 0;
	int *fds = malloc(held * sizeof(*fds));

	memset(fds, -1, held * sizeof(*fds));
	while (!ending && due(atomic_fetch_add(&taken, 1))) {
		double start = now();
		enum kind result = ask(&fds[turn++ % held]);

		atomic_fetch_add(&counts[result], 1);
		if (result == OK) {
			long slot = atomic_fetch_add(&sampled, 1);

			samples[slot % SAMPLES] = (now() - start) * 1e6;
		}
	}
	for (int i = 0; i < held; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
	return NULL;
}

static int ascending(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
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

static void print_tallies(const struct tally *tallies)
{
	const char *comma = "";

	for (int i = 0; i < NAMES && *tallies[i].name; i++) {
		printf("%s\"%s\":%ld", comma, tallies[i].name, tallies[i].count);
		comma = ",";
	}
}

static void report(void)
{
	long n = sampled < SAMPLES ? sampled : SAMPLES, sent = 0;
	const char *comma = "";

	qsort(samples, n, sizeof(*samples), ascending);
	for (int k = 0; k < KINDS; k++)
		sent += counts[k];
	printf("{\"sent\":%ld,\"ok\":%ld,\"errors\":{", sent, counts[OK]);
	for (int k = 1; k < KINDS; k++) {
		if (counts[k]) {
			printf("%s\"%s\":%ld", comma, kinds[k], counts[k]);
			comma = ",";
		}
	}
	printf("},\"responders\":{");
	print_tallies(responders);
	printf("},\"sources\":{");
	print_tallies(sources);
	printf("},\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"seconds\":%.2f}\n", n ? samples[n / 2] / 1e3 : 0,
	       n ? samples[n * 99 / 100] / 1e3 : 0, now() - begin);
	exit(sent > 0 && sent == counts[OK] ? 0 : 1);
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--keepalive"))
			keepalive = 1;
		else if (!strcmp(argv[i], "--udp"))
			udp = 1;
		else if (!strcmp(argv[i], "--until-eof"))
			until_eof = 1;
		else if (!strcmp(argv[i], "--url") && ++i)
			sscanf(value, strchr(value, '[') ? "%*[a-z]://[%255[^]]]:%15[0-9]%511s" :
							   "%*[a-z]://%255[^:/]:%15[0-9]%511s", host, port, path);
		else if (!strcmp(argv[i], "--requests") && ++i)
			total = atol(value);
		else if (!strcmp(argv[i], "--rate") && ++i)
			rate = atol(value);
		else if (!strcmp(argv[i], "--concurrency") && ++i)
			concurrency = atoi(value);
		else if (!strcmp(argv[i], "--connections") && ++i)
			connections = atoi(value);
		else if (!strcmp(argv[i], "--duration") && ++i)
			duration = atol(value);
		else if (!strcmp(argv[i], "--timeout-ms") && ++i)
			timeout_ms = atol(value);
		else if (!strcmp(argv[i], "--bulk") && ++i)
			bulk = atol(value);
		else
			*host = 0, i = argc;
	}
	if (!*host || concurrency < 1 || concurrency > THREADS || timeout_ms < 1) {
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
	samples = calloc(SAMPLES, sizeof(*samples));
	signal(SIGTERM, end);
	signal(SIGINT, end);
	if (until_eof)
		pthread_create(&input, NULL, end_with_input, NULL);
	begin = now();
	for (long i = 0; i < concurrency; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < concurrency; i++)
		pthread_join(threads[i], NULL);
	report();
}
