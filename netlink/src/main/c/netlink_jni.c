/* The socket, and nothing else: messages are encoded and decoded in Java. Results are >= 0 or -errno. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

struct opening {
	const char *netns;
	int protocol;
	int result;
};

static int open_socket(int protocol)
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

static void *open_in_netns(void *argument)
{
	struct opening *opening = argument;
	int ns = open(opening->netns, O_RDONLY | O_CLOEXEC);

	if (ns < 0) {
		opening->result = -errno;
		return NULL;
	}
	opening->result = setns(ns, CLONE_NEWNET) < 0 ? -errno : open_socket(opening->protocol);
	close(ns);
	return NULL;
}

/* A socket stays in the namespace it was made in; a short-lived thread makes it, so that no Java thread ever moves. */
static jint nl_open(JNIEnv *env, jclass class, jstring netns, jint protocol)
{
	struct opening opening = {.protocol = protocol, .result = -ENOMEM};
	pthread_t thread;
	int error;

	(void)class;
	if (netns == NULL)
		return open_socket(protocol);
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

static jint nl_send(JNIEnv *env, jclass class, jint fd, jobject buffer, jint length)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	void *bytes = (*env)->GetDirectBufferAddress(env, buffer);
	ssize_t sent;

	(void)class;
	if (bytes == NULL || length < 0 || length > (*env)->GetDirectBufferCapacity(env, buffer))
		return -EINVAL;
	do
		sent = sendto(fd, bytes, length, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : (jint)sent;
}

static jint nl_receive(JNIEnv *env, jclass class, jint fd, jobject buffer, jint timeout_ms)
{
	void *bytes = (*env)->GetDirectBufferAddress(env, buffer);
	jlong capacity = (*env)->GetDirectBufferCapacity(env, buffer);
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	struct sockaddr_nl sender = {0};
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
	if (sender.nl_pid != 0) /* another process may write to our port; only the kernel is believed */
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
		{"send", "(ILjava/nio/ByteBuffer;I)I", (void *)nl_send},
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
