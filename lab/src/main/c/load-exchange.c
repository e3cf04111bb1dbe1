// SPDX-License-Identifier: Apache-2.0
/* One request and its answer. */
#define _GNU_SOURCE
#include "lab-load.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, TRIES = 10, IP_AND_UDP = 28, IPV6_AND_UDP = 48 };

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
	return strchr(options.host, ':') ? AF_INET6 : AF_INET;
}

static enum kind dial(int *fd)
{
	struct addrinfo hint = { .ai_family = family(), .ai_socktype = options.udp ? SOCK_DGRAM : SOCK_STREAM }, *list;
	struct timeval limit = { options.timeout_ms / 1000, options.timeout_ms % 1000 * 1000 };
	enum kind result = OK;

	if (getaddrinfo(options.host, options.port, &hint, &list))
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
		if (options.udp)
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
	long left = options.bulk, got = 0;
	ssize_t n = snprintf(chunk, sizeof(chunk),
			     "POST /bytes/%ld HTTP/1.1\r\nHost: %s\r\nContent-Length: %ld\r\n\r\n",
			     options.bulk, options.host, options.bulk);

	if (send(fd, chunk, n, MSG_NOSIGNAL | MSG_MORE) != n)
		return failure();
	for (; left > 0; left -= n) {
		n = send(fd, chunk, left < CHUNK ? left : CHUNK, MSG_NOSIGNAL);
		if (n <= 0)
			return failure();
	}
	while ((n = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		got += n;
	return n < 0 ? failure() : got > options.bulk ? OK : RESET;
}

/* The bytes there and back in datagrams that may not be fragmented, as large as this host says the path carries. */
static enum kind exchange_datagrams(int fd)
{
	static __thread char out[CHUNK], in[CHUNK];
	int v6 = family() == AF_INET6, level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int never_fragment = v6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO, mtu, tries = 0;
	socklen_t length = sizeof(mtu);
	long left = options.bulk;

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

enum kind ask(int *fd)
{
	static __thread char buffer[1 << 17];
	char request[1024];
	enum kind result = *fd < 0 ? dial(fd) : OK;
	const char *connection = options.keepalive ? "keep-alive" : "close";
	int n = options.udp ? snprintf(request, sizeof(request), "%s", options.path)
			    : snprintf(request, sizeof(request),
				       "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n", options.path,
				       options.host, connection);

	if (result == OK && options.bulk) {
		result = options.udp ? exchange_datagrams(*fd) : exchange(*fd);
	} else if (result == OK) {
		result = send(*fd, request, n, MSG_NOSIGNAL) < 0 ? failure() : receive(*fd, buffer, sizeof(buffer));
		if (result == OK)
			credit(buffer);
	}
	if (*fd >= 0 && (!options.keepalive || result != OK)) {
		close(*fd);
		*fd = -1;
	}
	return result;
}
