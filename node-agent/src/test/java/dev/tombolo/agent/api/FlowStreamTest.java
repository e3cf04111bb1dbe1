package dev.tombolo.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.egress.flow.EgressFlow.End;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.ServiceView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over the agent's own socket, by the command that {@code tombolo observe} runs in its container. */
class FlowStreamTest {
    private final List<EgressFlow> known = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path directory;
    private AgentApi api;

    /** As a history does, but without an end. */
    private final class Known implements Flows, Views {
        private long missed;

        @Override
        public long oldest() {
            return 0;
        }

        @Override
        public Part from(long number) {
            synchronized (known) {
                long gone = missed;
                missed = 0;
                return new Part(List.copyOf(known.subList((int) number, known.size())), known.size(), gone);
            }
        }

        @Override
        public void await(long number, Duration longest) throws InterruptedException {
            synchronized (known) {
                if (known.size() <= number) {
                    known.wait(longest.toMillis());
                }
            }
        }

        @Override
        public Map<String, Supplier<String>> tables() {
            return Map.of();
        }

        @Override
        public String status() {
            return "";
        }

        @Override
        public RoutesView routes(RoutesQuestion question) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServiceView service(ServiceName name) {
            throw new IllegalStateException("nobody asks");
        }

        @Override
        public Flows flows() {
            return this;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    }

    private final Known views = new Known();

    @BeforeEach
    void serve() throws IOException {
        directory = Files.createTempDirectory("tombolo-flows");
        api = AgentApi.serve(socket(), views);
        add("shop/web-0", "203.0.113.9", "");
        add("shop/web-1", "203.0.113.10", "DROP_NO_GATEWAY");
        add("other/job", "203.0.113.9", "DROP_HELD");
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
        Files.delete(directory);
    }

    private Path socket() {
        return directory.resolve("agent.sock");
    }

    private void add(String pod, String to, String reason) {
        var egress = new End(IpAddress.parse("198.51.100.7"), 40_001);
        synchronized (known) {
            known.add(new EgressFlow(
                    Instant.now(),
                    "node1",
                    pod,
                    new End(IpAddress.parse("10.1.0.2"), 40_000),
                    new End(IpAddress.parse(to), 443),
                    6,
                    reason.isEmpty() ? Optional.of(egress) : Optional.empty(),
                    "partner",
                    reason,
                    "HOOK_EGRESS_GATEWAY",
                    0));
            known.notifyAll();
        }
    }

    private FlowsClient client() {
        return new FlowsClient(
                new AgentSocket(socket(), "flows"), new PrintStream(out, true), new PrintStream(err, true));
    }

    private List<String> printed(String... words) throws IOException {
        client().print(FlowsCommand.request(List.of(words)));
        return lines();
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> expected(int... flows) {
        return java.util.Arrays.stream(flows).mapToObj(i -> known.get(i).line()).toList();
    }

    @Test
    void tellsAllThatIsKnown() throws IOException {
        assertThat(printed()).isEqualTo(expected(0, 1, 2));
    }

    @Test
    void tellsTheLastOfThoseThatAreWanted() throws IOException {
        assertThat(printed("--last", "1", "--pod", "shop/")).isEqualTo(expected(1));
    }

    @Test
    void tellsOnlyWhatIsAskedFor() throws IOException {
        assertThat(printed("--to-ip", "203.0.113.9/32", "--verdict", "DROPPED", "--since", "60"))
                .isEqualTo(expected(2));
    }

    @Test
    void saysWhatCannotBeRead() {
        assertThatThrownBy(() -> printed("--to-ip", "nowhere")).hasMessageContaining("nowhere");
        assertThatThrownBy(() -> printed("--last", "-1"))
                .hasMessage("--last: read -1, expected a number of at most nine digits");
        assertThatThrownBy(() -> printed("--pods")).hasMessageStartingWith("read \"--pods\", expected --follow, ");
        assertThatThrownBy(() -> printed("--pod")).hasMessage("--pod: a value is missing");
    }

    @Test
    void saysThatNoAgentAnswers() throws IOException {
        api.close();
        assertThatThrownBy(this::printed).hasMessageStartingWith("no agent answers at " + socket());
    }

    @Test
    void goesOnWithThoseToComeUntilNobodyReads() throws Exception {
        var request = FlowsCommand.request(List.of("--follow", "--last", "1", "--verdict", "DROPPED"));
        var following = Thread.ofVirtual().start(() -> {
            try {
                client().print(request);
            } catch (IOException ended) {
                err.writeBytes(ended.getMessage().getBytes(StandardCharsets.UTF_8));
            }
        });
        Awaitility.await().until(() -> lines().size() == 1);
        add("shop/web-0", "203.0.113.9", "");
        add("shop/web-0", "203.0.113.9", "DROP_DEPOSED");
        Awaitility.await().untilAsserted(() -> assertThat(lines()).isEqualTo(expected(2, 4)));
        synchronized (known) {
            views.missed = 7;
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(err.toString(StandardCharsets.UTF_8))
                        .startsWith("7 flows came faster than they were read"));
        api.close();
        following.join(Duration.ofSeconds(5));
        assertThat(following.isAlive()).isFalse();
        api = AgentApi.serve(socket(), views);
    }
}
