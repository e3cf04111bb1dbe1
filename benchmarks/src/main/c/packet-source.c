// SPDX-License-Identifier: Apache-2.0
/*
 * Sends datagrams of many connections out of a device as fast as one CPU can: frames that never were in a socket, by a
 * program of XDP that the kernel runs on them (BPF_F_TEST_XDP_LIVE_FRAMES), in batches as a driver gets them. Whoever
 * receives them has the same CPU in between, so nothing is lost for want of time; what a queue refuses is.
 *
 * usage: packet-source OBJECT DEVICE NEXT_HOP CLIENTS SERVICES PORT COUNT FLOWS (each|any) SECONDS
 *   CLIENTS, SERVICES: the first address; COUNT services; FLOWS, a power of two, connections. A packet of each, one after
 *   the other; or of any again and again, in an order that no memory prefetcher guesses. After SECONDS it ends in any case.
 * prints one line: sent=N wall_ns=N cpu_ns=N
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "packet-source.h"

enum { BATCH = 64 };
#define FAR_STRIDE	0x9e3779b1

static long long nanos(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void own_address(const char *device, unsigned char *address)
{
	struct ifreq ask = {};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strncpy(ask.ifr_name, device, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ask))
		fail(device);
	memcpy(address, ask.ifr_hwaddr.sa_data, 6);
	close(fd);
}

static struct source read_source(char **words)
{
	struct source source = {.device = if_nametoindex(words[2]), .stride = 1};
	struct ether_addr *next_hop = ether_aton(words[3]);

	if (!source.device || !next_hop)
		fail(words[2]);
	memcpy(source.next_hop, next_hop, 6);
	own_address(words[2], source.own);
	source.clients = ntohl(inet_addr(words[4]));
	source.services = ntohl(inet_addr(words[5]));
	source.port = atoi(words[6]);
	source.service_count = atol(words[7]);
	source.flows = atol(words[8]);
	return source;
}

static struct bpf_object *load(const char *file, const struct source *source)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);
	struct bpf_map *map;

	if (!object)
		fail(file);
	map = bpf_object__find_map_by_name(object, ".rodata");
	if (!map || bpf_map__set_initial_value(map, source, sizeof(*source)) || bpf_object__load(object))
		fail(file);
	return object;
}

static struct progress progress_of(struct bpf_object *object)
{
	int map = bpf_object__find_map_fd_by_name(object, ".bss"), first = 0;
	struct progress progress;

	if (bpf_map_lookup_elem(map, &first, &progress))
		fail("reading what was sent");
	return progress;
}

/* The program writes all of a frame itself. An alarm ends it early. */
static void send_packets(struct bpf_object *object, int count)
{
	int program = bpf_program__fd(bpf_object__find_program_by_name(object, "next_packet"));
	unsigned char frame[FRAME_SIZE] = {};
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = sizeof(frame), .repeat = count,
		    .batch_size = BATCH, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

	if (bpf_prog_test_run_opts(program, &run) && errno != EINTR)
		fail("sending");
}

static void ignore(int signal)
{
	(void)signal;
}

static void end_after(const char *seconds)
{
	struct itimerval alarm = {.it_value.tv_sec = atol(seconds)};

	signal(SIGALRM, ignore);
	if (setitimer(ITIMER_REAL, &alarm, NULL))
		fail("setting an alarm");
}

/* What wakes up elsewhere takes caches along. */
static void stay(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		fail("staying on a CPU");
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct progress progress;
	struct source source;
	long long cpu;
	int any;

	if (argc != 11) {
		fprintf(stderr, "usage: packet-source OBJECT DEVICE NEXT_HOP CLIENTS SERVICES PORT COUNT FLOWS (each|any) SECONDS\n");
		return 2;
	}
	source = read_source(argv);
	any = strcmp(argv[9], "any") == 0;
	if (any)
		source.stride = FAR_STRIDE;
	object = load(argv[1], &source);
	stay();
	cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
	end_after(argv[10]);
	send_packets(object, any ? INT_MAX : (int)source.flows);
	cpu = nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	progress = progress_of(object);
	printf("sent=%llu wall_ns=%llu cpu_ns=%lld\n", progress.sent, progress.last - progress.first, cpu);
	return 0;
}
