package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.egress.NatHalves.Half;
import dev.tombolo.model.net.SocketEndpoint;

/** What the programs of a pod's node remember of flows that they steered. */
public final class SteeredFlows {
    private final BpfMap<EgressTuple, EgressFlow> flows;
    private final BpfMap<EgressTuple, EgressNat> translations;

    public SteeredFlows(EgressMaps maps) {
        flows = maps.flows();
        translations = maps.translations();
    }

    /**
     * Ends one before its time, after which nothing that still comes back of it reaches the pod: neither by a carrier nor,
     * where this node is its gateway, by the uplink.
     *
     * @param pod with the id of its echoes in place of a port
     */
    public void end(SocketEndpoint pod, SocketEndpoint far, int protocol) throws BpfException {
        var key = new EgressTuple(pod.address(), far.address(), pod.port(), far.port(), protocol, EgressTuple.OUT);
        flows.delete(key);
        var nat = translations.lookup(key);
        if (nat.isPresent()) {
            new NatHalves(translations).end(new Half(key, nat.get()));
        }
    }
}
