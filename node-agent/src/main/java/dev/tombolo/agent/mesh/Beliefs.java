package dev.tombolo.agent.mesh;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Keeps the rows that are believed: those of declared peers that keep to what was declared. */
public final class Beliefs {
    private Beliefs() {}

    public static <K extends Comparable<? super K>, V> Derivation<K, V> start(
            Table<K, V> heard,
            Table<ClusterName, PeerRules> rules,
            Function<K, ClusterName> cluster,
            BiFunction<PeerRules, V, Optional<Invalid>> check,
            Refusals refusals,
            Table<K, V> believed) {
        return Derivation.into(believed)
                .from(heard, List::of)
                .fromAll(rules)
                .keys(() -> heard.snapshot().stream().map(row -> row.getKey()).toList())
                .row(key -> {
                    var row = heard.snapshot().get(key);
                    var rule = rules.snapshot().get(cluster.apply(key));
                    var refusal = row.flatMap(value -> rule.flatMap(known -> check.apply(known, value)));
                    refusals.note(key, refusal);
                    return rule.isPresent() && refusal.isEmpty() ? row : Optional.empty();
                })
                .start();
    }
}
