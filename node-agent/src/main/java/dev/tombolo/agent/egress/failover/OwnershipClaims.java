package dev.tombolo.agent.egress.failover;

import dev.tombolo.kvstore.protocol.AddressOwnerCodec;
import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.store.Condition;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Revised;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes who holds an address, each time in one transaction that fails if anything it rests on has changed since it was
 * read: of two that want an address one gets it, and nobody is deposed by votes that do not stand any more.
 */
final class OwnershipClaims {
    private static final Logger LOG = LoggerFactory.getLogger(OwnershipClaims.class);
    /** Beyond this what a claim rests on changes faster than it can be read. */
    private static final int MOST_ATTEMPTS = 3;

    private final NodeId self;
    private final Clock clock;

    OwnershipClaims(NodeId self, Clock clock) {
        this.self = self;
        this.clock = clock;
    }

    /** What a record read as, and what has to hold for it to be changed. */
    private record Read(Optional<AddressOwner> owner, Condition unchanged) {}

    /**
     * Does what is claimed unless there is no ground for it any more; false where it should be tried again later.
     *
     * @param standing since when there is the claim
     */
    boolean settle(KvStore store, IpAddress address, Claim claim, Duration standing) throws KvException {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var read = read(store, address);
            var conditions = grounds(store, claim, read, standing);
            if (conditions.isEmpty()) {
                return isHeld(read) != (claim instanceof Claim.Release);
            }
            if (commit(store, address, claim, read, conditions.get())) {
                return true;
            }
        }
        return false;
    }

    /** Whether etcd says, now, that this node holds the address. */
    boolean isMine(KvStore store, IpAddress address) throws KvException {
        return isHeld(read(store, address));
    }

    /** Whether etcd names another node; where it names none, nobody has to give the address up. */
    boolean isAnothers(KvStore store, IpAddress address) throws KvException {
        var read = read(store, address);
        return read.owner.isPresent() && !isHeld(read);
    }

    private boolean isHeld(Read read) {
        return read.owner.filter(owner -> owner.node().equals(self.name())).isPresent();
    }

    /** A record that cannot be read names nobody, and is overwritten by the next who claims. */
    private static Read read(KvStore store, IpAddress address) throws KvException {
        String key = EgressKeys.owner(address);
        Optional<Revised> found = store.getRevised(key);
        return new Read(
                found.flatMap(revised ->
                        AddressOwnerCodec.decode(key, revised.value()).value()),
                found.<Condition>map(revised -> new Condition.Unchanged(key, revised.revision()))
                        .orElse(new Condition.Absent(key)));
    }

    /** What has to hold; empty where the record is not as the claim supposes. */
    private Optional<List<Condition>> grounds(KvStore store, Claim claim, Read read, Duration standing)
            throws KvException {
        return switch (claim) {
            case Claim.Take _ -> read.owner.isEmpty() ? Optional.of(List.of(read.unchanged)) : Optional.empty();
            case Claim.Release _ -> isHeld(read) ? Optional.of(List.of(read.unchanged)) : Optional.empty();
            case Claim.Succeed(var _, var owner) ->
                isOf(read, owner) ? Optional.of(List.of(read.unchanged)) : Optional.empty();
            case Claim.Depose(var _, var owner, var ground) ->
                isOf(read, owner)
                        ? votes(store)
                                .against(new NodeId(self.cluster(), owner), ground, standing)
                                .map(votes -> with(read.unchanged, votes))
                        : Optional.empty();
        };
    }

    private static boolean isOf(Read read, String node) {
        return read.owner.filter(owner -> owner.node().equals(node)).isPresent();
    }

    private static List<Condition> with(Condition first, List<Condition> votes) {
        var all = new ArrayList<Condition>();
        all.add(first);
        all.addAll(votes);
        return all;
    }

    private static StandingVotes votes(KvStore store) throws KvException {
        return StandingVotes.of(store.list(EgressKeys.VOTES).values());
    }

    private boolean commit(KvStore store, IpAddress address, Claim claim, Read read, List<Condition> conditions)
            throws KvException {
        long epoch = read.owner.map(AddressOwner::epoch).orElse(0L) + 1;
        var write = switch (claim) {
            case Claim.Release _ -> Write.delete(EgressKeys.owner(address));
            case Claim.Take(var group) -> put(address, epoch, group);
            case Claim.Depose(var group, var _, var _) -> put(address, epoch, group);
            case Claim.Succeed(var group, var _) -> put(address, epoch, group);
        };
        boolean done = store.commitIf(conditions, List.of(write));
        if (done) {
            LOG.info("egress address {}: {} epoch={} before={}", address, claim, epoch, read.owner);
        }
        return done;
    }

    private Write put(IpAddress address, long epoch, String group) {
        var owner = new AddressOwner(address, self.name(), epoch, group, clock.instant());
        return Write.put(AddressOwnerCodec.key(owner), AddressOwnerCodec.encode(owner));
    }
}
