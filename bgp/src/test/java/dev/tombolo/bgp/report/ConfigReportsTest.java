package dev.tombolo.bgp.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpAdvertisementReading;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Peer;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Reference;
import dev.tombolo.model.bgp.BgpOverrideReading;
import dev.tombolo.model.bgp.BgpOverrideSpec;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import dev.tombolo.model.bgp.BgpPeerConfigSpec;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.label.SelectorSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigReportsTest {
    private static final PeerReport UP = peer("tor", "established", "");
    private static final PeerReport SECRETLESS = peer("spine", "idle", "MissingAuthSecret");
    private static final NodeReport N1 =
            new NodeReport("n1", Optional.of("rack0"), List.of(), List.of(UP, SECRETLESS), 4);
    private static final NodeReport N2 = new NodeReport("n2", Optional.of("rack0"), List.of(), List.of(UP), 3);
    private static final NodeReport N3 = new NodeReport("n3", Optional.of("other"), List.of("rack0"), List.of(), 0);

    @Test
    void aConfigurationIsTheSumOfItsNodes() {
        var reports = reports(Set.of("fast"), N1, N2, N3);
        var told = reports.clusterConfig(config("rack", "0"));
        assertThat(told.nodes()).isEqualTo(2);
        assertThat(told.sessions()).isEqualTo("2/3");
        assertThat(told.routes()).isEqualTo(7);
        assertThat(told.conditions())
                .containsExactly(
                        new BgpCondition("cilium.io/NoMatchingNode", false, "NodesMatch", ""),
                        new BgpCondition("cilium.io/MissingPeerConfigs", false, "PeerConfigsFound", ""),
                        new BgpCondition(
                                "cilium.io/ConflictingClusterConfig",
                                true,
                                "NodesHaveAnother",
                                "n3 has other; of two that are for a node the older has it: change the nodeSelector of "
                                        + "one"),
                        new BgpCondition(
                                "tombolo.dev/PeersWithoutSession",
                                true,
                                "PeersPrevented",
                                "a/spine on n1: MissingAuthSecret, about MissingAuthSecret"));
    }

    @Test
    void aConfigurationForNobodyAndOneThatNamesNothingSaySo() {
        var told = reports(Set.of(), N2).clusterConfig(config("rack", "9")).conditions();
        assertThat(told)
                .contains(
                        new BgpCondition(
                                "cilium.io/NoMatchingNode",
                                true,
                                "NoNode",
                                "no node has the labels of spec.nodeSelector; label the nodes that are meant, or change "
                                        + "it"),
                        new BgpCondition(
                                "cilium.io/MissingPeerConfigs",
                                true,
                                "PeerConfigsMissing",
                                "there is no CiliumBGPPeerConfig fast; peers that name it stay down: make it, or change "
                                        + "peerConfigRef"),
                        new BgpCondition("cilium.io/ConflictingClusterConfig", false, "NoConflict", ""));
    }

    @Test
    void aPeerThatNoNodeCanHaveIsSaidOnceAndOneThatDoesNotAnswerIsNot() {
        var second = List.of(UP, peer("second", "idle", "DuplicatePeer"), peer("third", "idle", "NotEstablished"));
        var n1 = new NodeReport("n1", Optional.of("rack0"), List.of(), second, 1);
        var n4 = new NodeReport("n4", Optional.of("rack0"), List.of(), second, 1);
        assertThat(withoutSession(n4, n1).message())
                .isEqualTo("a/second on n1 and 1 more: DuplicatePeer, about DuplicatePeer");
        assertThat(withoutSession(N2.unheard()))
                .isEqualTo(new BgpCondition("tombolo.dev/PeersWithoutSession", false, "NonePrevented", ""));
    }

    private static BgpCondition withoutSession(NodeReport... nodes) {
        return reports(Set.of("fast"), nodes)
                .clusterConfig(config("rack", "0"))
                .conditions()
                .getLast();
    }

    @Test
    void aFieldThatIsRefusedIsNamed() {
        var spec = new BgpClusterConfigSpec(
                Optional.empty(),
                List.of(new Instance("a", Optional.of(64500L), Optional.of(179), List.of(), List.of())));
        var reading = BgpClusterConfigReading.of("rack0", Instant.EPOCH, spec, Map.of());
        assertThat(reports(Set.of()).clusterConfig(reading).conditions().getFirst())
                .isEqualTo(new BgpCondition(
                        "tombolo.dev/Invalid",
                        true,
                        "FieldsRefused",
                        "CiliumBGPClusterConfig rack0 spec.bgpInstances[0].localPort: read 179, expected nothing: this "
                                + "speaker calls and does not listen"));
        var nothing =
                BgpClusterConfigReading.of("rack0", Instant.EPOCH, new BgpClusterConfigSpec(null, null), Map.of());
        assertThat(reports(Set.of()).clusterConfig(nothing).conditions())
                .extracting(BgpCondition::reason)
                .containsExactly("SpecRefused");
    }

    /** Cilium 1.19.2 went on saying so when the Secret was there. */
    @Test
    void aSecretThatIsMissingIsSaidForAsLongAsItIs() {
        var reading = BgpPeerConfigReading.of("fast", BgpPeerConfigSpec.EMPTY, Map.of());
        var missing = reports(Set.of(), N1, N2).peerConfig(reading);
        assertThat(missing.sessions()).isEqualTo("2/3");
        assertThat(missing.conditions())
                .containsExactly(new BgpCondition(
                        "cilium.io/MissingAuthSecret", true, "SecretMissing", "about MissingAuthSecret"));
        assertThat(reports(Set.of(), N2).peerConfig(reading).conditions())
                .containsExactly(new BgpCondition("cilium.io/MissingAuthSecret", false, "NoSecretMissing", ""));
    }

    @Test
    void anAdvertisementSaysWhetherItIsInForce() {
        assertThat(advertisement("PodCIDR"))
                .containsExactly(new BgpCondition("tombolo.dev/InForce", true, "AsWritten", ""));
        assertThat(advertisement("PodCIDR", "Everything"))
                .extracting(condition -> condition.type() + " " + condition.holds() + " " + condition.reason())
                .containsExactly("tombolo.dev/Invalid true FieldsRefused", "tombolo.dev/InForce true InPart");
        assertThat(advertisement("Everything"))
                .extracting(condition -> condition.type() + " " + condition.holds() + " " + condition.reason())
                .containsExactly("tombolo.dev/Invalid true SpecRefused", "tombolo.dev/InForce false NoEntry");
    }

    @Test
    void anOverrideSaysWhatItCannotDo() {
        var port = new BgpOverrideSpec.Instance("a", Optional.empty(), Optional.of(1790), Optional.empty(), List.of());
        var reading = BgpOverrideReading.of("n1", new BgpOverrideSpec(List.of(port)), Map.of());
        assertThat(reports(Set.of()).override(reading))
                .extracting(condition -> condition.type() + " " + condition.holds() + " " + condition.reason())
                .containsExactly("tombolo.dev/Invalid true FieldsRefused", "tombolo.dev/InForce true InPart");
    }

    /** It is accepted whatever it names, and whoever mistyped a name sees sessions that are as before. */
    @Test
    void anOverrideOfWhatIsNotThereSaysSo() {
        assertThat(inForce("n9", "a", "tor"))
                .isEqualTo("false NoNode there is no node n9; give it the name of the node that it is for");
        assertThat(inForce("n2", "a", "tor"))
                .isEqualTo(
                        "false NoClusterConfig no CiliumBGPClusterConfig that is in force is for n2; see their nodeSelector "
                                + "and conditions");
        assertThat(inForce("n1", "b", "tor"))
                .isEqualTo("false NoInstance CiliumBGPClusterConfig rack0 has none of these in force: instance b; "
                        + "compare the names");
        assertThat(inForce("n1", "a", "top"))
                .isEqualTo("true InPart CiliumBGPClusterConfig rack0 has none of these in force: peer a/top; "
                        + "compare the names");
        assertThat(inForce("n1", "a", "tor")).isEqualTo("true AsWritten ");
        assertThat(inForce("n1", "a", ""))
                .isEqualTo("false NothingClear nothing that it says can be meant; tombolo.dev/Invalid names "
                        + "what to mend");
    }

    /** @param peer empty: its address is the one that is mistyped */
    private static String inForce(String node, String instance, String peer) {
        var address = peer.isEmpty() ? "router" : "192.0.2.77";
        var spec = new BgpOverrideSpec.Instance(
                instance,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new BgpOverrideSpec.Peer(peer, Optional.of(address), Optional.empty())));
        var reading = BgpOverrideReading.of(node, new BgpOverrideSpec(List.of(spec)), Map.of());
        var condition = reports(Set.of()).override(reading).getLast();
        return condition.holds() + " " + condition.reason() + " " + condition.message();
    }

    @Test
    void whatASilentNodeHadEstablishedCountsNoMore() {
        var told = reports(Set.of("fast"), N1.unheard(), N2).clusterConfig(config("rack", "0"));
        assertThat(told.sessions()).isEqualTo("1/3");
        assertThat(told.routes()).isEqualTo(3);
        var reading = BgpPeerConfigReading.of("fast", BgpPeerConfigSpec.EMPTY, Map.of());
        assertThat(reports(Set.of(), N1.unheard()).peerConfig(reading).conditions())
                .extracting(BgpCondition::reason)
                .containsExactly("SecretMissing");
    }

    private static List<BgpCondition> advertisement(String... types) {
        var entries = java.util.Arrays.stream(types)
                .map(type -> new Entry(type, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()))
                .toList();
        return ConfigReports.advertisement(
                BgpAdvertisementReading.of("x", Map.of(), new BgpAdvertisementSpec(entries), Map.of()));
    }

    private static ConfigReports reports(Set<String> peerConfigs, NodeReport... reports) {
        return new ConfigReports(
                Map.of("n1", Map.of("rack", "0"), "n2", Map.of("rack", "1")),
                List.of(config("rack", "0").config().orElseThrow()),
                peerConfigs,
                List.of(reports));
    }

    private static BgpClusterConfigReading config(String key, String value) {
        var peer = new Peer(
                "tor",
                Optional.of("192.0.2.1"),
                Optional.of(64501L),
                Optional.empty(),
                Optional.of(new Reference("fast")));
        var spec = new BgpClusterConfigSpec(
                Optional.of(new SelectorSpec(Map.of(key, value), List.of())),
                List.of(new Instance("a", Optional.of(64500L), Optional.empty(), List.of(peer), List.of())));
        return BgpClusterConfigReading.of("rack0", Instant.EPOCH, spec, Map.of());
    }

    private static PeerReport peer(String name, String state, String reason) {
        return new PeerReport(
                new PeerId("a", name), Optional.of("fast"), state, reason, reason.isEmpty() ? "" : "about " + reason);
    }
}
