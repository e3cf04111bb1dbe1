package dev.tombolo.model.bgp;

import dev.tombolo.model.label.SelectorSpec;
import java.util.List;
import java.util.Optional;

/** The fields of a CiliumBGPClusterConfig as they were written; nothing of it has been checked. */
public record BgpClusterConfigSpec(Optional<SelectorSpec> nodeSelector, List<Instance> bgpInstances) {
    public BgpClusterConfigSpec {
        nodeSelector = Written.orEmpty(nodeSelector);
        bgpInstances = Written.orEmpty(bgpInstances);
    }

    /** One that speaks; there can be several on a node. */
    public record Instance(
            String name, Optional<Long> localASN, Optional<Integer> localPort, List<Peer> peers, List<Bmp> bmpServers) {
        public Instance {
            name = Written.orEmpty(name);
            localASN = Written.orEmpty(localASN);
            localPort = Written.orEmpty(localPort);
            peers = Written.orEmpty(peers);
            bmpServers = Written.orEmpty(bmpServers);
        }
    }

    /** A router. */
    public record Peer(
            String name,
            Optional<String> peerAddress,
            Optional<Long> peerASN,
            Optional<AutoDiscovery> autoDiscovery,
            Optional<Reference> peerConfigRef) {
        public Peer {
            name = Written.orEmpty(name);
            peerAddress = Written.text(peerAddress);
            peerASN = Written.orEmpty(peerASN);
            autoDiscovery = Written.orEmpty(autoDiscovery);
            peerConfigRef = Written.orEmpty(peerConfigRef);
        }
    }

    /** How the router's address is found where it is not written. */
    public record AutoDiscovery(String mode, Optional<DefaultGateway> defaultGateway, Optional<Unnumbered> unnumbered) {
        public AutoDiscovery {
            mode = Written.orEmpty(mode);
            defaultGateway = Written.orEmpty(defaultGateway);
            unnumbered = Written.orEmpty(unnumbered);
        }
    }

    public record DefaultGateway(String addressFamily) {
        public DefaultGateway {
            addressFamily = Written.orEmpty(addressFamily);
        }
    }

    /** @param device the field {@code interface} */
    public record Unnumbered(Optional<String> device) {
        public Unnumbered {
            device = Written.text(device);
        }
    }

    public record Reference(String name) {
        public Reference {
            name = Written.orEmpty(name);
        }
    }

    /** A monitoring station (RFC 7854). */
    public record Bmp(String name) {
        public Bmp {
            name = Written.orEmpty(name);
        }
    }
}
