package dev.tombolo.model.service.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceViewTest {
    private static final BackendView HERE = new BackendView(
            SocketEndpoint.parse("10.1.0.2:8080"), "west", "node1", "a", BackendView.State.ACTIVE, "", 2, 3);
    private static final BackendView THERE = new BackendView(
            SocketEndpoint.parse("[2001:db8::2]:8080"),
            "east",
            "",
            "",
            BackendView.State.DEAD_PATH,
            "node2 does not answer",
            0,
            0);
    private static final ServiceView VIEW = new ServiceView(
            "node1",
            "west",
            new ServiceName("shop", "web"),
            true,
            false,
            Affinity.LOCAL,
            "",
            List.of(
                    frontend("10.96.0.1:80", FrontendView.Kind.CLUSTER, Optional.empty(), List.of(HERE, THERE)),
                    frontend(
                            "192.0.2.7:80",
                            FrontendView.Kind.LOAD_BALANCER,
                            Optional.of(List.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("2001:db8::/32"))),
                            List.of()),
                    frontend("192.0.2.8:80", FrontendView.Kind.EXTERNAL, Optional.of(List.of()), List.of(HERE))));

    private static FrontendView frontend(
            String endpoint, FrontendView.Kind kind, Optional<List<Prefix>> ranges, List<BackendView> backends) {
        var audience = new Audience(
                kind == FrontendView.Kind.CLUSTER, true, false, ranges, true, kind == FrontendView.Kind.EXTERNAL);
        return new FrontendView(SocketEndpoint.parse(endpoint), Protocol.TCP, "http", kind, audience, "", backends);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(ServiceView.parse(VIEW.lines())).contains(VIEW);
        assertThat(ServiceView.parse(VIEW.with(List.of()).lines())).contains(VIEW.with(List.of()));
    }

    /** The words are those of a failure, which may be of the kernel's or of somebody else's. */
    @Test
    void wordsOnSeveralLinesDoNotBreakALine() {
        var backend =
                new BackendView(HERE.endpoint(), "west", "node1", "a", BackendView.State.LEFT_OUT, "one\n\ttwo", 0, 0);
        var shown = VIEW.with(List.of(VIEW.frontends().getFirst().with(List.of(backend))));
        assertThat(ServiceView.parse(shown.lines())
                        .orElseThrow()
                        .frontends()
                        .getFirst()
                        .backends())
                .extracting(BackendView::why)
                .containsExactly("one two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Error: no such table",
                "service\tnode1\twest\tshop\tweb\ttrue\tperhaps\tNONE\t",
                "service\tnode1\twest\tshop\tweb\ttrue\ttrue\tSOMETIMES\t",
                "backend\t10.1.0.2:8080\twest\tnode1\t\tACTIVE\t\t0"
            })
    void isNotReadFromAnythingElse(String line) {
        assertThat(ServiceView.parse(List.of(line))).isEmpty();
    }

    @Test
    void isNotReadWhereALineIsBroken() {
        for (String broken :
                List.of("backend\t10.1.0.2", "frontend\t10.96.0.1:80", "backend\tx\tw\tn\tz\tACTIVE\t\t0")) {
            var lines = List.of(VIEW.lines().getFirst(), VIEW.lines().get(1), broken);
            assertThat(ServiceView.parse(lines)).as(broken).isEmpty();
        }
    }

    @Test
    void saysWhoIsServed() {
        assertThat(VIEW.frontends())
                .extracting(frontend -> frontend.audience().words())
                .containsExactly(
                        "inside and outside",
                        "outside from 198.51.100.0/24,2001:db8::/32",
                        "outside (nobody: no range is understood), answered by the backend's node");
    }
}
