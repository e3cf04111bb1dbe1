package dev.tombolo.kube.object;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A CiliumBGPNodeConfig: the sessions of one node, whose name it has, and how they are. Only the node writes it. */
public record BgpNodeConfigObject(ObjectHead head, Spec spec, Status status) {
    public BgpNodeConfigObject {
        spec = spec == null ? Spec.EMPTY : spec;
        status = status == null ? Status.EMPTY : status;
    }

    /** What a node writes. */
    public record Content(Spec spec, Status status) {}

    /** The sessions that are to be held. */
    public record Spec(List<Instance> bgpInstances) {
        public static final Spec EMPTY = new Spec(List.of());

        public Spec {
            bgpInstances = Text.orEmpty(bgpInstances);
        }
    }

    public record Instance(String name, long localASN, String routerID, List<Peer> peers) {
        public Instance {
            name = Text.orEmpty(name);
            routerID = Text.orEmpty(routerID);
            peers = Text.orEmpty(peers);
        }
    }

    public record Peer(
            String name, String peerAddress, long peerASN, String localAddress, Optional<Reference> peerConfigRef) {
        public Peer {
            name = Text.orEmpty(name);
            peerAddress = Text.orEmpty(peerAddress);
            localAddress = Text.orEmpty(localAddress);
            peerConfigRef = Text.orEmpty(peerConfigRef);
        }
    }

    public record Reference(String name) {
        public Reference {
            name = Text.orEmpty(name);
        }
    }

    /**
     * How they are.
     *
     * @param clusterConfig the CiliumBGPClusterConfig that they are of; empty where none is for this node
     * @param conflictingClusterConfigs others that are for this node and that it does not have
     * @param sessions how many are established, of how many that were asked for, such as {@code 1/2}
     * @param routes how many prefixes are told to at least one router
     * @param down the peers that are not established, in one line
     */
    public record Status(
            String clusterConfig,
            List<String> conflictingClusterConfigs,
            String sessions,
            int routes,
            String down,
            List<InstanceStatus> bgpInstances,
            List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status("", List.of(), "", 0, "", List.of(), List.of());

        public Status {
            clusterConfig = Text.orEmpty(clusterConfig);
            conflictingClusterConfigs = Text.orEmpty(conflictingClusterConfigs);
            sessions = Text.orEmpty(sessions);
            down = Text.orEmpty(down);
            bgpInstances = Text.orEmpty(bgpInstances);
            conditions = Text.orEmpty(conditions);
        }
    }

    public record InstanceStatus(String name, long localASN, List<PeerStatus> peers) {
        public InstanceStatus {
            name = Text.orEmpty(name);
            peers = Text.orEmpty(peers);
        }
    }

    /**
     * How one is.
     *
     * @param peeringState a state of RFC 4271 in lower case, such as {@code established}
     * @param establishedTime since when; empty while it is not
     * @param peerConfig the CiliumBGPPeerConfig that it is like
     * @param reason one CamelCase word for why it is not established; empty where it is
     * @param message the same as a sentence
     * @param bfd of one that is to be watched by it
     */
    public record PeerStatus(
            String name,
            String peerAddress,
            long peerASN,
            String peeringState,
            Optional<Timers> timers,
            Optional<Instant> establishedTime,
            List<RouteCount> routeCount,
            String peerConfig,
            String reason,
            String message,
            Optional<BfdStatus> bfd) {
        public static final String ESTABLISHED = "established";

        public PeerStatus {
            name = Text.orEmpty(name);
            peerAddress = Text.orEmpty(peerAddress);
            peeringState = Text.orEmpty(peeringState);
            timers = Text.orEmpty(timers);
            establishedTime = Text.orEmpty(establishedTime);
            routeCount = Text.orEmpty(routeCount);
            peerConfig = Text.orEmpty(peerConfig);
            reason = Text.orEmpty(reason);
            message = Text.orEmpty(message);
            bfd = Text.orEmpty(bfd);
        }

        public boolean isEstablished() {
            return peeringState.equals(ESTABLISHED);
        }
    }

    /**
     * How BFD with a router is.
     *
     * @param state of RFC 5880 in lower case; {@code unknown} where it cannot be said
     * @param since when it is so
     * @param reason one CamelCase word for why it is not up; empty where it is
     * @param message the same as a sentence
     */
    public record BfdStatus(String state, Optional<Instant> since, String reason, String message) {
        public static final String UP = "up";

        public BfdStatus {
            state = Text.orEmpty(state);
            since = Text.orEmpty(since);
            reason = Text.orEmpty(reason);
            message = Text.orEmpty(message);
        }

        public boolean isUp() {
            return state.equals(UP);
        }
    }

    /** What was agreed on, in seconds. */
    public record Timers(int appliedHoldTimeSeconds, int appliedKeepaliveSeconds) {}

    public record RouteCount(String afi, String safi, int received, int advertised) {
        public RouteCount {
            afi = Text.orEmpty(afi);
            safi = Text.orEmpty(safi);
        }
    }
}
