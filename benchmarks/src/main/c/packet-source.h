/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once

#include <linux/types.h>

#define FRAME_SIZE	60	/* the shortest that Ethernet has, without its checksum */
#define FIRST_PORT	10000
#define PORT_BITS	15	/* so many ports of a client; then the next client */

struct source {
	__u32	device;
	__u32	clients;	/* the first address, as services: in the machine's order */
	__u32	services;
	__u32	service_count;
	__u32	flows;		/* a power of two */
	__u32	stride;		/* odd, so that each connection has its turn */
	__u16	port;
	__u8	next_hop[6];
	__u8	own[6];
};

#define SENT_BETWEEN_LOOKS	64

struct progress {
	__u64	sent;
	__u64	first;	/* of the kernel's monotonic clock, in ns; the last one is of the last look */
	__u64	last;
};
