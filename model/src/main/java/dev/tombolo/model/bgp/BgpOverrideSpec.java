package dev.tombolo.model.bgp;

import java.util.List;
import java.util.Optional;

/** The fields of a CiliumBGPNodeConfigOverride as they were written; nothing of it has been checked. */
public record BgpOverrideSpec(List<Instance> bgpInstances) {
    public BgpOverrideSpec {
        bgpInstances = Written.orEmpty(bgpInstances);
    }

    /** What is other on this node than the cluster's configuration says. */
    public record Instance(
            String name,
            Optional<String> routerID,
            Optional<Integer> localPort,
            Optional<Long> localASN,
            List<Peer> peers) {
        public Instance {
            name = Written.orEmpty(name);
            routerID = Written.text(routerID);
            localPort = Written.orEmpty(localPort);
            localASN = Written.orEmpty(localASN);
            peers = Written.orEmpty(peers);
        }
    }

    public record Peer(String name, Optional<String> localAddress, Optional<Integer> localPort) {
        public Peer {
            name = Written.orEmpty(name);
            localAddress = Written.text(localAddress);
            localPort = Written.orEmpty(localPort);
        }
    }
}
