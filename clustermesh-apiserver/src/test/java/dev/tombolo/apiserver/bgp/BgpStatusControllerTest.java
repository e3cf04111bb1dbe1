package dev.tombolo.apiserver.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.kube.object.ObservedCondition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What objects of BGP are told, when nothing is, and what becomes of a node's words when it is gone. */
class BgpStatusControllerTest {
    private static final String WITHOUT_SECRET =
            " PeersWithoutSession(a/tor on n2: MissingAuthSecret, about MissingAuthSecret)";

    private final BgpOnTwins twins = BgpOnTwins.read();

    @Test
    void aConfigurationIsToldWhatAllNodesSayAndWhatIsMissing() throws IOException {
        twins.node("n1", "0");
        twins.node("n2", "0");
        twins.clusterConfig("old", 1, "0", "tor");
        twins.clusterConfig("young", 1, "0", "nowhere");
        twins.clusterConfig("far", 1, "9", "tor");
        twins.peerConfig("tor");
        twins.said("n1", "old", List.of("young"), "established", "");
        twins.said("n2", "old", List.of("young"), "idle", "MissingAuthSecret");
        twins.pass();
        assertThat(twins.toldClusterConfig("old")).isEqualTo("2 1/2 6" + WITHOUT_SECRET);
        assertThat(twins.toldClusterConfig("young"))
                .isEqualTo(
                        "0  0 MissingPeerConfigs(there is no CiliumBGPPeerConfig nowhere; peers that name it stay down: make it, or "
                                + "change peerConfigRef) ConflictingClusterConfig(n1 has old; n2 has old; of two that are for a node "
                                + "the older has it: change the nodeSelector of one)");
        assertThat(twins.toldClusterConfig("far"))
                .isEqualTo(
                        "0  0 NoMatchingNode(no node has the labels of spec.nodeSelector; label the nodes that are meant, or "
                                + "change it)");
        assertThat(twins.toldPeerConfig("tor")).isEqualTo("1/2 MissingAuthSecret(about MissingAuthSecret)");
    }

    @Test
    void whatIsMendedIsSaidToBe() throws IOException {
        aConfigurationIsToldWhatAllNodesSayAndWhatIsMissing();
        twins.peerConfig("nowhere");
        twins.said("n1", "old", List.of(), "established", "");
        twins.said("n2", "old", List.of(), "established", "");
        twins.pass();
        assertThat(twins.toldClusterConfig("young")).isEqualTo("0  0");
        assertThat(twins.toldPeerConfig("tor")).isEqualTo("2/2");
    }

    @Test
    void advertisementsAndOverridesAreToldWhetherTheyAreInForce() throws IOException {
        twins.node("n1", "0");
        twins.clusterConfig("old", 1, "0", "tor");
        twins.advertisement("pods", "PodCIDR");
        twins.advertisement("typo", "PodCDIR");
        twins.override("n1", "a");
        twins.override("n9", "a");
        twins.pass();
        assertThat(twins.toldAdvertisement("pods")).isEqualTo(" InForce()");
        assertThat(twins.toldAdvertisement("typo")).startsWith(" Invalid(CiliumBGPAdvertisement typo");
        assertThat(twins.toldOverride("n1")).isEqualTo(" InForce()");
        assertThat(twins.toldOverride("n9")).isEmpty();
    }

    /** Also by a process that has just started: since when is in the object itself. */
    @Test
    void aConditionKeepsItsTimeForAsLongAsItHoldsAndFollowsTheGeneration() throws IOException {
        twins.node("n1", "0");
        twins.clusterConfig("old", 1, "0", "tor");
        twins.pass();
        var began = twins.now;
        twins.now = began.plusSeconds(30);
        twins.restart();
        twins.clusterConfigAgain("old", 2);
        twins.pass();
        assertThat(twins.missingPeerConfigs("old")).isEqualTo(missing("True", 2, began));
        twins.peerConfig("tor");
        twins.pass();
        assertThat(twins.missingPeerConfigs("old")).isEqualTo(missing("False", 2, twins.now));
    }

    private static ObservedCondition missing(String status, long generation, Instant since) {
        boolean holds = status.equals("True");
        return new ObservedCondition(
                "cilium.io/MissingPeerConfigs",
                status,
                generation,
                holds ? "PeerConfigsMissing" : "PeerConfigsFound",
                holds
                        ? "there is no CiliumBGPPeerConfig tor; peers that name it stay down: make it, or change peerConfigRef"
                        : "",
                Optional.of(since));
    }

    @Test
    void nothingIsWrittenTwice() throws IOException {
        aConfigurationIsToldWhatAllNodesSayAndWhatIsMissing();
        twins.writes.clear();
        twins.now = twins.now.plusSeconds(15);
        twins.pass();
        assertThat(twins.writes).isEmpty();
    }

    @Test
    void whatASilentNodeSaidLastIsNoSession() throws IOException {
        aConfigurationIsToldWhatAllNodesSayAndWhatIsMissing();
        twins.now = twins.now.plus(Duration.ofMinutes(2));
        twins.heardOf("n2");
        twins.pass();
        assertThat(twins.toldClusterConfig("old")).isEqualTo("2 0/2 3" + WITHOUT_SECRET);
    }

    @Test
    void aNodeThatIsGoneCountsNoMoreAndItsWordsAreRemoved() throws IOException {
        aConfigurationIsToldWhatAllNodesSayAndWhatIsMissing();
        twins.writes.clear();
        twins.kube.nodes().remove("n2");
        twins.pass();
        assertThat(twins.toldClusterConfig("old")).isEqualTo("1 1/1 3");
        assertThat(twins.writes).contains("remove n2").doesNotContain("remove n1");
    }

    @Test
    void whatANodeSaysThatWeHaveNotHeardOfYetStays() throws IOException {
        twins.news.add("n7");
        twins.said("n7", "old", List.of(), "established", "");
        twins.pass();
        assertThat(twins.writes).isEmpty();
    }

    /** An API server that has not been read yet is one without nodes. */
    @Test
    void nothingIsRemovedOrSaidBeforeEverythingIsRead() throws IOException {
        var fresh = new BgpOnTwins();
        fresh.tables.all().forEach(table -> table.markInitialized());
        fresh.kube.agents().markInitialized();
        fresh.clusterConfig("old", 1, "0", "tor");
        fresh.said("n1", "old", List.of(), "established", "");
        fresh.pass();
        assertThat(fresh.writes).isEmpty();
        fresh.kube.nodes().markInitialized();
        fresh.pass();
        assertThat(fresh.writes).containsExactly("cluster config old", "remove n1");
    }

    @Test
    void kindsOfCiliumAreLeftToIt() throws IOException {
        twins.wanted = false;
        twins.clusterConfig("old", 1, "0", "tor");
        twins.said("n9", "old", List.of(), "established", "");
        twins.pass();
        assertThat(twins.writes).isEmpty();
        twins.wanted = true;
        twins.now = twins.now.plus(Duration.ofMinutes(2));
        twins.pass();
        assertThat(twins.writes).containsExactly("cluster config old", "remove n9");
    }

    @Test
    void onlyWhoIsElectedWrites() throws IOException {
        twins.elected = false;
        twins.clusterConfig("old", 1, "0", "tor");
        twins.said("n9", "old", List.of(), "established", "");
        twins.pass();
        assertThat(twins.writes).isEmpty();
    }

    @Test
    void nobodyIsAskedWhoseTheKindsAreWhileThereIsNoObject() throws IOException {
        twins.pass();
        assertThat(twins.questions).isZero();
    }

    @Test
    void anObjectThatCannotBeWrittenStopsNoOther() throws IOException {
        twins.clusterConfig("old", 1, "0", "tor");
        twins.clusterConfig("young", 1, "0", "tor");
        twins.peerConfig("tor");
        twins.said("n9", "old", List.of(), "established", "");
        twins.broken.add("cluster config old");
        assertThatThrownBy(twins::pass).hasMessageContaining("cluster config old");
        assertThat(twins.writes).containsExactly("cluster config young", "peer config tor", "remove n9");
    }
}
