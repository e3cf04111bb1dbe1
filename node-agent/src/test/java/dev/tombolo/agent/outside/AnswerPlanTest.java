package dev.tombolo.agent.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.AnswerConsent;
import dev.tombolo.model.service.AnsweredServices;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This cluster is east; west has id 2, north 3. */
class AnswerPlanTest {
    private static final ClusterName OWN = new ClusterName("east");
    private static final MeshPeerObject WEST = peer("west", 2, "192.0.2.0/28 rubbish");

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nobody told,            '',                                                     ''",
        "one node,               w1 east=192.0.2.0/28,                                   192.0.2.0/28",
        "both,                   w1 east=192.0.2.0/28; w2 east=192.0.2.0/28,             192.0.2.0/28",
        "one was told later,     w1 east=192.0.2.0/28 east=192.0.2.77; w2 east=192.0.2.0/28, 192.0.2.0/28",
        "one does not answer,    w1 east=192.0.2.0/28; w2 '',                            192.0.2.0/28",
        "for others,             w1 north=192.0.2.0/28,                                  ''",
        "nothing in common,      w1 east=192.0.2.1; w2 east=192.0.2.2,                   ''"
    })
    void answersThereWhereNodesTellSo(String name, String told, String ranges) {
        var nodes = Arrays.stream(told.split("; "))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split(" ", 2))
                .map(words -> node("west", 2, words[0], words[1]))
                .toList();
        var rules = AnswerPlan.rules(List.of(), nodes, OWN);
        assertThat(rules.keySet().stream()
                        .peek(rule -> assertThat(rule.side()).isEqualTo(AnswerSide.THERE))
                        .peek(rule -> assertThat(rule.cluster()).isEqualTo(new ClusterId(2)))
                        .map(rule -> rule.range().toString())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(ranges);
    }

    @Test
    void answersHereForWhomTheAdministratorNames() {
        assertThat(AnswerPlan.rules(List.of(WEST, peer("north", 3, "")), List.of(), OWN))
                .containsOnlyKeys(here(2, "192.0.2.0/28"));
        assertThat(AnswerPlan.isConsented(List.of(WEST))).isTrue();
        assertThat(AnswerPlan.isConsented(List.of(peer("north", 3, "rubbish")))).isFalse();
    }

    /** A peer that cannot be followed is nobody, whatever else is said of it. */
    @Test
    void nobodyIsAnsweredForWhoIsNotDeclared() {
        assertThat(AnswerPlan.isConsented(List.of(peer("west", 0, "192.0.2.0/28"))))
                .isFalse();
    }

    @Test
    void tellsWhatTheKernelHasAndNoMore() {
        var applied = Set.of(
                here(2, "192.0.2.0/28"),
                here(9, "192.0.2.64/28"),
                new AnswerRule(AnswerSide.THERE, new ClusterId(2), Prefix.parse("198.51.100.0/24")));
        assertThat(AnswerPlan.told(applied, List.of(WEST, peer("north", 3, "203.0.113.1"))))
                .isEqualTo(AnsweredServices.parse("west=192.0.2.0/28"));
        assertThat(AnswerPlan.told(Set.of(), List.of(WEST))).isEqualTo(AnsweredServices.NONE);
    }

    /** It would take them for clients of its own that somebody forges; those of clusters that do not answer are nobody. */
    @Test
    void nodesThatAnswerAreNoClientsThere() {
        var west = node("west", 2, "w1", "east=192.0.2.0/28", "172.30.2.11");
        var other = node("west", 2, "w2", "", "172.30.2.12");
        var north = node("north", 3, "n1", "", "172.30.3.11");
        assertThat(AnswerPlan.rules(List.of(), List.of(west, other, north), OWN))
                .containsOnlyKeys(
                        new AnswerRule(AnswerSide.THERE, new ClusterId(2), Prefix.parse("192.0.2.0/28")),
                        new AnswerRule(AnswerSide.CLIENT, new ClusterId(2), Prefix.parse("172.30.2.11")),
                        new AnswerRule(AnswerSide.CLIENT, new ClusterId(2), Prefix.parse("172.30.2.12")));
    }

    private static AnswerRule here(int cluster, String services) {
        return new AnswerRule(AnswerSide.HERE, new ClusterId(cluster), Prefix.parse(services));
    }

    private static MeshNode node(String cluster, int id, String name, String answers, String... addresses) {
        return new MeshNode(
                        new NodeId(new ClusterName(cluster), name),
                        new ClusterId(id),
                        Arrays.stream(addresses).map(IpAddress::parse).toList(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        1,
                        Map.of(),
                        "")
                .answering(AnsweredServices.parse(answers));
    }

    private static MeshPeerObject peer(String name, int id, String consent) {
        var spec = new MeshPeerObject.Spec(id, List.of(), "", "", "", List.of(), List.of(), "", 255, Optional.empty());
        return new MeshPeerObject(name, "", 1, false, Map.of(AnswerConsent.ANNOTATION, consent), spec, null);
    }
}
