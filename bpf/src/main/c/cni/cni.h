/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the parts of tombolo-cni share: how they fail, the maps that they write, the devices that they watch. */
#pragma once

#include <limits.h>
#include <linux/bpf.h>

#include "../maps/egress_source.h"

/* As the CNI specification numbers them; from 100 on they are a plugin's own. */
enum cni_code {
	CNI_INCOMPATIBLE	= 1,
	CNI_BAD_ENVIRONMENT	= 4,
	CNI_IO			= 5,
	CNI_NOT_JSON		= 6,
	CNI_BAD_CONFIGURATION	= 7,
	CNI_NOT_HELD		= 100,
};

struct failure {
	enum cni_code	code;	/* 0: none */
	char		message[PATH_MAX + 256];
	const char	*remedy;
};

/* Returns -1, always. The first failure is kept: what follows follows from it. */
__attribute__((format(printf, 4, 5)))
int fail(struct failure *failure, enum cni_code code, const char *remedy, const char *format, ...);

/* 0, or -1 after fail(). The version is the directory of its pins. */
typedef int (*source_map_visit)(int map, const char *version, void *context, struct failure *failure);

/*
 * Visits the pinned eg_source of every version of the data path that is there. None: success, Tombolo is not
 * installed or no policy was ever there. A map of other structs than ours is left to its own tombolo-cni; it
 * is a failure only where there is no other map. A failure does not keep the other maps from being visited.
 */
int each_source_map(const char *bpffs, source_map_visit visit, void *context, struct failure *failure);

/* Has the device watched, unless it is a port of another or leads out of the node. 0, or -1 after fail(). */
int device_watch(const char *version, const char *device, struct failure *failure);
/* To be called while the device is there. */
void device_forget(const char *version, const char *device);

/* These return -1 and errno if they fail. */
int bpf(enum bpf_cmd command, union bpf_attr *attr);
int open_pinned(const char *path);
int source_map_put(int map, const struct egress_source_key *pod, const struct egress_source *row);
int source_map_remove(int map, const struct egress_source_key *pod);
