package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.AddressOwnerCodec;
import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from the own etcd who owns which floating address, as the agents agreed. What was read stays while it is away. */
public final class EgressOwnerSource implements AutoCloseable {
    private final StoreFollower follower;

    private EgressOwnerSource(StoreFollower follower) {
        this.follower = follower;
    }

    public static EgressOwnerSource start(
            StoreSource etcd, ClusterName self, Table<IpAddress, EgressOwner> owners, Clock clock) {
        var prefix = new FollowedPrefix(EgressKeys.OWNERS, Optional.empty(), new Sink(self, owners));
        return new EgressOwnerSource(
                new StoreFollower("egress owners", etcd, List.of(prefix), FollowPace.DEFAULT, clock, _ -> {}).start());
    }

    /** A record that cannot be read names nobody. */
    private record Sink(ClusterName self, Table<IpAddress, EgressOwner> owners) implements FollowerSink {
        @Override
        public void listed(Map<String, Value> all) {
            var rows = new HashMap<IpAddress, EgressOwner>();
            all.forEach((key, value) -> read(key, value).ifPresent(owner -> rows.put(owner.address(), row(owner))));
            owners.replaceAll(rows);
            owners.markInitialized();
        }

        @Override
        public void put(String key, Value value) {
            read(key, value).ifPresentOrElse(owner -> owners.put(owner.address(), row(owner)), () -> deleted(key));
        }

        @Override
        public void deleted(String key) {
            IpAddress.tryParse(key.substring(EgressKeys.OWNERS.length())).ifPresent(owners::remove);
        }

        private static Optional<AddressOwner> read(String key, Value value) {
            return AddressOwnerCodec.decode(key, value).value();
        }

        private EgressOwner row(AddressOwner owner) {
            return new EgressOwner(new NodeId(self, owner.node()), owner.epoch(), owner.group(), owner.since());
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
