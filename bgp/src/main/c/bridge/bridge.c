// SPDX-License-Identifier: Apache-2.0
/*
 * ExaBGP's helper: joins its stdin and stdout to one client of a unix socket, line by line.
 *
 * ExaBGP writes to its helper without looking whether the pipe has room, so a helper that does not read freezes it,
 * sessions and all. And the fifth death of a helper within a minute ends ExaBGP. So the agent, which dies and is
 * upgraded, is a client here, and this program always reads, never waits for anyone, and ends with ExaBGP only. An
 * ExaBGP that answers nothing for a minute it ends.
 * Nothing is allocated after start.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "lines.h"

#define EVENTS_SIZE (4 * 1024 * 1024)	/* about 10,000 events while no client is there */
#define COMMANDS_SIZE (256 * 1024)	/* several windows of commands */

static char event_bytes[EVENTS_SIZE];
static char command_bytes[COMMANDS_SIZE];
static struct lines events = { .bytes = event_bytes, .size = EVENTS_SIZE };
static struct lines commands = { .bytes = command_bytes, .size = COMMANDS_SIZE };

static int client = -1;
static char greeting[256];
static size_t greeting_size;
static size_t greeting_sent;
static unsigned long long instance;	/* tells this life of the program from the ones before */
static unsigned long long dropped_idle;
static unsigned long long dropped_events;
static bool skipping;			/* the rest of a line that is longer than all of the buffer */

static long patience = 60;		/* seconds that ExaBGP may be silent after it was told something */
static long silence;			/* seconds waited in vain, so that nothing counts while this program sleeps too */
static bool asked;			/* and not heard of since */

static void leave_client(void)
{
	close(client);
	client = -1;
	events.sent = events.start;
	/* Half a command must not become one with the first of the next client. */
	commands.tail = commands.complete;
}

/* A client that missed events has to know: it is sent away, comes back, and reads of it in the greeting. */
static void make_room_for_events(void)
{
	move_to_front(&events);
	if (events.tail < events.size)
		return;
	dropped_idle += drop_idle_talk(&events);
	if (events.tail < events.size / 4 * 3)
		return;
	if (client >= 0)
		leave_client();
	dropped_events += drop_oldest(&events);
	move_to_front(&events);
	if (events.tail == events.size) {
		skipping = true;
		dropped_events++;
		events.tail = events.complete;
	}
}

/* Of a line too long to hold, nothing is kept up to and with its end. */
static size_t skip(char *bytes, size_t count)
{
	char *end = memchr(bytes, '\n', count);
	size_t gone = end ? (size_t)(end - bytes) + 1 : count;

	skipping = !end;
	memmove(bytes, bytes + gone, count - gone);
	return count - gone;
}

/* False when ExaBGP has closed it. */
static bool read_events(void)
{
	if (events.tail == events.size)
		make_room_for_events();

	char *at = events.bytes + events.tail;
	ssize_t count = read(STDIN_FILENO, at, events.size - events.tail);

	if (count < 0)
		return errno == EINTR || errno == EAGAIN;
	if (count == 0)
		return false;
	asked = false;
	silence = 0;
	note_added(&events, skipping ? skip(at, (size_t)count) : (size_t)count);
	return true;
}

static void read_commands(void)
{
	if (commands.tail == commands.size)
		move_to_front(&commands);

	ssize_t count = read(client, commands.bytes + commands.tail, commands.size - commands.tail);

	if (count > 0)
		note_added(&commands, (size_t)count);
	else if (count == 0 || (errno != EINTR && errno != EAGAIN))
		leave_client();
}

static bool has_room_for_commands(void)
{
	return commands.tail - commands.start < commands.size;
}

static void write_commands(void)
{
	ssize_t count = write(STDOUT_FILENO, commands.bytes + commands.sent, commands.complete - commands.sent);

	if (count <= 0)
		return;
	note_sent(&commands, (size_t)count);
	asked = true;
}

/* What hangs for good is begun anew by nobody: a container's runtime sees only that a process ends. */
static void note_silence(void)
{
	if (++silence < patience)
		return;
	fprintf(stderr, "bridge: ExaBGP has not answered for %ld s and is ended\n", patience);
	kill(getppid(), SIGKILL);
}

static void write_events(void)
{
	bool greet = greeting_sent < greeting_size;
	const char *from = greet ? greeting + greeting_sent : events.bytes + events.sent;
	size_t size = greet ? greeting_size - greeting_sent : events.complete - events.sent;
	ssize_t count = send(client, from, size, MSG_NOSIGNAL);

	if (count < 0 && errno != EINTR && errno != EAGAIN)
		leave_client();
	else if (count > 0 && greet)
		greeting_sent += (size_t)count;
	else if (count > 0)
		note_sent(&events, (size_t)count);
}

static void welcome(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (client >= 0)
		leave_client();
	client = fd;
	greeting_sent = 0;
	greeting_size = (size_t)snprintf(greeting, sizeof(greeting),
		"{ \"bridge\": { \"instance\": %llu, \"exabgp\": %d, \"dropped\": %llu, \"dropped_idle\": %llu } }\n",
		instance, (int)getppid(), dropped_events, dropped_idle);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	unlink(path);
	umask(0177);	/* whoever can connect decides what routers are told */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 4))
		return -1;
	return fd;
}

static void prepare(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	instance = (unsigned long long)now.tv_sec * 1000000000ull + (unsigned long long)now.tv_nsec;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
}

static short client_interest(void)
{
	bool writes = greeting_sent < greeting_size || events.sent < events.complete;

	return (short)((has_room_for_commands() ? POLLIN : 0) | (writes ? POLLOUT : 0));
}

static bool turn(int listener)
{
	bool has_commands = commands.sent < commands.complete;
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = has_commands ? STDOUT_FILENO : -1, .events = POLLOUT },
		{ .fd = client, .events = client < 0 ? 0 : client_interest() },
		{ .fd = listener, .events = POLLIN },
	};

	int ready = poll(fds, 4, asked ? 1000 : -1);

	if (ready < 0)
		return errno == EINTR;
	/* Without a client nobody asks for what may be missing. */
	if (ready == 0 && client >= 0)
		note_silence();
	if (fds[0].revents && !read_events())
		return false;
	if (fds[1].revents)
		write_commands();
	/* Events may have sent the client away; its number is then not that of another one yet. */
	if (client >= 0 && (fds[2].revents & (POLLOUT | POLLERR)))
		write_events();
	if (client >= 0 && (fds[2].revents & (POLLIN | POLLHUP)))
		read_commands();
	if (fds[3].revents)
		welcome(listener);
	return true;
}

int main(int argc, char **argv)
{
	int listener;

	if (argc == 3)
		patience = atol(argv[2]);
	if (argc < 2 || argc > 3 || patience <= 0) {
		fprintf(stderr, "usage: %s SOCKET [SECONDS]\n", argv[0]);
		return 2;
	}
	prepare();
	listener = listen_at(argv[1]);
	if (listener < 0) {
		fprintf(stderr, "%s: cannot listen at %s: %s\n", argv[0], argv[1], strerror(errno));
		return 1;
	}
	while (turn(listener))
		;
	return 0;
}
