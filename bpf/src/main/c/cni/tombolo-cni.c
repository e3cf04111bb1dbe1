// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A chained CNI plugin: marks a new pod as held, before anything of it runs, until the agent knows which egress
 * policies select it. It asks nobody, so it works while the agent is dead; and where no data path is pinned it
 * lets every pod pass, so that none waits for Tombolo. Where the pod's packets come in by a device that was made with
 * it, it has that watched too.
 *
 * Configuration: {"type": "tombolo-cni", "bpffs": "/sys/fs/bpf"}; bpffs may be left out.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cni.h"

#define INPUT_MAX	(1 << 20)
#define BPFFS		"/sys/fs/bpf"
#define NEWEST		"1.1.0"
#define CHAINED		"List tombolo-cni after the plugin that gives pods their addresses."
#define RUNTIME		"See what the container runtime and the plugins before this one made of it."
#define CONFIGURATION	"Correct the CNI configuration of the node."
#define NO_ROOM		"Delete pods of this node, or give it room: `tombolo upgrade --set maps.egress-pods=NUMBER`."
#define NO_WRITE	"See that root may write eBPF maps on this node; `tombolo uninstall` takes the plugin off."

/* Since 0.3.0 plugins are chained and addresses are in prevResult.ips. */
static const char *const versions[] = { "0.3.0", "0.3.1", "0.4.0", "1.0.0", NEWEST };

#define VERSIONS	(sizeof(versions) / sizeof(*versions))

/* JSON must be valid text, and what is said here may quote what was read. */
int fail(struct failure *failure, enum cni_code code, const char *remedy, const char *format, ...)
{
	va_list arguments;

	if (failure->code)
		return -1;
	failure->code = code;
	failure->remedy = remedy;
	va_start(arguments, format);
	vsnprintf(failure->message, sizeof(failure->message), format, arguments);
	va_end(arguments);
	for (char *at = failure->message; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return -1;
}

static int print(json_t *value, struct failure *failure)
{
	if (json_dumpf(value, stdout, JSON_COMPACT) || putchar('\n') == EOF || fflush(stdout))
		return fail(failure, CNI_IO, RUNTIME, "the result cannot be written: %s", strerror(errno));
	return 0;
}

static const char *supported(const char *version)
{
	for (size_t i = 0; version && i < VERSIONS; i++)
		if (!strcmp(version, versions[i]))
			return versions[i];
	return NULL;
}

static const char *version_of(const json_t *config)
{
	return json_string_value(json_object_get(config, "cniVersion"));
}

/* NULL, and a failure, unless it is an object. */
static json_t *read_config(struct failure *failure)
{
	static char input[INPUT_MAX + 1];
	size_t size = fread(input, 1, sizeof(input), stdin);
	json_error_t error;
	json_t *config;

	if (ferror(stdin)) {
		fail(failure, CNI_IO, RUNTIME, "the configuration cannot be read: %s", strerror(errno));
		return NULL;
	}
	if (size > INPUT_MAX) {
		fail(failure, CNI_BAD_CONFIGURATION, RUNTIME, "the configuration is larger than %d bytes", INPUT_MAX);
		return NULL;
	}
	config = json_loadb(input, size, JSON_REJECT_DUPLICATES, &error);
	if (!config)
		fail(failure, CNI_NOT_JSON, RUNTIME, "the configuration is not JSON: line %d, column %d: %s",
		     error.line, error.column, error.text);
	if (config && !json_is_object(config)) {
		fail(failure, CNI_NOT_JSON, RUNTIME, "the configuration is not a JSON object");
		json_decref(config);
		return NULL;
	}
	return config;
}

static const char *bpffs_of(const json_t *config, struct failure *failure)
{
	const json_t *given = json_object_get(config, "bpffs");
	const char *path = given ? json_string_value(given) : BPFFS;

	if (!path || *path != '/') {
		fail(failure, CNI_BAD_CONFIGURATION, CONFIGURATION, "bpffs is not an absolute path");
		return NULL;
	}
	return path;
}

/* Of {"address": "192.0.2.7/24"}; IPv4 as the maps have it. */
static int pod_of(const json_t *ip, struct egress_source_key *pod)
{
	static const unsigned char v4_mapped[12] = { [10] = 0xff, [11] = 0xff };
	const char *text = json_string_value(json_object_get(ip, "address"));
	unsigned char bytes[sizeof(pod->address)];
	char host[INET6_ADDRSTRLEN] = "";
	size_t length = text ? strcspn(text, "/") : 0;

	if (length >= sizeof(host))
		return -1;
	if (length)
		memcpy(host, text, length);
	memcpy(bytes, v4_mapped, sizeof(v4_mapped));
	if (inet_pton(AF_INET, host, bytes + sizeof(v4_mapped)) != 1 && inet_pton(AF_INET6, host, bytes) != 1)
		return -1;
	memcpy(&pod->address, bytes, sizeof(bytes));
	return 0;
}

/* Of an interface of a result the name, if it is one of the node. */
static const char *host_device(const json_t *interface)
{
	const char *sandbox = json_string_value(json_object_get(interface, "sandbox"));

	return sandbox && *sandbox ? NULL : json_string_value(json_object_get(interface, "name"));
}

/* A row that an earlier pod of the address left is overwritten. */
static int hold(int map, const char *version, void *result, struct failure *failure)
{
	static const struct egress_source held = { .set_id = EGRESS_UNION, .flags = EGRESS_HELD };
	json_t *interfaces = json_object_get(result, "interfaces"), *ips = json_object_get(result, "ips");
	struct egress_source_key pod;
	json_t *ip, *interface;
	const char *device;
	size_t index;

	json_array_foreach(ips, index, ip) {
		if (pod_of(ip, &pod))
			return fail(failure, CNI_BAD_CONFIGURATION, RUNTIME,
				    "the pod cannot be held: prevResult.ips[%zu] has no address", index);
		if (source_map_put(map, &pod, &held))
			return fail(failure, CNI_NOT_HELD, errno == E2BIG ? NO_ROOM : NO_WRITE,
				    "the pod cannot be held until its egress policies are known: %s/maps/eg_source %s",
				    version, errno == E2BIG ? "is full" : strerror(errno));
	}
	json_array_foreach(interfaces, index, interface) {
		device = host_device(interface);
		if (device && device_watch(version, device, failure))
			return -1;
	}
	return 0;
}

static int release(int map, const char *version, void *result, struct failure *failure)
{
	json_t *interfaces = json_object_get(result, "interfaces"), *ips = json_object_get(result, "ips");
	struct egress_source_key pod;
	json_t *ip, *interface;
	int failed = 0;
	size_t index;

	json_array_foreach(ips, index, ip)
		if (!pod_of(ip, &pod) && source_map_remove(map, &pod) && errno != ENOENT)
			failed = fail(failure, CNI_NOT_HELD, NO_WRITE, "a row of %s/maps/eg_source stays: %s", version,
				      strerror(errno));
	json_array_foreach(interfaces, index, interface)
		if (host_device(interface))
			device_forget(version, host_device(interface));
	return failed;
}

/* Nothing may fail it: a runtime that cannot delete a pod tries for ever. */
static int del(json_t *config, struct failure *failure)
{
	const char *bpffs = config ? bpffs_of(config, failure) : NULL;

	if (bpffs)
		each_source_map(bpffs, release, json_object_get(config, "prevResult"), failure);
	if (failure->code)
		fprintf(stderr, "tombolo-cni: %s\n", failure->message);
	return 0;
}

static int add(json_t *config, struct failure *failure)
{
	json_t *result = json_object_get(config, "prevResult"), *ips = json_object_get(result, "ips");
	const char *bpffs = bpffs_of(config, failure);
	struct failure ignored = { 0 };

	if (!bpffs)
		return -1;
	if (!json_is_object(result))
		return fail(failure, CNI_BAD_CONFIGURATION, CHAINED, "there is no prevResult");
	if (ips && !json_is_null(ips) && !json_is_array(ips))
		return fail(failure, CNI_BAD_CONFIGURATION, RUNTIME, "prevResult.ips is not a list");
	json_object_set(result, "cniVersion", json_object_get(config, "cniVersion"));
	if (!each_source_map(bpffs, hold, result, failure) && !print(result, failure))
		return 0;
	/* A pod that does not start keeps no row: its DEL may come without its addresses. */
	each_source_map(bpffs, release, result, &ignored);
	return -1;
}

/*
 * CHECK: the agent removes the row of a pod that no policy selects, and changes that of others, so nothing is
 * known of it. GC: a row does not say whose it is; the runtime deletes by DEL what it has lost. STATUS: a pod
 * that can't be held says so itself; a node that isn't ready for it would be worse.
 */
static int nothing(json_t *config, struct failure *failure)
{
	(void)config, (void)failure;
	return 0;
}

static int version(json_t *config, struct failure *failure)
{
	const char *asked = config ? version_of(config) : NULL;
	json_t *list = json_array(), *answer;
	int result;

	for (size_t i = 0; i < VERSIONS; i++)
		json_array_append_new(list, json_string(versions[i]));
	answer = json_pack("{s:s, s:o}", "cniVersion", asked ? asked : NEWEST, "supportedVersions", list);
	result = print(answer, failure);
	json_decref(answer);
	return result;
}

static const struct command {
	const char	*name;
	int		(*run)(json_t *config, struct failure *failure);
	int		any_input;	/* also without a configuration that can be used */
} commands[] = {
	{ "ADD", add, 0 },
	{ "DEL", del, 1 },
	{ "CHECK", nothing, 0 },
	{ "GC", nothing, 0 },
	{ "STATUS", nothing, 0 },
	{ "VERSION", version, 1 },
};

static int run(json_t *config, struct failure *failure)
{
	const char *name = getenv("CNI_COMMAND");

	for (size_t i = 0; name && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(name, commands[i].name))
			continue;
		if (commands[i].any_input)
			return commands[i].run(config, failure);
		if (!config)
			return -1;
		if (!supported(version_of(config)))
			return fail(failure, CNI_INCOMPATIBLE, CONFIGURATION,
				    "cniVersion is none of 0.3.0, 0.3.1, 0.4.0, 1.0.0 and " NEWEST);
		return commands[i].run(config, failure);
	}
	failure->code = 0;
	return fail(failure, CNI_BAD_ENVIRONMENT, RUNTIME,
		    "CNI_COMMAND is none of ADD, DEL, CHECK, GC, STATUS and VERSION");
}

int main(void)
{
	struct failure failure = { 0 };
	json_t *config = read_config(&failure);
	const char *version = supported(config ? version_of(config) : NULL);
	int result = run(config, &failure);

	if (result) {
		json_t *error = json_pack("{s:s, s:i, s:s, s:s}", "cniVersion", version ? version : NEWEST, "code",
					  failure.code, "msg", failure.message, "details", failure.remedy);

		print(error, &failure);
		json_decref(error);
	}
	json_decref(config);
	return result ? 1 : 0;
}
