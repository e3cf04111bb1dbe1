/*
 * Natives over wireguard-tools' embeddable library. Results are >= 0 or -errno.
 *
 * Every call runs in a short-lived thread, which moves to the namespace asked for: the library opens its sockets in
 * the caller's namespace, and no Java thread may ever move.
 *
 * Buffers, in the machine's own byte order (see PeerBuffer.java):
 *   peer:   key[32] flags:u32 family:u16 port:u16 address[16] keepalive:u32 count:u32  then count allowed IPs
 *   state:  has_key:u32 key[32] port:u32 count:u32  then count times
 *           peer as above with handshake_sec:u64 handshake_nsec:u64 rx:u64 tx:u64 before its allowed IPs
 *   allowed IP: family:u16 length:u16 address[16]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wireguard.h>

#define PEER_REMOVE 1u
#define PEER_UPDATE_KEEPALIVE 2u

struct allowed_ip_bytes {
	uint16_t family;
	uint16_t length;
	uint8_t address[16];
};

struct peer_bytes {
	uint8_t key[32];
	uint32_t flags;
	uint16_t family;
	uint16_t port;
	uint8_t address[16];
	uint32_t keepalive;
	uint32_t count;
};

_Static_assert(sizeof(struct allowed_ip_bytes) == 20, "known to PeerBuffer.java");
_Static_assert(sizeof(struct peer_bytes) == 64, "known to PeerBuffer.java");

struct call {
	int (*run)(struct call *call);
	const char *netns;
	const char *device;
	uint8_t *bytes;
	jlong capacity;
	int port;
	int result;
};

static void *in_thread(void *argument)
{
	struct call *call = argument;

	if (call->netns != NULL) {
		int ns = open(call->netns, O_RDONLY | O_CLOEXEC);

		if (ns < 0) {
			call->result = -errno;
			return NULL;
		}
		if (setns(ns, CLONE_NEWNET) < 0) {
			call->result = -errno;
			close(ns);
			return NULL;
		}
		close(ns);
	}
	call->result = call->run(call);
	return NULL;
}

static jint run(JNIEnv *env, struct call *call, jstring netns, jstring device, jobject buffer)
{
	pthread_t thread;
	int error;

	call->result = -EINVAL;
	if (buffer != NULL) {
		call->bytes = (*env)->GetDirectBufferAddress(env, buffer);
		call->capacity = (*env)->GetDirectBufferCapacity(env, buffer);
		if (call->bytes == NULL)
			return -EINVAL;
	}
	call->netns = netns == NULL ? NULL : (*env)->GetStringUTFChars(env, netns, NULL);
	call->device = (*env)->GetStringUTFChars(env, device, NULL);
	if (call->device != NULL && strlen(call->device) < IFNAMSIZ) {
		error = pthread_create(&thread, NULL, in_thread, call);
		if (error == 0)
			pthread_join(thread, NULL);
		else
			call->result = -error;
	}
	if (call->device != NULL)
		(*env)->ReleaseStringUTFChars(env, device, call->device);
	if (call->netns != NULL)
		(*env)->ReleaseStringUTFChars(env, netns, call->netns);
	return call->result;
}

/* The library returns -errno, and sometimes leaves the reason in errno only. */
static int outcome(int result)
{
	if (result >= 0)
		return 0;
	return result == -1 && errno > 0 ? -errno : result;
}

static int add_device(struct call *call)
{
	return outcome(wg_add_device(call->device));
}

static int delete_device(struct call *call)
{
	return outcome(wg_del_device(call->device));
}

static int configure(struct call *call)
{
	wg_device device = {.flags = WGDEVICE_HAS_PRIVATE_KEY | WGDEVICE_HAS_LISTEN_PORT};
	int result;

	if (call->capacity < (jlong)sizeof(wg_key))
		return -EINVAL;
	strncpy(device.name, call->device, IFNAMSIZ - 1);
	memcpy(device.private_key, call->bytes, sizeof(wg_key));
	device.listen_port = (uint16_t)call->port;
	result = outcome(wg_set_device(&device));
	explicit_bzero(device.private_key, sizeof(wg_key));
	return result;
}

static void put_endpoint(wg_peer *peer, const struct peer_bytes *bytes)
{
	if (bytes->family == AF_INET) {
		peer->endpoint.addr4.sin_family = AF_INET;
		peer->endpoint.addr4.sin_port = htons(bytes->port);
		memcpy(&peer->endpoint.addr4.sin_addr, bytes->address, 4);
	} else if (bytes->family == AF_INET6) {
		peer->endpoint.addr6.sin6_family = AF_INET6;
		peer->endpoint.addr6.sin6_port = htons(bytes->port);
		memcpy(&peer->endpoint.addr6.sin6_addr, bytes->address, 16);
	}
}

static void put_allowed_ip(wg_allowedip *allowed, const struct allowed_ip_bytes *bytes)
{
	allowed->family = bytes->family;
	allowed->cidr = (uint8_t)bytes->length;
	if (bytes->family == AF_INET)
		memcpy(&allowed->ip4, bytes->address, 4);
	else
		memcpy(&allowed->ip6, bytes->address, 16);
}

/* One peer; its allowed IPs are added to those it has (replace_allowed_ips is never used). */
static int set_peer(struct call *call)
{
	wg_device device = {0};
	wg_peer peer = {.flags = WGPEER_HAS_PUBLIC_KEY};
	wg_allowedip *allowed;
	struct peer_bytes bytes;
	int result;

	if (call->capacity < (jlong)sizeof(bytes))
		return -EINVAL;
	memcpy(&bytes, call->bytes, sizeof(bytes));
	if ((uint64_t)call->capacity < sizeof(bytes) + (uint64_t)bytes.count * sizeof(struct allowed_ip_bytes))
		return -EINVAL;
	strncpy(device.name, call->device, IFNAMSIZ - 1);
	memcpy(peer.public_key, bytes.key, sizeof(wg_key));
	if (bytes.flags & PEER_REMOVE)
		peer.flags |= WGPEER_REMOVE_ME;
	if (bytes.flags & PEER_UPDATE_KEEPALIVE) {
		peer.flags |= WGPEER_HAS_PERSISTENT_KEEPALIVE_INTERVAL;
		peer.persistent_keepalive_interval = (uint16_t)bytes.keepalive;
	}
	put_endpoint(&peer, &bytes);
	allowed = calloc(bytes.count + 1, sizeof(*allowed));
	if (allowed == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < bytes.count; i++) {
		struct allowed_ip_bytes one;

		memcpy(&one, call->bytes + sizeof(bytes) + i * sizeof(one), sizeof(one));
		put_allowed_ip(&allowed[i], &one);
		allowed[i].next_allowedip = i + 1 < bytes.count ? &allowed[i + 1] : NULL;
	}
	if (bytes.count > 0) {
		peer.first_allowedip = allowed;
		peer.last_allowedip = &allowed[bytes.count - 1];
	}
	device.first_peer = device.last_peer = &peer;
	result = outcome(wg_set_device(&device));
	free(allowed);
	return result;
}

/* Writes what fits and goes on counting, so that the caller learns how much it needs. */
struct sink {
	uint8_t *at;
	jlong room;
	jlong size;
};

static void put(struct sink *sink, const void *bytes, size_t count)
{
	if (sink->size + (jlong)count <= sink->room)
		memcpy(sink->at + sink->size, bytes, count);
	sink->size += (jlong)count;
}

static void put_u32(struct sink *sink, uint32_t value)
{
	put(sink, &value, sizeof(value));
}

static void put_peer(struct sink *sink, wg_peer *peer)
{
	struct peer_bytes bytes = {.keepalive = peer->persistent_keepalive_interval};
	uint64_t numbers[4] = {(uint64_t)peer->last_handshake_time.tv_sec, (uint64_t)peer->last_handshake_time.tv_nsec,
			       peer->rx_bytes, peer->tx_bytes};
	wg_allowedip *allowed;

	memcpy(bytes.key, peer->public_key, sizeof(wg_key));
	bytes.family = peer->endpoint.addr.sa_family;
	if (bytes.family == AF_INET) {
		bytes.port = ntohs(peer->endpoint.addr4.sin_port);
		memcpy(bytes.address, &peer->endpoint.addr4.sin_addr, 4);
	} else if (bytes.family == AF_INET6) {
		bytes.port = ntohs(peer->endpoint.addr6.sin6_port);
		memcpy(bytes.address, &peer->endpoint.addr6.sin6_addr, 16);
	}
	wg_for_each_allowedip(peer, allowed)
		bytes.count++;
	put(sink, &bytes, sizeof(bytes));
	put(sink, numbers, sizeof(numbers));
	wg_for_each_allowedip(peer, allowed) {
		struct allowed_ip_bytes one = {.family = allowed->family, .length = allowed->cidr};

		if (allowed->family == AF_INET)
			memcpy(one.address, &allowed->ip4, 4);
		else
			memcpy(one.address, &allowed->ip6, 16);
		put(sink, &one, sizeof(one));
	}
}

/* Returns the size of the state; where that is more than the buffer holds, nothing in it counts. */
static int read_device(struct call *call)
{
	struct sink sink = {.at = call->bytes, .room = call->capacity};
	wg_device *device;
	wg_peer *peer;
	uint32_t peers = 0;
	int result = outcome(wg_get_device(&device, call->device));

	if (result < 0)
		return result;
	wg_for_each_peer(device, peer)
		peers++;
	put_u32(&sink, (device->flags & WGDEVICE_HAS_PUBLIC_KEY) != 0);
	put(&sink, device->public_key, sizeof(wg_key));
	put_u32(&sink, device->listen_port);
	put_u32(&sink, peers);
	wg_for_each_peer(device, peer)
		put_peer(&sink, peer);
	explicit_bzero(device->private_key, sizeof(wg_key));
	wg_free_device(device);
	return sink.size > INT32_MAX ? -EOVERFLOW : (int)sink.size;
}

static jint wg_jni_add(JNIEnv *env, jclass class, jstring netns, jstring name)
{
	struct call call = {.run = add_device};

	(void)class;
	return run(env, &call, netns, name, NULL);
}

static jint wg_jni_delete(JNIEnv *env, jclass class, jstring netns, jstring name)
{
	struct call call = {.run = delete_device};

	(void)class;
	return run(env, &call, netns, name, NULL);
}

static jint wg_jni_configure(JNIEnv *env, jclass class, jstring netns, jstring name, jobject key, jint port)
{
	struct call call = {.run = configure, .port = port};

	(void)class;
	return key == NULL ? -EINVAL : run(env, &call, netns, name, key);
}

static jint wg_jni_set_peer(JNIEnv *env, jclass class, jstring netns, jstring name, jobject peer)
{
	struct call call = {.run = set_peer};

	(void)class;
	return peer == NULL ? -EINVAL : run(env, &call, netns, name, peer);
}

static jint wg_jni_read(JNIEnv *env, jclass class, jstring netns, jstring name, jobject into)
{
	struct call call = {.run = read_device};

	(void)class;
	return into == NULL ? -EINVAL : run(env, &call, netns, name, into);
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
	static const JNINativeMethod natives[] = {
		{"addDevice", "(Ljava/lang/String;Ljava/lang/String;)I", (void *)wg_jni_add},
		{"deleteDevice", "(Ljava/lang/String;Ljava/lang/String;)I", (void *)wg_jni_delete},
		{"configure", "(Ljava/lang/String;Ljava/lang/String;Ljava/nio/ByteBuffer;I)I", (void *)wg_jni_configure},
		{"setPeer", "(Ljava/lang/String;Ljava/lang/String;Ljava/nio/ByteBuffer;)I", (void *)wg_jni_set_peer},
		{"readDevice", "(Ljava/lang/String;Ljava/lang/String;Ljava/nio/ByteBuffer;)I", (void *)wg_jni_read},
	};
	JNIEnv *env;
	jclass class;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
		return JNI_ERR;
	class = (*env)->FindClass(env, "dev/tombolo/wireguard/LibWireGuard");
	if (class == NULL)
		return JNI_ERR;
	if ((*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) != 0)
		return JNI_ERR;
	return JNI_VERSION_1_8;
}
