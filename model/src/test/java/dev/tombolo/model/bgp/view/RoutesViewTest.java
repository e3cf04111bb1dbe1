package dev.tombolo.model.bgp.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.view.RouteView.Attributes;
import dev.tombolo.model.bgp.view.RouteView.Reason;
import dev.tombolo.model.bgp.view.RouteView.State;
import dev.tombolo.model.bgp.view.RoutesQuestion.Range;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesViewTest {
    private static final PeerId TOR = new PeerId("main", "tor1");
    private static final RoutesView VIEW = new RoutesView(
            "n1",
            "",
            List.of(
                    new RouterView(TOR, "192.0.2.1", 64_501, "established", "2026-01-02T03:04:05Z", ""),
                    new RouterView(new PeerId("main", "tor2"), "2001:db8::1", 64_501, "idle", "", "nobody answers")),
            List.of(
                    new RouteView(
                            TOR,
                            Prefix.parse("198.51.100.7/32"),
                            State.ADVERTISED,
                            new Attributes(
                                    "192.0.2.9",
                                    List.of("64500", "64500"),
                                    OptionalLong.of(0),
                                    OptionalLong.empty(),
                                    List.of("64500:1", "64500:1:2")),
                            true,
                            List.of(
                                    new Reason("all", "Service shop/web ExternalIP 198.51.100.7"),
                                    new Reason("b", "x")),
                            ""),
                    new RouteView(
                            TOR,
                            Prefix.parse("2001:db8:1::/64"),
                            State.REFUSED,
                            new Attributes("::1", List.of(), OptionalLong.empty(), OptionalLong.of(7), List.of()),
                            false,
                            List.of(),
                            "not advertised")),
            3,
            List.of(
                    new WithheldView("all", Optional.empty(), "Service shop/db ClusterIP 10.0.0.1", "no backend"),
                    new WithheldView("all", Optional.of(TOR), "pods of this node 10.1.0.0/24", "it is drained")),
            4);

    @Test
    void isReadAsItWasWritten() {
        assertThat(RoutesView.parse(VIEW.lines())).contains(VIEW);
        var none = RoutesView.none("n2", "two\nlines");
        assertThat(RoutesView.parse(none.lines())).contains(RoutesView.none("n2", "two lines"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "service\tn1",
                "node\tn1\t\tx\t0",
                "node\tn1\t\t0\t0\nreason\ta\tb",
                "node\tn1\t\t0\t0\nroute\ta"
            })
    void anythingElseIsNoView(String text) {
        assertThat(RoutesView.parse(text.lines().toList())).isEmpty();
    }

    @Test
    void aQuestionIsReadAsItWasWritten() {
        var question = new RoutesQuestion(
                Range.ADVERTISED, Optional.of("main/tor1"), Optional.of(IpAddress.parse("2001:db8::7")), 5);
        assertThat(RoutesQuestion.parse(question.words())).isEqualTo(question);
        assertThat(RoutesQuestion.parse(List.of()).limit()).isEqualTo(RoutesQuestion.USUAL);
        assertThatThrownBy(() -> RoutesQuestion.parse(List.of("--vip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a value is missing");
    }

    @Test
    void nobodyGetsMoreThanAnAgentCanTell() {
        var greedy = new RoutesQuestion(Range.AVAILABLE, Optional.empty(), Optional.empty(), 1_000_000);
        assertThat(greedy.limit()).isEqualTo(RoutesQuestion.MOST);
    }

    @Test
    void anAddressIsAskedForByWhateverLeadsToIt() {
        var question =
                new RoutesQuestion(Range.AVAILABLE, Optional.empty(), Optional.of(IpAddress.parse("10.1.0.7")), 5);
        assertThat(question.isOfRoute(Prefix.parse("10.1.0.0/24"))).isTrue();
        assertThat(question.isOfRoute(Prefix.parse("10.1.1.0/24"))).isFalse();
        assertThat(question.isOfSubject("Service shop/web LoadBalancerIP 10.1.0.7"))
                .isTrue();
        assertThat(question.isOfSubject("pods of this node 10.1.0.0/24")).isTrue();
        assertThat(question.isOfSubject("Service shop/web LoadBalancerIP 10.1.0.70"))
                .isFalse();
    }
}
