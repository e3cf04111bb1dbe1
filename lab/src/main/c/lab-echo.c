// SPDX-License-Identifier: Apache-2.0
/*
 * An HTTP and UDP server that says who answered and whom it saw: pod, node and cluster from the
 * environment, the client's address from the socket. One epoll loop, any number of clients.
 * /bytes/N reads the request's body and then answers N bytes; a datagram that begins with "bulk"
 * comes back as it is.
 * Both families are served.
 *   lab-echo [--port N] [--root DIR]     the port comes from $PORT too; default 8080
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { REQUEST_MAX = 8192, BODY_MAX = 65536, EVENTS = 256, BULK_MAX = 1 << 24, STALLED_SECONDS = 10 };

struct client {
	int fd;
	size_t used;
	size_t skip; /* bytes of a request body still to be read */
	size_t owed; /* bytes to be answered after it */
	char from[64];
	char request[REQUEST_MAX];
};

static const char *root;
static int listener, datagrams, poller;

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static int describe(char *out, size_t size, const char *from, const char *path)
{
	return snprintf(out, size,
			"{\"pod\":\"%s\",\"node\":\"%s\",\"cluster\":\"%s\",\"source\":\"%s\",\"path\":\"%s\"}\n",
			env("POD_NAME"), env("NODE_NAME"), env("CLUSTER_NAME"), from, path);
}

/* Of either family; the sockets are of both, where IPv4 is mapped. */
static void address(const struct sockaddr_storage *from, char *out, size_t size)
{
	const struct sockaddr_in6 *v6 = (const void *)from;
	const struct sockaddr_in *v4 = (const void *)from;
	char text[INET6_ADDRSTRLEN];

	if (from->ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
	else if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, sizeof(text));
	else
		inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
	snprintf(out, size, strchr(text, ':') ? "[%s]:%u" : "%s:%u", text, ntohs(v4->sin_port));
}

static int serve_udp(void)
{
	char in[BODY_MAX], out[REQUEST_MAX], text[64];
	struct sockaddr_storage from;
	socklen_t length = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(datagrams, in, sizeof(in), MSG_DONTWAIT, (void *)&from, &length)) >= 0) {
		address(&from, text, sizeof(text));
		if (n >= 4 && !memcmp(in, "bulk", 4))
			sendto(datagrams, in, n, 0, (void *)&from, length);
		else
			sendto(datagrams, out, describe(out, sizeof(out), text, "udp"), 0, (void *)&from,
			       length);
		length = sizeof(from);
	}
	return 0;
}

static int read_file(const char *path, char *out, size_t size)
{
	char name[1024];
	int fd, n;

	if (!root || strstr(path, ".."))
		return -1;
	snprintf(name, sizeof(name), "%s%s%s", root, path, path[strlen(path) - 1] == '/' ? "index.html" : "");
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, out, size);
	close(fd);
	return n;
}

static int answer(struct client *c, const char *path, int keep)
{
	static char body[BODY_MAX], head[512];
	int n = read_file(path, body, sizeof(body)), h;

	if (n < 0)
		n = describe(body, sizeof(body), c->from, path);
	h = snprintf(head, sizeof(head),
		     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n",
		     n, keep ? "keep-alive" : "close");
	if (send(c->fd, head, h, MSG_MORE | MSG_NOSIGNAL) < 0 || send(c->fd, body, n, MSG_NOSIGNAL) < 0)
		return -1;
	return keep ? 0 : -1;
}

/* As many bytes as are owed, and the end of the connection; the socket's timeout bounds a reader that stalls. */
static int pay(struct client *c)
{
	static char chunk[BODY_MAX];
	int h = snprintf(chunk, sizeof(chunk),
			 "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", c->owed);
	ssize_t n = send(c->fd, chunk, h, MSG_MORE | MSG_NOSIGNAL);

	while (n > 0 && c->owed) {
		n = send(c->fd, chunk, c->owed < sizeof(chunk) ? c->owed : sizeof(chunk), MSG_NOSIGNAL);
		c->owed -= n > 0 ? n : 0;
	}
	return -1;
}

/* Answers every whole request in the buffer; -1 when the connection is to be closed. */
static int requests(struct client *c)
{
	for (;;) {
		char *end, *space, *length, path[512];
		size_t drop = c->skip < c->used ? c->skip : c->used, size;
		int keep;

		memmove(c->request, c->request + drop, c->used - drop);
		c->used -= drop;
		c->skip -= drop;
		c->request[c->used] = 0;
		if (!c->skip && c->owed)
			return pay(c);
		end = strstr(c->request, "\r\n\r\n");
		if (c->skip || !end)
			return c->used + 1 < sizeof(c->request) ? 0 : -1;
		size = end + 4 - c->request;
		end[2] = 0;
		length = strcasestr(c->request, "content-length:");
		c->skip = length ? strtoul(length + 15, NULL, 10) : 0;
		keep = strstr(c->request, "HTTP/1.1") && !strcasestr(c->request, "connection: close");
		space = strchr(c->request, ' ');
		if (!space || sscanf(space, " %511s", path) != 1)
			return -1;
		if (sscanf(path, "/bytes/%zu", &c->owed) != 1 && answer(c, path, keep) < 0)
			return -1;
		if (c->owed > BULK_MAX)
			return -1;
		memmove(c->request, c->request + size, c->used - size);
		c->used -= size;
	}
}

static void serve(struct client *c)
{
	ssize_t n = recv(c->fd, c->request + c->used, sizeof(c->request) - c->used - 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		c->used += n;
		if (requests(c) == 0)
			return;
	}
	close(c->fd);
	free(c);
}

static void welcome(void)
{
	struct sockaddr_storage from;
	socklen_t length = sizeof(from);
	struct timeval stalled = { .tv_sec = STALLED_SECONDS };
	int one = 1, fd = accept4(listener, (void *)&from, &length, SOCK_CLOEXEC);
	struct client *c;
	struct epoll_event e = { .events = EPOLLIN };

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stalled, sizeof(stalled));
	c = calloc(1, sizeof(*c));
	if (!c) {
		close(fd);
		return;
	}
	c->fd = fd;
	address(&from, c->from, sizeof(c->from));
	e.data.ptr = c;
	epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

/* Of both families, or of IPv4 alone on a machine without the other one. */
static int bound(int type, int port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in at_v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	int off = 0, one = 1, fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0), v4 = fd < 0;

	if (v4)
		fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, v4 ? (void *)&at_v4 : (void *)&at, v4 ? sizeof(at_v4) : sizeof(at)) < 0 ||
	    (type == SOCK_STREAM && listen(fd, 4096) < 0)) {
		perror("lab-echo: bind");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS], e = { .events = EPOLLIN };
	struct rlimit limit;
	int port = *env("PORT") ? atoi(env("PORT")) : 8080;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--port"))
			port = atoi(argv[i + 1]);
		if (!strcmp(argv[i], "--root"))
			root = argv[i + 1];
	}
	signal(SIGPIPE, SIG_IGN);
	/* One for each client: the usual limit is far below what may be asked for. */
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	poller = epoll_create1(EPOLL_CLOEXEC);
	listener = bound(SOCK_STREAM, port);
	datagrams = bound(SOCK_DGRAM, port);
	e.data.ptr = &listener;
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &e);
	e.data.ptr = &datagrams;
	epoll_ctl(poller, EPOLL_CTL_ADD, datagrams, &e);
	for (;;) {
		int n = epoll_wait(poller, events, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == &listener)
				welcome();
			else if (events[i].data.ptr == &datagrams)
				serve_udp();
			else
				serve(events[i].data.ptr);
		}
	}
}
