package dev.tombolo.kube.object;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a node's agent says of itself; its name is the node's. */
public record MeshNodeObject(String name, Status status) {
    /** The condition of a node whose new pods nothing holds until their egress policies are known. */
    public static final String NO_POD_START_HOOK = "NoPodStartHook";

    /** Agents write at least every 30 s; after three of those nothing is known of the node. */
    private static final Duration SILENT = Duration.ofSeconds(90);

    public MeshNodeObject {
        status = status == null ? Status.EMPTY : status;
    }

    /** Whether what the agent wrote can still be taken for true. */
    public boolean isFresh(Instant now) {
        return status.heartbeat().filter(beat -> beat.plus(SILENT).isAfter(now)).isPresent();
    }

    /** Why new pods of the node start before their egress policies are known; empty where they do not. */
    public Optional<String> startsPodsUnheld() {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(NO_POD_START_HOOK) && condition.holds())
                .map(Condition::message)
                .findFirst();
    }

    /** What it says of an egress policy. */
    public Optional<EgressProgrammed> egress(String policy) {
        return status.egress().stream()
                .filter(held -> held.policy().equals(policy))
                .findFirst();
    }

    /**
     * The agent's report.
     *
     * @param egress of policies that the node has something to do for: it is a gateway, or selected pods run there
     * @param heartbeat when it was last written; an old one means that nothing here is known to be true any more
     * @param legs of egress policies, as the agent sees them on its node
     */
    public record Status(
            String version,
            boolean ready,
            WireGuard wireguard,
            List<Cluster> clusters,
            int globalServices,
            List<MapUse> maps,
            List<EgressProgrammed> egress,
            List<Problem> errors,
            Optional<Instant> heartbeat,
            List<Condition> conditions,
            NodeLegs legs) {
        public static final Status EMPTY = new Status(
                "", false, WireGuard.NONE, List.of(), 0, List.of(), List.of(), List.of(), Optional.empty(), List.of());

        public Status {
            version = Text.orEmpty(version);
            wireguard = wireguard == null ? WireGuard.NONE : wireguard;
            clusters = Text.orEmpty(clusters);
            maps = Text.orEmpty(maps);
            egress = Text.orEmpty(egress);
            errors = Text.orEmpty(errors);
            heartbeat = Text.orEmpty(heartbeat);
            conditions = Text.orEmpty(conditions);
            legs = legs == null ? NodeLegs.NONE : legs;
        }

        /** Of an agent that has not looked at legs. */
        public Status(
                String version,
                boolean ready,
                WireGuard wireguard,
                List<Cluster> clusters,
                int globalServices,
                List<MapUse> maps,
                List<EgressProgrammed> egress,
                List<Problem> errors,
                Optional<Instant> heartbeat,
                List<Condition> conditions) {
            this(
                    version,
                    ready,
                    wireguard,
                    clusters,
                    globalServices,
                    maps,
                    egress,
                    errors,
                    heartbeat,
                    conditions,
                    NodeLegs.NONE);
        }

        public Status withLegs(NodeLegs seen) {
            return new Status(
                    version,
                    ready,
                    wireguard,
                    clusters,
                    globalServices,
                    maps,
                    egress,
                    errors,
                    heartbeat,
                    conditions,
                    seen);
        }
    }

    /**
     * Its tunnel.
     *
     * @param backend {@code kernel} or {@code user space}
     */
    public record WireGuard(String backend, String publicKey, int port, List<Peer> peers) {
        public static final WireGuard NONE = new WireGuard("", "", 0, List.of());

        public WireGuard {
            backend = Text.orEmpty(backend);
            publicKey = Text.orEmpty(publicKey);
            peers = Text.orEmpty(peers);
        }
    }

    /** A node of another cluster at the other end of the tunnel. */
    public record Peer(
            String cluster, String node, String endpoint, Optional<Instant> lastHandshake, long rxBytes, long txBytes) {
        public Peer {
            cluster = Text.orEmpty(cluster);
            node = Text.orEmpty(node);
            endpoint = Text.orEmpty(endpoint);
            lastHandshake = Text.orEmpty(lastHandshake);
        }
    }

    /**
     * What the agent has of one peer cluster.
     *
     * @param state of what is known; {@code Dead} where that is stale and no path answers either
     * @param paths nodes of the cluster whose path through the tunnel is known to answer or to be dead
     * @param answeringPaths those of them that answer now, whatever the state says
     */
    public record Cluster(
            String name,
            MeshPeerObject.State state,
            Optional<Instant> staleSince,
            int nodes,
            int endpoints,
            int services,
            int paths,
            int answeringPaths) {
        public Cluster {
            name = Text.orEmpty(name);
            state = state == null ? MeshPeerObject.State.Connecting : state;
            staleSince = Text.orEmpty(staleSince);
        }
    }

    /** How full an eBPF map is. */
    public record MapUse(String name, int entries, int capacity) {
        public MapUse {
            name = Text.orEmpty(name);
        }
    }

    /**
     * What the node's data path holds of a CiliumEgressGatewayPolicy.
     *
     * @param generation of the policy as it was read for that
     * @param annotations the same of its annotations, see {@link EgressPolicyObject.Version}
     * @param problem what keeps the data path from doing what the policy says; empty when it does
     * @param load where the node is a gateway of it
     */
    public record EgressProgrammed(
            String policy, long generation, String annotations, String problem, Optional<EgressLoad> load) {
        public EgressProgrammed {
            policy = Text.orEmpty(policy);
            annotations = Text.orEmpty(annotations);
            problem = Text.orEmpty(problem);
            load = Text.orEmpty(load);
        }

        /** Of a policy that this node is no gateway of. */
        public EgressProgrammed(String policy, long generation, String annotations, String problem) {
            this(policy, generation, annotations, problem, Optional.empty());
        }

        /** Of a policy without annotations of ours. */
        public EgressProgrammed(String policy, long generation, String problem) {
            this(policy, generation, "", problem);
        }

        public EgressProgrammed(String policy, EgressPolicyObject.Version version, String problem) {
            this(policy, version.generation(), version.annotations(), problem);
        }

        public EgressProgrammed with(EgressLoad load) {
            return new EgressProgrammed(policy, generation, annotations, problem, Optional.of(load));
        }

        /** The same for as long as nothing is new that somebody should hear of at once. */
        public EgressProgrammed noticeable() {
            return load.map(EgressLoad::noticeable).map(this::with).orElse(this);
        }

        /** Whether it says anything of this form of the policy. */
        public boolean isOf(EgressPolicyObject.Version version) {
            return generation == version.generation() && annotations.equals(version.annotations());
        }
    }

    /**
     * How much a gateway has to do for an egress policy.
     *
     * @param egressIP of those that the policy has there, the one with the least ports left
     * @param destination that the address has the most ports in use towards; empty while there is no connection
     * @param portsUsed how many those are
     * @param ports how many the address has for each destination
     * @param refused connections that the address had no port for, of all its policies
     * @param warning what is or will soon be exhausted; empty where nothing is
     */
    public record EgressLoad(
            int connections,
            String egressIP,
            String destination,
            int portsUsed,
            int ports,
            long refused,
            String warning) {
        public EgressLoad {
            egressIP = Text.orEmpty(egressIP);
            destination = Text.orEmpty(destination);
            warning = Text.orEmpty(warning);
        }

        /** In whole percents, of which the last is full. */
        public int portsPercent() {
            return ports == 0 ? 0 : (int) (100L * portsUsed / ports);
        }

        /** Connections in powers of two, and ports in tenths. */
        private EgressLoad noticeable() {
            return new EgressLoad(
                    Integer.highestOneBit(connections),
                    egressIP,
                    "",
                    portsPercent() / 10,
                    10,
                    Math.min(refused, 1),
                    warning);
        }
    }

    /** Something a person should mend. */
    public record Problem(String what, String message, String fix) {
        public Problem {
            what = Text.orEmpty(what);
            message = Text.orEmpty(message);
            fix = Text.orEmpty(fix);
        }
    }
}
