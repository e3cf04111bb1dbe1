// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Ingress of the WireGuard device: whose packet is this? WireGuard has already tied the source to a
 * peer by AllowedIPs; here it is tied to a cluster, counted, and refused if it claims to be ours.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../lib/addr.h"
#include "../lib/ipcache.h"
#include "../lib/metrics.h"
#include "../maps/cluster_traffic.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* 0 on a device without a link layer; 14 lets the same program run on Ethernet. */
const volatile __u32 l3_offset = 0;
/* Off while addresses may arrive later than the packets that carry them. */
const volatile __u8 drop_unknown_source = 0;

#define IPV4_HEADER_MIN	20
#define IPV6_HEADER	40

static __always_inline int drop(struct __sk_buff *skb, enum verdict_reason reason)
{
	count_verdict(reason, HOOK_FROM_TUNNEL, skb->len);
	return TC_ACT_SHOT;
}

/* The next program or the stack decides; TC_ACT_OK would end the chain of other people's filters. */
static __always_inline int pass(struct __sk_buff *skb, enum verdict_reason reason)
{
	count_verdict(reason, HOOK_FROM_TUNNEL, skb->len);
	return TC_ACT_UNSPEC;
}

static __always_inline bool source_v4(struct __sk_buff *skb, struct addr *source)
{
	__u32 length = skb->len - l3_offset;
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, l3_offset, &ip, sizeof(ip)))
		return false;
	if (ip.version != 4 || ip.ihl * 4 < IPV4_HEADER_MIN || ip.ihl * 4 > length)
		return false;
	if (bpf_ntohs(ip.tot_len) < ip.ihl * 4 || bpf_ntohs(ip.tot_len) > length)
		return false;
	*source = addr_v4(ip.saddr);
	return true;
}

static __always_inline bool source_v6(struct __sk_buff *skb, struct addr *source)
{
	__u32 length = skb->len - l3_offset;
	struct ipv6hdr ip;

	if (bpf_skb_load_bytes(skb, l3_offset, &ip, sizeof(ip)))
		return false;
	if (ip.version != 6 || IPV6_HEADER + bpf_ntohs(ip.payload_len) > length)
		return false;
	__builtin_memcpy(source, &ip.saddr, sizeof(*source));
	/* A v4-mapped source on the wire would pass for the IPv4 address in the maps. */
	return !addr_is_v4(source);
}

static __always_inline bool count_cluster(__u32 cluster_id, __u64 bytes)
{
	struct cluster_traffic_key key = { cluster_id };
	struct traffic *t = bpf_map_lookup_elem(&cluster_traffic, &key);
	struct traffic first = { 1, bytes };

	if (t) {
		traffic_add(t, bytes);
		return true;
	}
	return bpf_map_update_elem(&cluster_traffic, &key, &first, BPF_ANY) == 0;
}

SEC("tc")
int from_tunnel(struct __sk_buff *skb)
{
	struct ipcache_entry *entry;
	struct addr source = {};
	bool whole;

	switch (skb->protocol) {
	case bpf_htons(ETH_P_IP):
		whole = source_v4(skb, &source);
		break;
	case bpf_htons(ETH_P_IPV6):
		whole = source_v6(skb, &source);
		break;
	default:
		return drop(skb, DROP_NOT_IP);
	}
	if (!whole)
		return drop(skb, DROP_MALFORMED);
	entry = ipcache_lookup(&source);
	if (!entry)
		return drop_unknown_source ? drop(skb, DROP_UNKNOWN_SOURCE) :
					     pass(skb, PASS_UNKNOWN_SOURCE);
	if (entry->flags & IPCACHE_LOCAL)
		return drop(skb, DROP_SPOOFED_LOCAL);
	if (!count_cluster(entry->cluster_id, skb->len - l3_offset))
		count_verdict(COUNTER_FAILED, HOOK_FROM_TUNNEL, 0);
	return pass(skb, FORWARDED);
}
