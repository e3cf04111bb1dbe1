package dev.tombolo.kube.object;

import dev.tombolo.model.egress.EgressAnnotations;
import dev.tombolo.model.egress.EgressPolicyReading;
import dev.tombolo.model.egress.EgressPolicySpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A CiliumEgressGatewayPolicy as it was written; {@link #reading} says whether it can be meant. */
public record EgressPolicyObject(
        String name,
        String uid,
        long generation,
        Optional<Instant> created,
        Map<String, String> labels,
        Map<String, String> annotations,
        EgressPolicySpec spec,
        Status status) {
    private static final EgressPolicySpec NOTHING = new EgressPolicySpec(null, null, null, null, null);

    public EgressPolicyObject {
        uid = Text.orEmpty(uid);
        created = Text.orEmpty(created);
        labels = Text.orEmpty(labels);
        annotations = Text.orEmpty(annotations);
        spec = spec == null ? NOTHING : spec;
        status = status == null ? Status.EMPTY : status;
    }

    /** Without labels. */
    public EgressPolicyObject(
            String name,
            String uid,
            long generation,
            Optional<Instant> created,
            Map<String, String> annotations,
            EgressPolicySpec spec,
            Status status) {
        this(name, uid, generation, created, Map.of(), annotations, spec, status);
    }

    /** A policy that is refused is a row like any other, so that its status can say why. */
    public EgressPolicyReading reading() {
        return EgressPolicyReading.of(name, created.orElse(Instant.MAX), spec, annotations);
    }

    /** Which of its forms it has: of its annotations Kubernetes does not raise the generation. */
    public Version version() {
        var ours = new TreeMap<>(annotations);
        ours.keySet().removeIf(key -> !key.startsWith(EgressAnnotations.PREFIX));
        String hash = ours.isEmpty() ? "" : Integer.toHexString(ours.toString().hashCode());
        return new Version(generation, hash);
    }

    /**
     * A form of a policy.
     *
     * @param annotations a hash of those that are Tombolo's; empty where it has none
     */
    public record Version(long generation, String annotations) {}

    /**
     * What is known of it.
     *
     * @param gatewayNames the gateways in one line
     * @param egressIPs the addresses outside in one line
     */
    public record Status(
            long observedGeneration,
            int selectedPods,
            String gatewayNames,
            String egressIPs,
            List<Gateway> gateways,
            List<Condition> conditions) {
        public static final Status EMPTY = new Status(0, 0, "", "", List.of(), List.of());

        public Status {
            gatewayNames = Text.orEmpty(gatewayNames);
            egressIPs = Text.orEmpty(egressIPs);
            gateways = Text.orEmpty(gateways);
            conditions = Text.orEmpty(conditions);
        }
    }

    /**
     * A gateway.
     *
     * @param share how many of 64 parts of the pods it has; 0 where it is left out because it does not answer
     * @param owner the node that owns a floating address now; empty where it does not float or nobody does
     */
    public record Gateway(String node, String cluster, String zone, String egressIP, int share, String owner) {
        public Gateway {
            node = Text.orEmpty(node);
            cluster = Text.orEmpty(cluster);
            zone = Text.orEmpty(zone);
            egressIP = Text.orEmpty(egressIP);
            owner = Text.orEmpty(owner);
        }
    }
}
