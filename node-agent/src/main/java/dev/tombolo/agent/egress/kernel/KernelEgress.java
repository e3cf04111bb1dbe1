package dev.tombolo.agent.egress.kernel;

import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressAddressKey;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressInternalKey;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRate;
import dev.tombolo.bpf.egress.EgressRateKey;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maps of the egress programs that the agent writes, as one target: what a row refers to is written before it, and
 * removed after it. A pod whose rules could not be written is held rather than let out, and a pod that was held before it
 * ran stays so until it is known.
 */
public final class KernelEgress implements Target<EgressKey, Packed> {
    private static final Logger LOG = LoggerFactory.getLogger(KernelEgress.class);
    private static final int V4 = 4;
    private static final int V6 = 6;
    private static final int SOURCES = 6;

    /** By stage. */
    private final List<MapSection<?, ?>> sections;

    /** Rules that could not be written and are still wanted. */
    private final Set<EgressKey> missingRules = new HashSet<>();

    private final HeldPods held;

    public KernelEgress(EgressMaps maps, HeldPods held) {
        this.held = held;
        sections = List.of(
                new MapSection<>(
                        maps.gateways(),
                        EgressGateway.class,
                        key -> new EgressGatewayKey(key.number()),
                        key -> new EgressKey.Gateway(key.gatewayId())),
                new MapSection<>(
                        maps.addresses(),
                        EgressAddress.class,
                        key -> new EgressAddressKey(key.number(), key.range().isV4() ? V4 : V6),
                        key -> new EgressKey.Address(key.groupId(), key.family() == V4)),
                new MapSection<>(
                        maps.internal(),
                        EgressInternal.class,
                        key -> EgressInternalKey.of(key.range()),
                        key -> new EgressKey.Internal(key.range())),
                new MapSection<>(
                        maps.groups(),
                        EgressGroup.class,
                        key -> new EgressGroupKey(key.number()),
                        key -> new EgressKey.Group(key.groupId())),
                new MapSection<>(
                        maps.rates(),
                        EgressRate.class,
                        key -> new EgressRateKey(key.number()),
                        key -> new EgressKey.Rate(key.policyId())),
                new MapSection<>(
                        maps.rules(),
                        EgressRule.class,
                        key -> EgressRuleKey.of(key.number(), key.range()),
                        key -> new EgressKey.Rule(key.setId(), key.range())),
                new MapSection<>(
                        maps.sources(),
                        EgressSource.class,
                        key -> new EgressSourceKey(key.range().address()),
                        key -> new EgressKey.Source(key.address())));
    }

    @Override
    public Map<EgressKey, Packed> observe() throws IOException {
        return observe(() -> {});
    }

    /** Pods are very many, and a gateway that dies must not wait until all are read. */
    @Override
    public Map<EgressKey, Packed> observe(Runnable between) throws IOException {
        var rows = new HashMap<EgressKey, Packed>();
        for (var section : sections) {
            section.observe(rows, between);
            between.run();
        }
        // Whoever asks puts next what is still wanted; until here pods of rules that are missing stay held.
        missingRules.clear();
        held.keptOf(rows).forEach(address -> rows.remove(new EgressKey.Source(address)));
        return rows;
    }

    /** Whether the row of a pod lets nothing out, as the kernel has it now. */
    public boolean isHeld(IpAddress address) throws IOException {
        return sections.get(SOURCES)
                .lookup(new EgressKey.Source(address))
                .filter(HeldPods::isHeld)
                .isPresent();
    }

    @Override
    public void put(EgressKey key, Packed value) throws IOException {
        sections.get(key.stage()).put(key, value);
    }

    @Override
    public void remove(EgressKey key) throws IOException {
        sections.get(key.stage()).remove(List.of(key));
    }

    @Override
    public Map<EgressKey, IOException> change(Set<EgressKey> gone, Map<EgressKey, Packed> puts) {
        var failures = new LinkedHashMap<EgressKey, IOException>();
        missingRules.removeAll(gone);
        missingRules.removeAll(puts.keySet());
        var byStage = byStage(puts);
        for (int stage = 0; stage < SOURCES; stage++) {
            put(stage, byStage.get(stage), failures);
        }
        failures.keySet().stream().filter(EgressKey.Rule.class::isInstance).forEach(missingRules::add);
        holdSources(puts.keySet(), failures);
        var sources = byStage.get(SOURCES);
        sources.keySet().removeIf(key -> staysHeld(key, held::mayBeNext, failures));
        putSources(sources, failures);
        removeSources(gone, failures);
        for (int stage = SOURCES - 1; stage >= 0; stage--) {
            remove(stage, gone, failures);
        }
        return failures;
    }

    private void removeSources(Set<EgressKey> gone, Map<EgressKey, IOException> failures) {
        var sources = new HashSet<EgressKey>();
        gone.stream()
                .filter(EgressKey.Source.class::isInstance)
                .filter(key -> !staysHeld(key, held::keeps, failures))
                .forEach(sources::add);
        remove(SOURCES, sources, failures);
    }

    /** Also where it cannot be seen: that row is tried again. */
    private boolean staysHeld(EgressKey key, Predicate<IpAddress> stays, Map<EgressKey, IOException> failures) {
        try {
            var address = key.range().address();
            return stays.test(address) && isHeld(address);
        } catch (IOException failure) {
            failures.put(key, failure);
            return true;
        }
    }

    private static List<Map<EgressKey, Packed>> byStage(Map<EgressKey, Packed> rows) {
        var stages = Stream.<Map<EgressKey, Packed>>generate(HashMap::new)
                .limit(SOURCES + 1)
                .toList();
        rows.forEach((key, value) -> stages.get(key.stage()).put(key, value));
        return stages;
    }

    private void put(int stage, Map<EgressKey, Packed> rows, Map<EgressKey, IOException> failures) {
        if (rows.isEmpty()) {
            return;
        }
        try {
            sections.get(stage).put(rows);
        } catch (IOException some) {
            putEach(rows, failures);
        }
    }

    /** Pods that are in a set already to which a rule could not be added. */
    private void holdSources(Set<EgressKey> others, Map<EgressKey, IOException> failures) {
        var sets = failures.keySet().stream()
                .filter(EgressKey.Rule.class::isInstance)
                .map(EgressKey::number)
                .collect(Collectors.toSet());
        if (sets.isEmpty()) {
            return;
        }
        var found = new HashMap<EgressKey, Packed>();
        try {
            sections.get(SOURCES).observe(found, () -> {});
        } catch (IOException failure) {
            LOG.warn("pods whose rules are missing cannot be held: {}", failure.getMessage());
        }
        found.keySet().removeAll(others);
        found.values().removeIf(row -> !(row instanceof EgressSource source && sets.contains(source.setId())));
        putSources(found, failures);
    }

    private void putSources(Map<EgressKey, Packed> rows, Map<EgressKey, IOException> failures) {
        if (missingRules.isEmpty()) {
            put(SOURCES, rows, failures);
            return;
        }
        rows.replaceAll((_, _) -> EgressSource.HELD);
        put(SOURCES, rows, failures);
        rows.keySet()
                .forEach(key -> failures.putIfAbsent(
                        key, new IOException("held, because not all rules of egress policies could be written")));
    }

    /** After a batch that failed: one bad row must not keep the others. */
    private void putEach(Map<EgressKey, Packed> rows, Map<EgressKey, IOException> failures) {
        rows.forEach((key, value) -> {
            try {
                put(key, value);
            } catch (IOException failure) {
                failures.put(key, failure);
            }
        });
    }

    private void remove(int stage, Set<EgressKey> gone, Map<EgressKey, IOException> failures) {
        var keys = gone.stream().filter(key -> key.stage() == stage).toList();
        try {
            sections.get(stage).remove(keys);
        } catch (IOException failure) {
            keys.forEach(key -> failures.put(key, failure));
        }
    }
}
