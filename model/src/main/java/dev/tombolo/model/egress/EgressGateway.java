package dev.tombolo.model.egress;

import dev.tombolo.model.label.LabelSelector;

/** The nodes that may be gateways of a policy, and the address they translate to. */
public record EgressGateway(LabelSelector nodes, EgressAddress address) {
    @Override
    public String toString() {
        return "nodes [" + nodes + "] by " + address;
    }
}
