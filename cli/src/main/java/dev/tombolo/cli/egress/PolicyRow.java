package dev.tombolo.cli.egress;

import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A policy, and whether it does what it says.
 *
 * @param programmed what is known of that now
 * @param current whether its status is of the policy as it is now, and somebody keeps it true
 * @param loads of the gateways that say what they have to do for it
 */
public record PolicyRow(EgressPolicyObject policy, Condition programmed, boolean current, List<GatewayLoad> loads) {
    /** The reason of what was said by a mesh API server that is gone. */
    public static final String STALE = "Stale";

    private static final String PROGRAMMED = "Programmed";
    private static final List<String> BESIDES = List.of("Conflict", "GatewaysOut", "Saturated", "Ignored");

    /** What a gateway says of itself. */
    public record GatewayLoad(String node, EgressLoad load) {
        private Map<String, Object> document() {
            var document = new LinkedHashMap<String, Object>();
            document.put("node", node);
            document.put("connections", load.connections());
            document.put("egress_ip", load.egressIP());
            document.put("fullest_destination", load.destination().isEmpty() ? null : load.destination());
            document.put("ports_used", load.portsUsed());
            document.put("ports", load.ports());
            document.put("refused", load.refused());
            document.put("warning", load.warning().isEmpty() ? null : load.warning());
            return document;
        }
    }

    /** All policies, where they are ours and not Cilium's own; else none. */
    public static List<PolicyRow> read(KubeApi api, Instant now) throws IOException {
        if (!api.writes().statuses().hasEgressPolicies()) {
            return List.of();
        }
        var silence = StatusWriter.read(api).silence(now);
        return api.writes().mesh().egressPolicies().stream()
                .map(policy -> of(policy, silence))
                .toList();
    }

    /** @param silence why what statuses say is not known to be true any more, if it is not */
    public static PolicyRow of(EgressPolicyObject policy, Optional<String> silence) {
        var programmed = programmed(policy);
        boolean current = policy.status().observedGeneration() == policy.generation() && silence.isEmpty();
        boolean written = condition(policy, PROGRAMMED).isPresent();
        return silence.filter(_ -> written)
                .map(why -> new PolicyRow(policy, unknown(STALE, why), false, List.of()))
                .orElse(new PolicyRow(policy, programmed, current, List.of()));
    }

    /** A status of another generation says nothing of this one. */
    private static Condition programmed(EgressPolicyObject policy) {
        var said = condition(policy, PROGRAMMED);
        if (said.isEmpty()) {
            return unknown("NoStatus", "the mesh API server has not written one; see tombolo clustermesh status");
        }
        long seen = policy.status().observedGeneration();
        return seen == policy.generation()
                ? said.get()
                : unknown(
                        "Outdated",
                        "the status is of generation " + seen + ", the policy is at " + policy.generation()
                                + "; see tombolo clustermesh status");
    }

    private static Condition unknown(String reason, String message) {
        return new Condition(PROGRAMMED, "Unknown", reason, message, Optional.empty());
    }

    private static Optional<Condition> condition(EgressPolicyObject policy, String type) {
        return policy.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** It does what it says, or selects nothing for which it would have to. */
    public boolean isFine() {
        return programmed.holds()
                || current
                        && condition(policy, "NoMatch").filter(Condition::holds).isPresent();
    }

    /** The same with what those nodes say that have been heard of lately. */
    PolicyRow with(List<MeshNodeObject> nodes, Instant now) {
        var loads = nodes.stream()
                .filter(node -> node.isFresh(now))
                .flatMap(node -> node
                        .egress(policy.name())
                        .flatMap(EgressProgrammed::load)
                        .map(load -> new GatewayLoad(node.name(), load))
                        .stream())
                .toList();
        return new PolicyRow(policy, programmed, current, loads);
    }

    /** On all gateways; empty where none says it. */
    Optional<Integer> connections() {
        return loads.stream().map(gateway -> gateway.load().connections()).reduce(Integer::sum);
    }

    /** The highest use of ports by one of its addresses towards one destination. */
    Optional<String> ports() {
        return loads.stream()
                .map(gateway -> gateway.load().portsPercent())
                .max(Comparator.naturalOrder())
                .map(percent -> percent + " %");
    }

    public String message() {
        var besides = BESIDES.stream()
                .flatMap(type -> condition(policy, type).stream())
                .filter(Condition::holds)
                .map(condition -> condition.type() + ": " + condition.message());
        return Stream.concat(Stream.of(programmed.message()), besides)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    Map<String, Object> document() {
        var status = policy.status();
        var document = new LinkedHashMap<String, Object>();
        document.put("policy", policy.name());
        document.put("generation", policy.generation());
        document.put("observed_generation", status.observedGeneration());
        document.put("selected_pods", status.selectedPods());
        document.put(
                "gateways", status.gateways().stream().map(PolicyRow::document).toList());
        document.put("egress_ips", status.egressIPs());
        document.put("connections", connections().orElse(null));
        document.put("load", loads.stream().map(GatewayLoad::document).toList());
        document.put("programmed", programmed.status());
        document.put("reason", programmed.reason());
        document.put("message", programmed.message());
        document.put(
                "conditions",
                status.conditions().stream().map(PolicyRow::document).toList());
        return document;
    }

    private static Map<String, Object> document(EgressPolicyObject.Gateway gateway) {
        var document = new LinkedHashMap<String, Object>();
        document.put("node", gateway.node());
        document.put("cluster", gateway.cluster());
        document.put("zone", gateway.zone());
        document.put("egress_ip", gateway.egressIP());
        document.put("share", gateway.share());
        document.put("owner", gateway.owner().isEmpty() ? null : gateway.owner());
        return document;
    }

    private static Map<String, Object> document(Condition condition) {
        var document = new LinkedHashMap<String, Object>();
        document.put("type", condition.type());
        document.put("status", condition.status());
        document.put("reason", condition.reason());
        document.put("message", condition.message());
        document.put(
                "since", condition.lastTransitionTime().map(Object::toString).orElse(null));
        return document;
    }
}
