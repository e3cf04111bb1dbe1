/*
 * Loaded before the libraries of ExaBGP: sessions that it opens send each message at once. ExaBGP 4.2.21 leaves Nagle's
 * algorithm on for them, and only for them (reactor/network/outgoing.py): a second small message waits until the router has
 * acknowledged the first one, which may take it 40 ms (RFC 1122, 4.2.3.2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As connect(2). Sockets that are not of TCP refuse the option, and are connected all the same. */
int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	const int on = 1;
	int before = errno;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	errno = before;
	return (int)syscall(SYS_connect, fd, address, length);
}
