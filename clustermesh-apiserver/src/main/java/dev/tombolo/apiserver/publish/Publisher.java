package dev.tombolo.apiserver.publish;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.apiserver.store.LeasedPrefix;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.IdentityCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.protocol.NodeCodec;
import dev.tombolo.kvstore.protocol.ServiceCodec;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps {@code cilium/state} equal to the publication. A kind's canary is set once its prefix holds exactly what it
 * should: what an earlier process left has been swept by then.
 */
public final class Publisher implements AutoCloseable {
    private static final Duration CHECK = Duration.ofSeconds(1);

    private final SelfCluster self;
    private final Announcements announcements;
    private final Map<Kind, LeasedPrefix> prefixes = new EnumMap<>(Kind.class);
    private final List<Derivation<String, Value>> encoders = new ArrayList<>();
    private final List<Passes> passes = new ArrayList<>();

    public Publisher(
            Publication publication,
            SelfCluster self,
            KvStore store,
            Duration lease,
            Announcements announcements,
            Passes.Failures failures,
            Clock clock) {
        this.self = self;
        this.announcements = announcements;
        var tables = new EnumMap<Kind, Table<String, Value>>(Kind.class);
        for (Kind kind : Kind.values()) {
            tables.put(kind, new Table<>("etcd " + MeshKeys.state(kind, self.name())));
        }
        encode(tables.get(Kind.NODES), Kind.NODES, publication.nodes(), n -> n, NodeCodec::encode);
        encode(
                tables.get(Kind.IDENTITIES),
                Kind.IDENTITIES,
                publication.identities(),
                SecurityIdentity::toString,
                IdentityCodec::encode);
        encode(
                tables.get(Kind.IPS),
                Kind.IPS,
                publication.endpoints(),
                ip -> EndpointCodec.leaf(Prefix.host(ip)),
                EndpointCodec::encode);
        encode(
                tables.get(Kind.SERVICES),
                Kind.SERVICES,
                publication.services(),
                Object::toString,
                ServiceCodec::encode);
        tables.get(Kind.ENDPOINT_SLICES).markInitialized();
        tables.get(Kind.SERVICE_EXPORTS).markInitialized();
        tables.forEach((kind, table) ->
                prefixes.put(kind, LeasedPrefix.start(store, MeshKeys.state(kind, self.name()), lease, table, clock)));
        announcements.config(
                self.name(),
                new ClusterConfig(
                        self.id().value(), true, false, self.numbering().maxConnectedClusters()));
        List<Table<?, ?>> applied = new ArrayList<>();
        prefixes.values().forEach(prefix -> applied.add(prefix.applied()));
        passes.add(Passes.start("canaries", CHECK, applied, failures, this::announce));
    }

    /** Whether everything that is known of this cluster is in etcd for peers to read. */
    public boolean ready() {
        return prefixes.values().stream().allMatch(prefix -> prefix.applied().initialized());
    }

    public int count(Kind kind) {
        return prefixes.get(kind).applied().snapshot().size();
    }

    public Optional<String> problem() {
        return prefixes.values().stream()
                .flatMap(prefix -> prefix.problem().stream())
                .findFirst();
    }

    @Override
    public void close() {
        passes.forEach(Passes::close);
        encoders.forEach(Derivation::close);
        prefixes.values().forEach(LeasedPrefix::close);
    }

    private void announce() {
        var complete = new TreeSet<String>();
        prefixes.forEach((kind, prefix) -> {
            if (prefix.inSync()) {
                complete.add(MeshKeys.stateCanary(kind, self.name()));
            }
        });
        announcements.canaries(Set.copyOf(complete));
    }

    private <K extends Comparable<? super K>, V> void encode(
            Table<String, Value> output,
            Kind kind,
            Table<K, V> rows,
            Function<K, String> leaf,
            Function<V, Value> value) {
        String prefix = MeshKeys.state(kind, self.name());
        var keys = new java.util.concurrent.ConcurrentHashMap<String, K>();
        Function<K, String> key = row -> {
            String text = prefix + leaf.apply(row);
            keys.put(text, row);
            return text;
        };
        encoders.add(Derivation.into(output)
                .from(rows, row -> List.of(key.apply(row)))
                .keys(() -> rows.snapshot().stream()
                        .map(row -> key.apply(row.getKey()))
                        .collect(Collectors.toSet()))
                .row(text -> {
                    var found = Optional.ofNullable(keys.get(text))
                            .flatMap(row -> rows.snapshot().get(row));
                    if (found.isEmpty()) {
                        keys.remove(text);
                    }
                    return found.map(value);
                })
                .start());
    }
}
