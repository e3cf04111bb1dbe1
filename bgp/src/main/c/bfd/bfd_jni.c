/*
 * Datagrams with the TTL they are sent with and the TTL they came with, which Java's channels know nothing of, and a
 * wait that is finer than a millisecond. Results are >= 0 or -errno. Addresses are 16 bytes, IPv4 as v4-mapped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HIGHEST_TTL 255
#define V4_AT 12
/* Classes above CS6 may be refused to whoever lacks CAP_NET_ADMIN; routers send BFD as network control. */
#define NETWORK_CONTROL 0xc0

/* What the fixed part of a received datagram says: LibBfd reads the same places. */
struct arrival {
	uint8_t source[16];
	uint8_t destination[16];
	int32_t ifindex;
	int32_t ttl; /* -1 where the kernel did not say */
	uint8_t payload[];
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int is_v4(const uint8_t *bytes)
{
	static const uint8_t mapped[V4_AT] = {[10] = 0xff, [11] = 0xff};

	return memcmp(bytes, mapped, sizeof(mapped)) == 0;
}

static socklen_t to_address(const uint8_t *bytes, int port, int ifindex, union address *address)
{
	memset(address, 0, sizeof(*address));
	if (is_v4(bytes)) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons(port);
		memcpy(&address->v4.sin_addr, bytes + V4_AT, 4);
		return sizeof(address->v4);
	}
	address->v6.sin6_family = AF_INET6;
	address->v6.sin6_port = htons(port);
	memcpy(&address->v6.sin6_addr, bytes, 16);
	if (IN6_IS_ADDR_LINKLOCAL(&address->v6.sin6_addr))
		address->v6.sin6_scope_id = ifindex;
	return sizeof(address->v6);
}

static void from_v4(const struct in_addr *address, uint8_t *bytes)
{
	memset(bytes, 0, 10);
	memset(bytes + 10, 0xff, 2);
	memcpy(bytes + V4_AT, address, 4);
}

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

static int closed_with_error(int fd)
{
	int error = errno;

	close(fd);
	return -error;
}

static int udp_socket(int family)
{
	return socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static int tell_v4(int fd)
{
	return set(fd, IPPROTO_IP, IP_RECVTTL, 1) | set(fd, IPPROTO_IP, IP_PKTINFO, 1);
}

static int tell_v6(int fd)
{
	return set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) | set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) |
	       set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

static jint bfd_open_receiver(JNIEnv *env, jclass class, jint v6, jint port)
{
	union address any = {0};
	int family = v6 ? AF_INET6 : AF_INET;
	int fd = udp_socket(family);

	(void)env;
	(void)class;
	if (fd < 0)
		return -errno;
	any.any.sa_family = family;
	any.v4.sin_port = htons(port); /* at the same place in both families */
	if ((v6 ? tell_v6(fd) : tell_v4(fd)) != 0 || bind(fd, &any.any, v6 ? sizeof(any.v6) : sizeof(any.v4)) < 0)
		return closed_with_error(fd);
	return fd;
}

static int mark_v4(int fd)
{
	set(fd, IPPROTO_IP, IP_TOS, NETWORK_CONTROL);
	return set(fd, IPPROTO_IP, IP_TTL, HIGHEST_TTL);
}

static int mark_v6(int fd)
{
	set(fd, IPPROTO_IPV6, IPV6_TCLASS, NETWORK_CONTROL);
	return set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, HIGHEST_TTL);
}

static jint bfd_open_sender(JNIEnv *env, jclass class, jobject local, jint port, jint ifindex)
{
	const uint8_t *bytes = (*env)->GetDirectBufferAddress(env, local);
	union address address;
	socklen_t size;
	int fd;

	(void)class;
	if (bytes == NULL)
		return -EINVAL;
	size = to_address(bytes, port, ifindex, &address);
	fd = udp_socket(address.any.sa_family);
	if (fd < 0)
		return -errno;
	if ((address.any.sa_family == AF_INET ? mark_v4(fd) : mark_v6(fd)) < 0)
		return closed_with_error(fd);
	if (ifindex != 0 && set(fd, SOL_SOCKET, SO_BINDTOIFINDEX, ifindex) < 0)
		return closed_with_error(fd);
	/* Nobody sends to this port; what comes all the same is not kept. */
	set(fd, SOL_SOCKET, SO_RCVBUF, 0);
	if (bind(fd, &address.any, size) < 0)
		return closed_with_error(fd);
	return fd;
}

static jint bfd_send(JNIEnv *env, jclass class, jint fd, jobject peer, jint port, jint ifindex, jobject packet,
		     jint length)
{
	const uint8_t *to = (*env)->GetDirectBufferAddress(env, peer);
	void *bytes = (*env)->GetDirectBufferAddress(env, packet);
	union address address;
	socklen_t size;
	ssize_t sent;

	(void)class;
	if (to == NULL || bytes == NULL || length < 0 || length > (*env)->GetDirectBufferCapacity(env, packet))
		return -EINVAL;
	size = to_address(to, port, ifindex, &address);
	do
		sent = sendto(fd, bytes, length, 0, &address.any, size);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : (jint)sent;
}

static void read_control(struct cmsghdr *header, struct arrival *arrival)
{
	if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_TTL) {
		memcpy(&arrival->ttl, CMSG_DATA(header), sizeof(arrival->ttl));
	} else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_HOPLIMIT) {
		memcpy(&arrival->ttl, CMSG_DATA(header), sizeof(arrival->ttl));
	} else if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(header), sizeof(info));
		from_v4(&info.ipi_addr, arrival->destination);
		arrival->ifindex = info.ipi_ifindex;
	} else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, CMSG_DATA(header), sizeof(info));
		memcpy(arrival->destination, &info.ipi6_addr, sizeof(arrival->destination));
		arrival->ifindex = info.ipi6_ifindex;
	}
}

static jint bfd_receive(JNIEnv *env, jclass class, jint fd, jobject into)
{
	struct arrival *arrival = (*env)->GetDirectBufferAddress(env, into);
	jlong room = (*env)->GetDirectBufferCapacity(env, into) - (jlong)sizeof(struct arrival);
	union address source = {0};
	struct iovec bytes;
	_Alignas(struct cmsghdr) char control[256];
	struct msghdr message = {
		.msg_name = &source,
		.msg_namelen = sizeof(source),
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t received;

	(void)class;
	if (arrival == NULL || room <= 0)
		return -EINVAL;
	memset(arrival, 0, sizeof(*arrival));
	arrival->ttl = -1;
	bytes = (struct iovec){arrival->payload, room};
	received = recvmsg(fd, &message, 0);
	if (received < 0)
		return -errno;
	if (source.any.sa_family == AF_INET)
		from_v4(&source.v4.sin_addr, arrival->source);
	else
		memcpy(arrival->source, &source.v6.sin6_addr, sizeof(arrival->source));
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header))
		read_control(header, arrival);
	return (jint)received;
}

static jint bfd_ifindex(JNIEnv *env, jclass class, jstring device)
{
	const char *name = (*env)->GetStringUTFChars(env, device, NULL);
	unsigned int ifindex;

	(void)class;
	if (name == NULL)
		return -ENOMEM;
	ifindex = if_nametoindex(name);
	(*env)->ReleaseStringUTFChars(env, device, name);
	return ifindex == 0 ? -ENODEV : (jint)ifindex;
}

static jint bfd_open_wait(JNIEnv *env, jclass class)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	(void)env;
	(void)class;
	return fd < 0 ? -errno : fd;
}

static jint bfd_open_bell(JNIEnv *env, jclass class)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	(void)env;
	(void)class;
	return fd < 0 ? -errno : fd;
}

static jint bfd_ring(JNIEnv *env, jclass class, jint bell)
{
	(void)env;
	(void)class;
	return eventfd_write(bell, 1) < 0 ? -errno : 0;
}

static jint bfd_silence(JNIEnv *env, jclass class, jint bell)
{
	eventfd_t rung;

	(void)env;
	(void)class;
	return eventfd_read(bell, &rung) < 0 ? -errno : 0;
}

static jint bfd_watch(JNIEnv *env, jclass class, jint wait, jint fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	(void)env;
	(void)class;
	return epoll_ctl(wait, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static jint bfd_await(JNIEnv *env, jclass class, jint wait, jlong nanos)
{
	struct timespec limit = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
	struct epoll_event event;
	int ready = epoll_pwait2(wait, &event, 1, &limit, NULL);

	(void)env;
	(void)class;
	if (ready < 0 && errno == ENOSYS) /* before Linux 5.11: by milliseconds, rounded up so that nothing spins */
		ready = epoll_wait(wait, &event, 1, (int)((nanos + 999999) / 1000000));
	return ready < 0 ? -errno : ready;
}

static jint bfd_close(JNIEnv *env, jclass class, jint fd)
{
	(void)env;
	(void)class;
	return close(fd) < 0 ? -errno : 0;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
	static const JNINativeMethod natives[] = {
		{"openReceiver", "(II)I", (void *)bfd_open_receiver},
		{"openSender", "(Ljava/nio/ByteBuffer;II)I", (void *)bfd_open_sender},
		{"send", "(ILjava/nio/ByteBuffer;IILjava/nio/ByteBuffer;I)I", (void *)bfd_send},
		{"receive", "(ILjava/nio/ByteBuffer;)I", (void *)bfd_receive},
		{"ifindex", "(Ljava/lang/String;)I", (void *)bfd_ifindex},
		{"openWait", "()I", (void *)bfd_open_wait},
		{"openBell", "()I", (void *)bfd_open_bell},
		{"ring", "(I)I", (void *)bfd_ring},
		{"silence", "(I)I", (void *)bfd_silence},
		{"watch", "(II)I", (void *)bfd_watch},
		{"await", "(IJ)I", (void *)bfd_await},
		{"close", "(I)I", (void *)bfd_close},
	};
	JNIEnv *env;
	jclass class;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
		return JNI_ERR;
	class = (*env)->FindClass(env, "dev/tombolo/bgp/bfd/process/LibBfd");
	if (class == NULL)
		return JNI_ERR;
	if ((*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) != 0)
		return JNI_ERR;
	return JNI_VERSION_1_8;
}
