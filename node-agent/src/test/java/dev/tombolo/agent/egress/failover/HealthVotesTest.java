package dev.tombolo.agent.egress.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthVotesTest {
    private static final ClusterName CLUSTER = new ClusterName("east");
    private static final NodeId GATEWAY = new NodeId(CLUSTER, "node2");
    private static final String KEY = EgressKeys.vote("node2", "node1");

    private final Table<NodeId, Answer> answers = new Table<>("answers");
    private final MemoryStore store = new MemoryStore(Clock.offset(Clock.systemUTC(), Duration.ZERO));
    private final KeptStore kept = new KeptStore(() -> store);
    private final HealthVotes votes = new HealthVotes(new NodeId(CLUSTER, "node1"), answers, kept).start();

    @AfterEach
    void close() {
        votes.close();
        kept.close();
    }

    private Map<String, Value> written() throws KvException {
        return store.list(EgressKeys.VOTES).values();
    }

    @Test
    void whatIsSeenIsWrittenAndTakenBack() throws Exception {
        answers.put(GATEWAY, Answer.ANSWERS);
        await().until(() -> written().equals(Map.of(KEY, Value.of("{\"answers\":true}"))));
        answers.put(GATEWAY, Answer.SILENT);
        await().until(() -> written().equals(Map.of(KEY, Value.of("{\"answers\":false}"))));
        answers.remove(GATEWAY);
        await().until(() -> written().isEmpty());
        assertThat(votes.isConnected()).isTrue();
    }

    @Test
    void aLostConnectionIsKnownAndAllIsWrittenAgainAfterIt() throws Exception {
        answers.put(GATEWAY, Answer.ANSWERS);
        await().until(() -> !written().isEmpty());
        store.cut();
        answers.put(GATEWAY, Answer.SILENT);
        await().until(() -> !votes.isConnected());
        store.heal();
        await().until(() -> written().equals(Map.of(KEY, Value.of("{\"answers\":false}"))));
        await().until(votes::isConnected);
    }

    /** As when the agent was stopped for longer than its lease. */
    @Test
    void votesWhoseLeaseIsLostAreWrittenAgain() throws Exception {
        answers.put(GATEWAY, Answer.ANSWERS);
        await().until(() -> !written().isEmpty());
        store.revokeLease(1);
        assertThat(written()).isEmpty();
        await().until(() -> !written().isEmpty());
    }
}
