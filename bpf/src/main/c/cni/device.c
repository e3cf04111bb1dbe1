// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A device by which a pod sends and that was made with it: the agent will not have seen it before the pod sends.
 * The bridge of a node's first pod is one too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cni.h"

/* Since Linux 6.6; older headers have no name for it. */
#define TCX_INGRESS	46
#define PROGRAM		"egress_source"
#define UNUSABLE	"See that root may attach eBPF programs on this node; `tombolo uninstall` takes the plugin off."

static int has(const char *device, const char *attribute)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "/sys/class/net/%s/%s", device, attribute) < (int)sizeof(path) &&
	       !access(path, F_OK);
}

/* A port of a bridge sends by the bridge. One with hardware leads out of the node. */
static int leads_to_pods(const char *device)
{
	return !strchr(device, '/') && !has(device, "master") && !has(device, "device");
}

/* As PinnedPrograms in Java names them. bpffs refuses a dot in a name. */
static int link_path(char path[PATH_MAX], const char *version, const char *device)
{
	int length = snprintf(path, PATH_MAX, "%s/links/" PROGRAM "_%s", version, device);

	if (length >= PATH_MAX)
		return -1;
	for (char *at = path + length - strlen(device); *at; at++)
		if (*at == '.')
			*at = '_';
	return 0;
}

/* Of a link that is pinned there; 0 if there is none, or its device is gone. */
static unsigned int watched(const char *path)
{
	struct bpf_link_info info;
	union bpf_attr attr;
	int link = open_pinned(path), result;

	if (link < 0)
		return 0;
	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = link;
	attr.info.info_len = sizeof(info);
	attr.info.info = (unsigned long)&info;
	result = bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
	close(link);
	/* The index comes first in what is told of a link to a device, of whichever kind. */
	return result ? 0 : info.xdp.ifindex;
}

static int pin(int link, const char *path)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf_fd = link;
	attr.pathname = (unsigned long)path;
	return bpf(BPF_OBJ_PIN, &attr);
}

static int attach(int program, unsigned int ifindex, const char *path)
{
	union bpf_attr attr;
	int link, result;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = program;
	attr.link_create.target_ifindex = ifindex;
	attr.link_create.attach_type = TCX_INGRESS;
	link = bpf(BPF_LINK_CREATE, &attr);
	if (link < 0)
		return -1;
	/* What is pinned under the name watches a device of the same name that is gone. */
	unlink(path);
	result = pin(link, path);
	/* Another plugin or the agent was faster. */
	if (result && errno == EEXIST)
		result = 0;
	close(link);
	return result;
}

int device_watch(const char *version, const char *device, struct failure *failure)
{
	unsigned int ifindex = leads_to_pods(device) ? if_nametoindex(device) : 0;
	char path[PATH_MAX];
	int program, result;

	if (!ifindex)
		return 0;
	if (snprintf(path, sizeof(path), "%s/progs/" PROGRAM, version) >= (int)sizeof(path))
		return 0;
	program = open_pinned(path);
	if (program < 0 && errno == ENOENT)
		return 0;
	result = program < 0 || link_path(path, version, device) ? -1 : 0;
	if (!result && watched(path) != ifindex)
		result = attach(program, ifindex, path);
	if (program >= 0)
		close(program);
	/* A kernel without TCX: the agent attaches by other means once it knows of the pod, and says so. */
	if (result && errno != EINVAL)
		return fail(failure, CNI_NOT_HELD, UNUSABLE, "the pod cannot be held: device %s cannot be watched: %s",
			    device, strerror(errno));
	return 0;
}

/* A pin would outlive the pod's device. A bridge stays, and other pods send by it. */
void device_forget(const char *version, const char *device)
{
	char path[PATH_MAX];

	if (leads_to_pods(device) && !has(device, "bridge") && !link_path(path, version, device))
		unlink(path);
}
