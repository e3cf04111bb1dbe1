// SPDX-License-Identifier: Apache-2.0
/*
 * Asks a lab-echo at a steady rate, each question from a port of its own, and says for each what became of it:
 *   NUMBER SENT ANSWERED SOURCE
 * in nanoseconds of the monotonic clock and the address that the server saw, or "NUMBER SENT - -" after a second without
 * an answer. For each line of its input it says "mark NOW NUMBER", of the next question; at the end of its input it ends.
 * usage: egress-client ADDRESS PORT RATE
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1024, BODY = 4096 };
#define SECOND 1000000000LL

struct question {
	long number;
	long long sent;
};

/* Of the same index: what poll is told, the standard input first, and the question of that socket. */
static struct pollfd sockets[OPEN + 1];
static struct question questions[OPEN + 1];
static int open_sockets = 1;

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void forget(int i)
{
	close(sockets[i].fd);
	open_sockets--;
	sockets[i] = sockets[open_sockets];
	questions[i] = questions[open_sockets];
}

static void lose(int i)
{
	printf("%ld %lld - -\n", questions[i].number, questions[i].sent);
	forget(i);
}

static void ask(const struct sockaddr_in *server, long number)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || open_sockets > OPEN) {
		perror("no socket for a question");
		exit(1);
	}
	sockets[open_sockets] = (struct pollfd){.fd = fd, .events = POLLIN};
	questions[open_sockets] = (struct question){.number = number, .sent = now()};
	open_sockets++;
	/* One that does not leave is one without an answer. */
	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)) == 0)
		(void)!write(fd, "/", 1);
}

/* False: what came is an error, and an answer may still come. */
static int answered(int i)
{
	char body[BODY], *source, *end;
	ssize_t length = recv(sockets[i].fd, body, sizeof(body) - 1, 0);

	if (length < 0)
		return 0;
	body[length] = 0;
	source = strstr(body, "\"source\":\"");
	end = source ? strchr(source + 10, ':') : NULL;
	if (!end) {
		fprintf(stderr, "expected the answer of a lab-echo, read %s\n", body);
		exit(1);
	}
	printf("%ld %lld %lld %.*s\n", questions[i].number, questions[i].sent, now(), (int)(end - source - 10),
	       source + 10);
	return 1;
}

static void look(void)
{
	for (int i = open_sockets - 1; i > 0; i--) {
		if (sockets[i].revents && answered(i))
			forget(i);
		else if (now() - questions[i].sent > SECOND)
			lose(i);
	}
}

/* False at the end of the input. */
static int mark(long next)
{
	char line[64];
	ssize_t length = read(STDIN_FILENO, line, sizeof(line));

	for (ssize_t i = 0; i < length; i++) {
		if (line[i] == '\n')
			printf("mark %lld %ld\n", now(), next);
	}
	return length > 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in server = {.sin_family = AF_INET};
	long rate = argc == 4 ? atol(argv[3]) : 0, number = 0;
	long long begin = now();

	if (rate < 1 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
		fprintf(stderr, "usage: egress-client ADDRESS PORT RATE\n");
		return 2;
	}
	server.sin_port = htons(atoi(argv[2]));
	setvbuf(stdout, NULL, _IOLBF, 0);
	sockets[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	for (;;) {
		long long left = begin + number * SECOND / rate - now();
		struct timespec pause = {0, left > 0 ? left : 0};

		if (ppoll(sockets, open_sockets, &pause, NULL) < 0 && errno != EINTR)
			return 1;
		if (sockets[0].revents && !mark(number))
			return 0;
		look();
		/* What a machine that was busy is late with is asked at once. */
		while (now() >= begin + number * SECOND / rate)
			ask(&server, number++);
	}
}
