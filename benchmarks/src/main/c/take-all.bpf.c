// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* A veth sends back what a program of XDP returns only where its other end has a program too. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "Dual BSD/GPL";

SEC("xdp")
int take_all(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}
