package dev.tombolo.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.service.ServiceExplanation.Choice;
import dev.tombolo.cli.service.ServiceExplanation.Outcome;
import dev.tombolo.cli.service.ServiceExplanation.Share;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.Audience;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.FrontendView.Kind;
import dev.tombolo.model.service.view.ServiceView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceExplanationPlanTest {
    private static final Client POD = new Client.Inside("pod shop/client", "n1");
    private static final Client OUTSIDE = new Client.Outside(SocketEndpoint.parse("203.0.113.9:0"));
    private static final BackendView ONE = backend("10.1.0.1:8080", State.ACTIVE);
    private static final BackendView TWO = backend("10.1.0.2:8080", State.ACTIVE);
    private static final BackendView ENDING = backend("10.1.0.3:8080", State.DRAINING);
    private static final BackendView OTHERS = backend("10.2.0.1:8080", State.LEFT_OUT);
    private static final BackendView DEAD = backend("10.2.0.2:8080", State.DEAD_PATH);
    private static final Audience INSIDE = new Audience(true, false, false, Optional.empty(), false, false);
    private static final Audience BOTH = new Audience(true, true, false, Optional.empty(), false, false);
    private static final Audience LOCAL = new Audience(false, true, true, Optional.empty(), false, false);

    @Test
    void aSocketGetsAnyActiveBackend() {
        var served = (Outcome.Served) only(POD, frontend(Kind.CLUSTER, INSIDE, ONE, TWO, ENDING, DEAD));
        assertThat(served.choice()).isEqualTo(Choice.RANDOM);
        assertThat(served.candidates()).containsExactly(new Share(ONE, 0.5), new Share(TWO, 0.5));
        assertThat(served.successors().getFirst().backends()).containsExactly(TWO);
    }

    @Test
    void sharesAreByWeight() {
        var heavy = backend("10.1.0.4:8080", State.ACTIVE, 3);
        var served = (Outcome.Served) only(POD, frontend(Kind.CLUSTER, INSIDE, ONE, heavy));
        assertThat(served.candidates()).containsExactly(new Share(ONE, 0.25), new Share(heavy, 0.75));
    }

    @Test
    void theLoopbackOfANodeIsForNoPod() {
        assertThat(only(POD, frontend(Kind.LOOPBACK, INSIDE, ONE))).isInstanceOf(Outcome.NotServed.class);
    }

    @Test
    void sessionAffinityKeepsAPodOrAClientAtOneBackend() {
        var together = new Audience(true, true, false, Optional.empty(), true, false);
        var frontend = frontend(Kind.LOAD_BALANCER, together, ONE, TWO);
        assertThat(((Outcome.Served) only(POD, frontend)).choice()).isEqualTo(Choice.BY_POD);
        assertThat(((Outcome.Served) only(OUTSIDE, frontend)).choice()).isEqualTo(Choice.BY_CLIENT);
        assertThat(((Outcome.Served) only(OUTSIDE, frontend(Kind.EXTERNAL, BOTH, ONE))).choice())
                .isEqualTo(Choice.BY_CONNECTION);
    }

    @Test
    void aConnectionWhosePortIsKnownGetsAKnownBackend() {
        var client = new Client.Outside(SocketEndpoint.parse("203.0.113.9:41000"));
        var frontend = frontend(Kind.EXTERNAL, BOTH, ONE, TWO, ENDING);
        var order = ((Outcome.Served) only(client, frontend)).order();
        assertThat(order).containsExactlyInAnyOrder(ONE, TWO);
        var without = (Outcome.Served)
                only(client, frontend(Kind.EXTERNAL, BOTH, order.get(1), backend("10.1.0.3:8080", State.DRAINING)));
        assertThat(without.order()).containsExactly(order.get(1));
        assertThat(ServiceExplanationText.outcome(only(client, frontend)))
                .endsWith("; this one gets " + order.get(0).endpoint() + ", or if that left "
                        + order.get(1).endpoint());

        assertThat(((Outcome.Served) only(OUTSIDE, frontend)).order()).isEmpty();
        assertThat(((Outcome.Served) only(POD, frontend)).order()).isEmpty();
    }

    @Test
    void whoComesAfterTheLastOne() {
        assertThat(afterTheOnly(INSIDE, ONE, ENDING, OTHERS, DEAD)).containsExactly(ENDING, OTHERS);
        assertThat(afterTheOnly(INSIDE, ONE, DEAD)).containsExactly(DEAD);
        assertThat(afterTheOnly(INSIDE, ONE)).isEmpty();
    }

    @Test
    void whereOnlyTheNodeServesNobodyElseComesAfterTheLastOne() {
        var frontend = frontend(Kind.EXTERNAL, LOCAL, ONE, OTHERS, DEAD);
        var served = (Outcome.Served) only(OUTSIDE, frontend);
        assertThat(served.successors().getFirst().backends()).isEmpty();
    }

    @Test
    void nobodyIsThere() {
        assertThat(only(POD, frontend(Kind.CLUSTER, INSIDE, ENDING)))
                .isEqualTo(new Outcome.Refused("there is no active backend"));
        assertThat(only(OUTSIDE, frontend(Kind.EXTERNAL, LOCAL, OTHERS)))
                .isEqualTo(
                        new Outcome.Refused("there is no active backend on node n1, and only those of the node serve"));
    }

    @Test
    void sourceRangesAreForClientsOutside() {
        var restricted =
                new Audience(false, true, false, Optional.of(List.of(Prefix.parse("198.51.100.0/24"))), false, false);
        assertThat(only(OUTSIDE, frontend(Kind.LOAD_BALANCER, restricted, ONE)))
                .isEqualTo(new Outcome.Dropped("loadBalancerSourceRanges has no range with 203.0.113.9"));
        assertThat(only(
                        new Client.Outside(SocketEndpoint.parse("198.51.100.7:0")),
                        frontend(Kind.LOAD_BALANCER, restricted, ONE)))
                .isInstanceOf(Outcome.Served.class);
        assertThat(only(POD, frontend(Kind.LOAD_BALANCER, restricted, ONE))).isInstanceOf(Outcome.NotServed.class);
    }

    @Test
    void aClusterAddressIsForNobodyOutside() {
        assertThat(only(OUTSIDE, frontend(Kind.CLUSTER, INSIDE, ONE))).isInstanceOf(Outcome.NotServed.class);
    }

    @Test
    void whatIsNotInTheKernelIsNotServed() {
        var frontend = frontend(Kind.CLUSTER, INSIDE, ONE);
        var failed = new FrontendView(
                frontend.endpoint(),
                frontend.protocol(),
                frontend.port(),
                frontend.kind(),
                frontend.audience(),
                "the map is full",
                frontend.backends());
        assertThat(only(POD, failed)).isEqualTo(new Outcome.NotServed("the map is full"));
    }

    @Test
    void aPortIsAskedForByNumberOrName() {
        var frontend = frontend(Kind.CLUSTER, INSIDE, ONE);
        for (String port : List.of("80", "http")) {
            assertThat(ServiceExplanationPlan.explain(POD, view(frontend), Optional.of(port))
                            .ways())
                    .as(port)
                    .hasSize(1);
        }
        assertThat(ServiceExplanationPlan.explain(POD, view(frontend), Optional.of("8080"))
                        .ways())
                .isEmpty();
    }

    private static List<BackendView> afterTheOnly(Audience audience, BackendView... backends) {
        var served = (Outcome.Served) only(POD, frontend(Kind.CLUSTER, audience, backends));
        return served.successors().getFirst().backends();
    }

    private static Outcome only(Client client, FrontendView frontend) {
        return ServiceExplanationPlan.explain(client, view(frontend), Optional.empty())
                .ways()
                .getFirst()
                .outcome();
    }

    private static ServiceView view(FrontendView frontend) {
        return new ServiceView(
                "n1", "west", new ServiceName("shop", "web"), true, true, Affinity.NONE, "", List.of(frontend));
    }

    private static FrontendView frontend(Kind kind, Audience audience, BackendView... backends) {
        return new FrontendView(
                SocketEndpoint.parse("192.0.2.10:80"), Protocol.TCP, "http", kind, audience, "", List.of(backends));
    }

    private static BackendView backend(String endpoint, State state) {
        return backend(endpoint, state, state == State.ACTIVE ? 1 : 0);
    }

    private static BackendView backend(String endpoint, State state, int weight) {
        return new BackendView(SocketEndpoint.parse(endpoint), "west", "n1", "", state, "", weight, 0);
    }
}
