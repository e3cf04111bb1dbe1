package dev.tombolo.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesQuestion.Range;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.ServiceView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the agent's socket, from the words of the command to what is printed. */
class BgpRoutesCommandTest {
    private static final RoutesQuestion QUESTION = new RoutesQuestion(
            Range.ADVERTISED, Optional.of("main/tor"), Optional.of(IpAddress.parse("192.0.2.10")), 7);

    @TempDir
    private Path directory;

    @Test
    void printsWhatTheAgentSaysToTheQuestion() throws IOException {
        assertThat(RoutesView.parse(ask(QUESTION.words()))).contains(answer(QUESTION));
    }

    @Test
    void whatCannotBeMeantIsSaid() {
        assertThatThrownBy(() -> ask(List.of("--vip")))
                .isInstanceOf(IOException.class)
                .hasMessage("--vip: a value is missing");
    }

    private List<String> ask(List<String> words) throws IOException {
        var socket = directory.resolve("run").resolve("agent.sock");
        var printed = new ByteArrayOutputStream();
        try (var _ = AgentApi.serve(socket, new Known());
                var out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            BgpRoutesCommand.print(new AgentSocket(socket, "routes"), words, out);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static RoutesView answer(RoutesQuestion question) {
        return RoutesView.none("n1", question.toString());
    }

    /** Repeats the question. */
    private static final class Known implements Views {
        @Override
        public RoutesView routes(RoutesQuestion question) {
            return answer(question);
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
        public Flows flows() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServiceView service(ServiceName name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    }
}
