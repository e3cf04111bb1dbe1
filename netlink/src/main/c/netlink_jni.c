/* The sockets, and nothing else: messages are encoded and decoded in Java. Results are >= 0 or -errno. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/icmp.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

struct opening {
	const char *netns;
	int family;
	int protocol;
	int result;
};

static int open_netlink(int protocol)
{
	struct sockaddr_nl local = {.nl_family = AF_NETLINK};
	int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	/* Better error messages; kernels without them are still served. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return fd;
}

/* Answers to echo requests, with their IP headers; room for those of a whole round. */
static int open_echo(void)
{
	struct icmp_filter filter = {.data = ~(1U << ICMP_ECHOREPLY)};
	int room = 1 << 20;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter)) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	/* Beyond the limit of the machine where that is allowed; with less room answers may get lost. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return fd;
}

/* Of no protocol, so that nothing is queued to it. */
static int open_arp(void)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

static int open_socket(const struct opening *opening)
{
	switch (opening->family) {
	case AF_INET:
		return open_echo();
	case AF_PACKET:
		return open_arp();
	default:
		return open_netlink(opening->protocol);
	}
}

static void *open_in_netns(void *argument)
{
	struct opening *opening = argument;
	int ns = open(opening->netns, O_RDONLY | O_CLOEXEC);

	if (ns < 0) {
		opening->result = -errno;
		return NULL;
	}
	opening->result = setns(ns, CLONE_NEWNET) < 0 ? -errno : open_socket(opening);
	close(ns);
	return NULL;
}

/* A socket stays in the namespace it was made in; a short-lived thread makes it, so that no Java thread ever moves. */
static jint open_where(JNIEnv *env, jstring netns, struct opening opening)
{
	pthread_t thread;
	int error;

	if (netns == NULL)
		return open_socket(&opening);
	opening.netns = (*env)->GetStringUTFChars(env, netns, NULL);
	if (opening.netns == NULL)
		return -ENOMEM;
	error = pthread_create(&thread, NULL, open_in_netns, &opening);
	if (error == 0)
		pthread_join(thread, NULL);
	else
		opening.result = -error;
	(*env)->ReleaseStringUTFChars(env, netns, opening.netns);
	return opening.result;
}

static jint nl_open(JNIEnv *env, jclass class, jstring netns, jint protocol)
{
	struct opening opening = {.family = AF_NETLINK, .protocol = protocol, .result = -ENOMEM};

	(void)class;
	return open_where(env, netns, opening);
}

static jint nl_open_echo(JNIEnv *env, jclass class, jstring netns)
{
	struct opening opening = {.family = AF_INET, .result = -ENOMEM};

	(void)class;
	return open_where(env, netns, opening);
}

static jint nl_open_arp(JNIEnv *env, jclass class, jstring netns)
{
	struct opening opening = {.family = AF_PACKET, .result = -ENOMEM};

	(void)class;
	return open_where(env, netns, opening);
}

static jint send_to(JNIEnv *env, jint fd, jobject buffer, jint length, const void *address, socklen_t size)
{
	void *bytes = (*env)->GetDirectBufferAddress(env, buffer);
	ssize_t sent;

	if (bytes == NULL || length < 0 || length > (*env)->GetDirectBufferCapacity(env, buffer))
		return -EINVAL;
	do
		sent = sendto(fd, bytes, length, 0, address, size);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : (jint)sent;
}

static jint nl_send(JNIEnv *env, jclass class, jint fd, jobject buffer, jint length)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	(void)class;
	return send_to(env, fd, buffer, length, &kernel, sizeof(kernel));
}

static jint nl_send_echo(JNIEnv *env, jclass class, jint fd, jobject buffer, jint length, jint ip)
{
	struct sockaddr_in host = {.sin_family = AF_INET, .sin_addr.s_addr = htonl((uint32_t)ip)};

	(void)class;
	return send_to(env, fd, buffer, length, &host, sizeof(host));
}

/* The index of a device in the socket's namespace. */
static int index_of(JNIEnv *env, jint fd, jstring name)
{
	const char *text = (*env)->GetStringUTFChars(env, name, NULL);
	struct ifreq device = {0};

	if (text == NULL)
		return -ENOMEM;
	strncpy(device.ifr_name, text, IFNAMSIZ - 1);
	(*env)->ReleaseStringUTFChars(env, name, text);
	return ioctl(fd, SIOCGIFINDEX, &device) < 0 ? -errno : device.ifr_ifindex;
}

static jint nl_send_echo_by(JNIEnv *env, jclass class, jint fd, jobject buffer, jint length, jint ip, jstring device,
			    jint source)
{
	struct sockaddr_in host = {.sin_family = AF_INET, .sin_addr.s_addr = htonl((uint32_t)ip)};
	struct iovec bytes = {(*env)->GetDirectBufferAddress(env, buffer), length};
	struct in_pktinfo way = {.ipi_spec_dst.s_addr = htonl((uint32_t)source)};
	union {
		char room[CMSG_SPACE(sizeof(way))];
		struct cmsghdr aligned;
	} control = {0};
	struct msghdr message = {
		.msg_name = &host,
		.msg_namelen = sizeof(host),
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	ssize_t sent;

	(void)class;
	if (bytes.iov_base == NULL || length < 0 || length > (*env)->GetDirectBufferCapacity(env, buffer))
		return -EINVAL;
	way.ipi_ifindex = index_of(env, fd, device);
	if (way.ipi_ifindex < 0)
		return way.ipi_ifindex;
	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_PKTINFO;
	header->cmsg_len = CMSG_LEN(sizeof(way));
	memcpy(CMSG_DATA(header), &way, sizeof(way));
	do
		sent = sendmsg(fd, &message, 0);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : (jint)sent;
}

static jint nl_send_arp(JNIEnv *env, jclass class, jint fd, jobject buffer, jint length, jint ifindex)
{
	struct sockaddr_ll everybody = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_ARP),
		.sll_ifindex = ifindex,
		.sll_halen = ETHER_ADDR_LEN,
		.sll_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	};

	(void)class;
	return send_to(env, fd, buffer, length, &everybody, sizeof(everybody));
}

/* An IPv6 packet to ff02::1. */
static jint nl_send_to_all_nodes(JNIEnv *env, jclass class, jint fd, jobject buffer, jint length, jint ifindex)
{
	struct sockaddr_ll all_nodes = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IPV6),
		.sll_ifindex = ifindex,
		.sll_halen = ETHER_ADDR_LEN,
		.sll_addr = {0x33, 0x33, 0x00, 0x00, 0x00, 0x01},
	};

	(void)class;
	return send_to(env, fd, buffer, length, &all_nodes, sizeof(all_nodes));
}

static jint nl_hardware_address(JNIEnv *env, jclass class, jint fd, jint ifindex, jobject buffer)
{
	void *bytes = (*env)->GetDirectBufferAddress(env, buffer);
	struct ifreq device = {.ifr_ifindex = ifindex};

	(void)class;
	if (bytes == NULL || (*env)->GetDirectBufferCapacity(env, buffer) < ETHER_ADDR_LEN)
		return -EINVAL;
	if (ioctl(fd, SIOCGIFNAME, &device) < 0 || ioctl(fd, SIOCGIFHWADDR, &device) < 0)
		return -errno;
	if (device.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return -EOPNOTSUPP;
	memcpy(bytes, device.ifr_hwaddr.sa_data, ETHER_ADDR_LEN);
	return 0;
}

static jint nl_receive(JNIEnv *env, jclass class, jint fd, jobject buffer, jint timeout_ms)
{
	void *bytes = (*env)->GetDirectBufferAddress(env, buffer);
	jlong capacity = (*env)->GetDirectBufferCapacity(env, buffer);
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	union {
		struct sockaddr_nl netlink;
		struct sockaddr_in host;
	} sender = {0};
	socklen_t sender_size = sizeof(sender);
	ssize_t received;
	int polled;

	(void)class;
	if (bytes == NULL)
		return -EINVAL;
	polled = poll(&ready, 1, timeout_ms);
	if (polled == 0)
		return -ETIMEDOUT;
	if (polled < 0)
		return -errno;
	received = recvfrom(fd, bytes, capacity, MSG_TRUNC | MSG_DONTWAIT, (struct sockaddr *)&sender, &sender_size);
	if (received < 0)
		return -errno;
	if (sender.netlink.nl_family == AF_NETLINK && sender.netlink.nl_pid != 0) /* another process may write to our port; only the kernel is believed */
		return -EAGAIN;
	return received > capacity ? -EMSGSIZE : (jint)received;
}

static jint nl_close(JNIEnv *env, jclass class, jint fd)
{
	(void)env;
	(void)class;
	return close(fd) < 0 ? -errno : 0;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
	static const JNINativeMethod natives[] = {
		{"open", "(Ljava/lang/String;I)I", (void *)nl_open},
		{"openEcho", "(Ljava/lang/String;)I", (void *)nl_open_echo},
		{"openArp", "(Ljava/lang/String;)I", (void *)nl_open_arp},
		{"send", "(ILjava/nio/ByteBuffer;I)I", (void *)nl_send},
		{"sendEcho", "(ILjava/nio/ByteBuffer;II)I", (void *)nl_send_echo},
		{"sendEchoBy", "(ILjava/nio/ByteBuffer;IILjava/lang/String;I)I", (void *)nl_send_echo_by},
		{"sendArp", "(ILjava/nio/ByteBuffer;II)I", (void *)nl_send_arp},
		{"sendToAllNodes", "(ILjava/nio/ByteBuffer;II)I", (void *)nl_send_to_all_nodes},
		{"hardwareAddress", "(IILjava/nio/ByteBuffer;)I", (void *)nl_hardware_address},
		{"receive", "(ILjava/nio/ByteBuffer;I)I", (void *)nl_receive},
		{"close", "(I)I", (void *)nl_close},
	};
	JNIEnv *env;
	jclass class;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
		return JNI_ERR;
	class = (*env)->FindClass(env, "dev/tombolo/netlink/LibNetlink");
	if (class == NULL)
		return JNI_ERR;
	if ((*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) != 0)
		return JNI_ERR;
	return JNI_VERSION_1_8;
}
