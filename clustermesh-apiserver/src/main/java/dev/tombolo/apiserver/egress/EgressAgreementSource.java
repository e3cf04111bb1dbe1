package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.AddressOwnerCodec;
import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.GatewayVoteCodec;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads from the own etcd what the agents agreed on: who owns which floating address, and which gateways answer. What was
 * read stays while it is away. What cannot be read says nothing.
 */
public final class EgressAgreementSource implements AutoCloseable {
    private final StoreFollower follower;

    private EgressAgreementSource(StoreFollower follower) {
        this.follower = follower;
    }

    public static EgressAgreementSource start(StoreSource etcd, ClusterName self, EgressTables tables, Clock clock) {
        var owners = new Sink<IpAddress, EgressOwner>(
                tables.owners(),
                key -> IpAddress.tryParse(key.substring(EgressKeys.OWNERS.length())),
                (key, value) -> AddressOwnerCodec.decode(key, value).value().map(owner -> row(self, owner)));
        var votes = new Sink<String, GatewayVote>(
                tables.votes(),
                Optional::of,
                (key, value) -> GatewayVoteCodec.decode(key, value).value());
        var prefixes = List.of(
                new FollowedPrefix(EgressKeys.OWNERS, Optional.empty(), owners),
                new FollowedPrefix(EgressKeys.VOTES, Optional.empty(), votes));
        return new EgressAgreementSource(
                new StoreFollower("egress agreement", etcd, prefixes, FollowPace.DEFAULT, clock, _ -> {}).start());
    }

    private static EgressOwner row(ClusterName self, AddressOwner owner) {
        return new EgressOwner(new NodeId(self, owner.node()), owner.epoch(), owner.group(), owner.since());
    }

    private interface Reading<V> {
        Optional<V> of(String key, Value value);
    }

    private record Sink<K extends Comparable<? super K>, V>(
            Table<K, V> rows, Function<String, Optional<K>> keyOf, Reading<V> reading) implements FollowerSink {
        @Override
        public void listed(Map<String, Value> all) {
            var read = new HashMap<K, V>();
            all.forEach((key, value) ->
                    keyOf.apply(key).ifPresent(row -> reading.of(key, value).ifPresent(said -> read.put(row, said))));
            rows.replaceAll(read);
            rows.markInitialized();
        }

        @Override
        public void put(String key, Value value) {
            keyOf.apply(key)
                    .ifPresent(row -> reading.of(key, value)
                            .ifPresentOrElse(said -> rows.put(row, said), () -> rows.remove(row)));
        }

        @Override
        public void deleted(String key) {
            keyOf.apply(key).ifPresent(rows::remove);
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
