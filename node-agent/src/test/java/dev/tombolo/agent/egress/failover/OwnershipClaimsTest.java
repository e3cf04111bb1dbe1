package dev.tombolo.agent.egress.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.StandingHealth;
import dev.tombolo.kvstore.protocol.AddressOwnerCodec;
import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.GatewayVoteCodec;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Two nodes that claim, a third that votes, and their etcd. */
class OwnershipClaimsTest {
    private static final IpAddress ADDRESS = IpAddress.parse("172.30.1.200");
    private static final String GROUP = "billing#0";
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private static final Claim DEPOSE = new Claim.Depose(GROUP, "node1", GatewayHealth.DEAD);

    private final MemoryStore store = new MemoryStore(CLOCK);
    private final OwnershipClaims one = claims("node1");
    private final OwnershipClaims two = claims("node2");

    private static OwnershipClaims claims(String node) {
        return new OwnershipClaims(new NodeId(new ClusterName("east"), node), CLOCK);
    }

    private Optional<AddressOwner> owner() throws KvException {
        String key = EgressKeys.owner(ADDRESS);
        return store.get(key)
                .flatMap(value -> AddressOwnerCodec.decode(key, value).value());
    }

    /** A claim that has been there for a while. */
    private static boolean settle(OwnershipClaims claims, KvStore store, Claim claim) throws KvException {
        return claims.settle(store, ADDRESS, claim, Duration.ofSeconds(1));
    }

    private void vote(String gateway, String prober, boolean answers) throws KvException {
        vote(gateway, prober, answers ? Answer.ANSWERS : Answer.SILENT);
    }

    private void vote(String gateway, String prober, Answer answer) throws KvException {
        var vote = new GatewayVote(gateway, prober, answer);
        store.commit(List.of(Write.put(GatewayVoteCodec.key(vote), GatewayVoteCodec.encode(vote))));
    }

    private static AddressOwner owned(String node, long epoch) {
        return new AddressOwner(ADDRESS, node, epoch, GROUP, NOW);
    }

    @Test
    void ofTwoWhoWantAnAddressOneGetsItAndKeepsIt() throws Exception {
        assertThat(settle(one, store, new Claim.Take(GROUP))).isTrue();
        assertThat(settle(two, store, new Claim.Take(GROUP))).isFalse();
        assertThat(settle(one, store, new Claim.Take(GROUP))).isTrue();

        assertThat(owner()).contains(owned("node1", 1));
        assertThat(one.isMine(store, ADDRESS)).isTrue();
        assertThat(two.isMine(store, ADDRESS)).isFalse();
    }

    @Test
    void whoIsDeadForMostIsDeposedInTheNextEpoch() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        vote("node1", "node3", false);
        vote("node1", "node4", true);

        assertThat(settle(two, store, DEPOSE)).isTrue();

        assertThat(owner()).contains(owned("node2", 2));
        assertThat(one.isMine(store, ADDRESS)).isFalse();
    }

    @Test
    void whoAnswersAgainIsNotDeposedByWhatWasReadBefore() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        vote("node1", "node3", true);

        assertThat(settle(two, store, DEPOSE)).isFalse();

        assertThat(owner()).contains(owned("node1", 1));
    }

    /** The votes are the same when they are read, and not any more when the transaction is made. */
    @Test
    void aMajorityThatIsLostBetweenReadingAndWritingIsNone() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        vote("node1", "node3", false);
        vote("node1", "node4", true);
        var changing = before("commitIf", () -> vote("node1", "node3", true));

        assertThat(settle(two, changing, DEPOSE)).isFalse();

        assertThat(owner()).contains(owned("node1", 1));
    }

    /** Both notice at about the same time that they do not hear each other; one of them writes it first. */
    @Test
    void aSingleWordDoesNotCountBeforeTheOtherOneMayHaveSaidTheSame() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        vote("node2", "node1", true);
        assertThat(two.settle(store, ADDRESS, DEPOSE, StandingHealth.SINGLE_WORD.minusNanos(1)))
                .isFalse();

        vote("node2", "node1", false);
        assertThat(settle(two, store, DEPOSE)).isFalse();
        assertThat(owner()).contains(owned("node1", 1));

        vote("node2", "node1", true);
        assertThat(settle(two, before("commitIf", () -> vote("node2", "node1", false)), DEPOSE))
                .isFalse();
        assertThat(owner()).contains(owned("node1", 1));

        vote("node2", "node1", true);
        assertThat(settle(two, before("commitIf", () -> vote("node1", "node2", true)), DEPOSE))
                .as("who accuses takes it back")
                .isFalse();
        assertThat(owner()).contains(owned("node1", 1));

        vote("node1", "node2", false);
        assertThat(two.settle(store, ADDRESS, DEPOSE, StandingHealth.SINGLE_WORD))
                .isTrue();
        assertThat(owner()).contains(owned("node2", 2));
    }

    @Test
    void whoIsAccusedByOneMayStillSayTheSameOfItWhereItHasSaidNothing() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        assertThat(settle(two, before("commitIf", () -> vote("node2", "node1", false)), DEPOSE))
                .isFalse();
        assertThat(owner()).contains(owned("node1", 1));

        store.commit(List.of(Write.delete(EgressKeys.vote("node2", "node1"))));
        assertThat(settle(two, store, DEPOSE)).isTrue();
        assertThat(owner()).contains(owned("node2", 2));
    }

    /** The votes stand, but they are on somebody else. */
    @Test
    void anAddressThatMovedMeanwhileIsNotTakenByVotesOnItsOwnerBefore() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        vote("node1", "node3", false);
        var moving = before("commitIf", () -> settle(claims("node3"), store, new Claim.Succeed(GROUP, "node1")));

        assertThat(settle(two, moving, DEPOSE)).isFalse();

        assertThat(owner()).contains(owned("node3", 2));
    }

    @Test
    void aRecordThatChangesOnceIsReadAnew() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        var epochs = new AtomicLong(1);
        var changing = before("commitIf", () -> {
            if (epochs.get() == 1) {
                var again = owned("node1", epochs.incrementAndGet());
                store.commit(List.of(Write.put(AddressOwnerCodec.key(again), AddressOwnerCodec.encode(again))));
            }
        });

        assertThat(settle(two, changing, new Claim.Succeed(GROUP, "node1"))).isTrue();

        assertThat(owner()).contains(owned("node2", 3));
    }

    /** A transaction of etcd has no room for more. */
    @Test
    void ofVeryManyVotesSoManyHaveToStandAsATransactionHoldsConditions() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        for (int prober = 2; prober < 302; prober++) {
            vote("node1", "node" + prober, false);
        }
        var conditions = new AtomicLong();
        var counting = watching("commitIf", arguments -> conditions.set(((List<?>) arguments[0]).size()));

        assertThat(settle(two, counting, DEPOSE)).isTrue();

        assertThat(conditions.get()).isBetween(2L, 128L);
    }

    @Test
    void whatNobodyOwnsIsNobodyElses() throws Exception {
        assertThat(two.isAnothers(store, ADDRESS)).isFalse();
        settle(one, store, new Claim.Take(GROUP));
        assertThat(two.isAnothers(store, ADDRESS)).isTrue();
        assertThat(one.isAnothers(store, ADDRESS)).isFalse();
    }

    @Test
    void twoWordsCountAtOnce() throws Exception {
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", false);
        vote("node1", "node3", false);

        assertThat(two.settle(store, ADDRESS, DEPOSE, Duration.ZERO)).isTrue();
    }

    @Test
    void whoWasNeverHeardIsDeposedOnlyWhileNobodyHearsIt() throws Exception {
        var unheard = new Claim.Depose(GROUP, "node1", GatewayHealth.UNHEARD);
        settle(one, store, new Claim.Take(GROUP));
        vote("node1", "node2", Answer.NEVER);
        vote("node1", "node3", Answer.ASKED);
        assertThat(settle(two, store, unheard)).isFalse();
        vote("node1", "node3", Answer.NEVER);
        assertThat(settle(two, store, DEPOSE)).isFalse();
        assertThat(settle(two, before("commitIf", () -> vote("node1", "node3", true)), unheard))
                .isFalse();
        vote("node1", "node3", Answer.NEVER);
        assertThat(settle(two, store, unheard)).isTrue();
        assertThat(owner()).contains(owned("node2", 2));
    }

    @Test
    void anAddressThatAnotherTookMeanwhileIsNotTakenFromIt() throws Exception {
        var changing = before("commitIf", () -> {
            if (owner().isEmpty()) {
                settle(one, store, new Claim.Take(GROUP));
            }
        });

        assertThat(settle(two, changing, new Claim.Take(GROUP))).isFalse();

        assertThat(owner()).contains(owned("node1", 1));
    }

    @Test
    void whoeverGivesItUpIsSucceeded() throws Exception {
        settle(one, store, new Claim.Take(GROUP));

        assertThat(settle(two, store, new Claim.Succeed(GROUP, "node3"))).isFalse();
        assertThat(settle(two, store, new Claim.Succeed(GROUP, "node1"))).isTrue();

        assertThat(owner()).contains(owned("node2", 2));
    }

    @Test
    void onlyItsOwnerReleasesAnAddress() throws Exception {
        settle(one, store, new Claim.Take(GROUP));

        assertThat(settle(two, store, new Claim.Release())).isTrue();
        assertThat(owner()).contains(owned("node1", 1));
        assertThat(settle(one, store, new Claim.Release())).isTrue();
        assertThat(owner()).isEmpty();
    }

    @Test
    void aRecordThatCannotBeReadNamesNobody() throws Exception {
        store.commit(List.of(Write.put(EgressKeys.owner(ADDRESS), Value.of("{}"))));

        assertThat(settle(one, store, new Claim.Take(GROUP))).isTrue();

        assertThat(owner()).contains(owned("node1", 1));
    }

    @Test
    void withoutEtcdNobodyClaimsAnything() throws Exception {
        store.cut();
        assertThatThrownBy(() -> settle(one, store, new Claim.Take(GROUP))).isInstanceOf(KvException.class);
        store.heal();
        assertThat(owner()).isEmpty();
    }

    /** Something that happens. */
    private interface Event {
        void happen() throws KvException;
    }

    /** What is done with the arguments of a call. */
    private interface Look {
        void at(Object[] arguments) throws KvException;
    }

    /** The same store, where something happens just before each call of a method. */
    private KvStore before(String method, Event event) {
        return watching(method, _ -> event.happen());
    }

    private KvStore watching(String method, Look look) {
        return (KvStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KvStore.class}, (_, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        look.at(arguments);
                    }
                    try {
                        return called.invoke(store, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
