// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The pinned maps eg_source, by bpf(2) alone. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cni.h"

#define VERSION_DIGITS	6
#define SOURCES		"/maps/eg_source"
#define UNUSABLE	"See that root can use the bpf file system there and that the node's Tombolo agent is well; " \
			"`tombolo uninstall` takes the plugin off."
#define OTHER_VERSION	"The agent of the node brings the tombolo-cni that belongs to it: wait until it runs."

enum found { NO_MAP, OURS, OTHER_STRUCTS, FAILED };

struct visitor {
	source_map_visit	visit;
	void			*context;
	struct failure		*failure;
};

int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

int open_pinned(const char *path)
{
	union bpf_attr attr;

	/* The kernel wants zeroes behind what a command has; an initializer only clears the first member. */
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)path;
	return bpf(BPF_OBJ_GET, &attr);
}

static int has_our_structs(int map)
{
	struct bpf_map_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = map;
	attr.info.info_len = sizeof(info);
	attr.info.info = (unsigned long)&info;
	return !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) && info.type == BPF_MAP_TYPE_HASH &&
	       info.key_size == sizeof(struct egress_source_key) && info.value_size == sizeof(struct egress_source);
}

static int element(enum bpf_cmd command, int map, const struct egress_source_key *pod, const struct egress_source *row)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (unsigned long)pod;
	attr.value = (unsigned long)row;
	return bpf(command, &attr);
}

int source_map_put(int map, const struct egress_source_key *pod, const struct egress_source *row)
{
	return element(BPF_MAP_UPDATE_ELEM, map, pod, row);
}

int source_map_remove(int map, const struct egress_source_key *pod)
{
	return element(BPF_MAP_DELETE_ELEM, map, pod, NULL);
}

/* As PinDirectory in Java names them: v1, v2 and so on. */
static int is_version(const char *name)
{
	size_t digits;

	if (*name != 'v')
		return 0;
	digits = strspn(name + 1, "0123456789");
	return digits > 0 && digits <= VERSION_DIGITS && !name[1 + digits];
}

/* By errno. */
static enum found unusable(struct failure *failure, const char *path)
{
	fail(failure, CNI_NOT_HELD, UNUSABLE, "%s cannot be used: %s", path, strerror(errno));
	return FAILED;
}

static enum found visit_version(const char *tombolo, const char *version, const struct visitor *visitor)
{
	char path[PATH_MAX], directory[PATH_MAX - sizeof(SOURCES)];
	enum found found;
	int map;

	if (snprintf(directory, sizeof(directory), "%s/%s", tombolo, version) >= (int)sizeof(directory)) {
		errno = ENAMETOOLONG;
		return unusable(visitor->failure, tombolo);
	}
	snprintf(path, sizeof(path), "%s" SOURCES, directory);
	map = open_pinned(path);
	if (map < 0 && errno == ENOENT)
		return NO_MAP;
	if (map < 0)
		return unusable(visitor->failure, path);
	if (!has_our_structs(map))
		found = OTHER_STRUCTS;
	else
		found = visitor->visit(map, directory, visitor->context, visitor->failure) ? FAILED : OURS;
	close(map);
	return found;
}

/* Counts what is found, by its kind. */
static void visit_versions(const char *tombolo, DIR *versions, const struct visitor *visitor, int counts[])
{
	struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(versions);
		if (!entry)
			break;
		if (is_version(entry->d_name))
			counts[visit_version(tombolo, entry->d_name, visitor)]++;
	}
	if (errno)
		counts[unusable(visitor->failure, tombolo)]++;
}

int each_source_map(const char *bpffs, source_map_visit visit, void *context, struct failure *failure)
{
	const struct visitor visitor = { visit, context, failure };
	int counts[FAILED + 1] = { 0 };
	char tombolo[PATH_MAX];
	DIR *versions;

	if (snprintf(tombolo, sizeof(tombolo), "%s/tombolo", bpffs) >= (int)sizeof(tombolo)) {
		errno = ENAMETOOLONG;
		unusable(failure, "bpffs");
		return -1;
	}
	versions = opendir(tombolo);
	if (!versions && errno == ENOENT)
		return 0;
	if (versions) {
		visit_versions(tombolo, versions, &visitor, counts);
		closedir(versions);
	} else {
		counts[unusable(failure, tombolo)]++;
	}
	if (counts[FAILED])
		return -1;
	if (counts[OTHER_STRUCTS] && !counts[OURS])
		return fail(failure, CNI_NOT_HELD, OTHER_VERSION,
			    "the eg_source below %s has other structs than this tombolo-cni", tombolo);
	return 0;
}
