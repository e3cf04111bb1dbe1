package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.label.LabelRequirement;
import dev.tombolo.model.label.LabelSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the policies that select a pod without asking each of them: a source that needs a certain label is only tried on
 * pods that have it. A label of the namespace comes first, because it tells most sources apart.
 */
final class PolicyIndex {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";
    private final Map<String, Map<String, List<Candidate>>> byLabel = new HashMap<>();
    private final List<Candidate> others = new ArrayList<>();
    private final boolean asksForNodes;

    private record Candidate(EgressPolicy policy, EgressSource source) {}

    private record Need(String key, Set<String> values) {}

    PolicyIndex(Collection<EgressPolicy> policies) {
        for (var policy : policies) {
            policy.sources().forEach(source -> add(new Candidate(policy, source)));
        }
        asksForNodes = policies.stream()
                .flatMap(policy -> policy.sources().stream())
                .anyMatch(source -> !source.nodes().selectsEverything());
    }

    /** Whether the node that a pod runs on makes a difference to any policy. */
    boolean asksForNodes() {
        return asksForNodes;
    }

    /** The policies that select a pod, by name. */
    List<EgressPolicy> selecting(PodLabels pod, Map<String, String> node) {
        var found = new TreeMap<String, EgressPolicy>();
        collect(others, pod, node, found);
        byLabel.forEach((key, byValue) -> {
            String value = pod.valueOf(key);
            if (value != null) {
                collect(byValue.getOrDefault(value, List.of()), pod, node, found);
            }
        });
        return List.copyOf(found.values());
    }

    private static void collect(
            List<Candidate> candidates, PodLabels pod, Map<String, String> node, Map<String, EgressPolicy> found) {
        for (var candidate : candidates) {
            var source = candidate.source();
            if (!found.containsKey(candidate.policy().name())
                    && source.pods().matches(pod::valueOf)
                    && source.namespaces().matches(pod.ofNamespace())
                    && source.nodes().matches(node)) {
                found.put(candidate.policy().name(), candidate.policy());
            }
        }
    }

    private void add(Candidate candidate) {
        var need = need(candidate.source());
        if (need.isEmpty()) {
            others.add(candidate);
            return;
        }
        var byValue = byLabel.computeIfAbsent(need.get().key(), _ -> new HashMap<>());
        need.get()
                .values()
                .forEach(value ->
                        byValue.computeIfAbsent(value, _ -> new ArrayList<>()).add(candidate));
    }

    private static Optional<Need> need(EgressSource source) {
        return named(source.pods(), PodLabels.NAMESPACE, "")
                .or(() -> named(source.namespaces(), NAMESPACE_NAME, PodLabels.NAMESPACE_LABEL_PREFIX))
                .or(() -> any(source.pods(), ""))
                .or(() -> any(source.namespaces(), PodLabels.NAMESPACE_LABEL_PREFIX));
    }

    private static Optional<Need> named(LabelSelector selector, String key, String prefix) {
        return selector.required(key).map(values -> new Need(prefix + key, values));
    }

    private static Optional<Need> any(LabelSelector selector, String prefix) {
        return selector.requirements().stream()
                .filter(requirement -> requirement.operator() == LabelRequirement.Operator.IN)
                .findFirst()
                .map(requirement -> new Need(prefix + requirement.key(), requirement.values()));
    }
}
