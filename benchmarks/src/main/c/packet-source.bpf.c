// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Writes a datagram over whatever frame it is given and sends it out of a device: the next of so many connections.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "packet-source.h"

char _license[] SEC("license") = "Dual BSD/GPL";

const volatile struct source source;

/* Of one CPU: the source runs on one. */
struct progress progress;

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
} __attribute__((packed));

/* Of a header whose checksum is 0 as yet. */
static __always_inline __u16 checksum(struct iphdr *ip)
{
	__u32 sum = bpf_csum_diff(NULL, 0, (__be32 *)ip, sizeof(*ip), 0);

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* What a look at the clock costs is shared by many packets. */
static __always_inline void note_time(void)
{
	if (progress.sent % SENT_BETWEEN_LOOKS == 0)
		progress.last = bpf_ktime_get_ns();
	if (progress.sent == 0)
		progress.first = progress.last;
}

SEC("xdp")
int next_packet(struct xdp_md *xdp)
{
	struct frame *frame = (void *)(long)xdp->data;
	__u32 flow = (progress.sent * source.stride) & (source.flows - 1);
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = bpf_htons(FRAME_SIZE - ETH_HLEN),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = bpf_htonl(source.clients + (flow >> PORT_BITS)),
		.daddr = bpf_htonl(source.services + flow % source.service_count),
	};

	if ((void *)(frame + 1) > (void *)(long)xdp->data_end)
		return XDP_ABORTED;
	note_time();
	progress.sent++;
	ip.check = checksum(&ip);
	for (int i = 0; i < ETH_ALEN; i++) {
		frame->eth.h_dest[i] = source.next_hop[i];
		frame->eth.h_source[i] = source.own[i];
	}
	frame->eth.h_proto = bpf_htons(ETH_P_IP);
	frame->ip = ip;
	frame->udp.source = bpf_htons(FIRST_PORT + (flow & ((1 << PORT_BITS) - 1)));
	frame->udp.dest = bpf_htons(source.port);
	frame->udp.len = bpf_htons(FRAME_SIZE - ETH_HLEN - sizeof(ip));
	frame->udp.check = 0;
	return bpf_redirect(source.device, 0);
}
