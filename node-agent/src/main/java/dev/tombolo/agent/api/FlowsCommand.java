package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.FlowsRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * {@code node-agent flows}: what {@code tombolo observe} runs in the agent's container. Its options are that command's;
 * what it prints is one line a flow, and not for people.
 */
public final class FlowsCommand {
    private FlowsCommand() {}

    public static void run(List<String> words, Map<String, String> environment) throws IOException {
        var socket = AgentSocket.quietly(environment, "flows");
        var request = request(words);
        if (request.getFollow()) {
            Thread.ofPlatform().daemon().name("until input ends").start(() -> exitAtEnd(System.in));
        }
        new FlowsClient(socket, System.out, System.err).print(request);
    }

    /** Whoever runs a command in a container and goes away leaves it there; but its input ends. */
    private static void exitAtEnd(InputStream input) {
        try (input) {
            while (input.read() >= 0) {}
        } catch (IOException ended) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }

    static FlowsRequest request(List<String> words) throws IOException {
        var request = FlowsRequest.newBuilder();
        for (var word = words.iterator(); word.hasNext(); ) {
            String option = word.next();
            switch (option) {
                case "--follow" -> request.setFollow(true);
                case "--last" -> request.setLast(number(option, word));
                case "--since" -> request.setSinceSeconds(number(option, word));
                case "--pod" -> request.setPod(value(option, word));
                case "--to-ip" -> request.setTo(value(option, word));
                case "--verdict" -> request.setVerdict(value(option, word));
                default ->
                    throw new IOException(
                            "read \"" + option + "\", expected --follow, --last, --since, --pod, --to-ip or --verdict");
            }
        }
        return request.build();
    }

    private static String value(String option, Iterator<String> word) throws IOException {
        if (!word.hasNext()) {
            throw new IOException(option + ": a value is missing");
        }
        return word.next();
    }

    private static int number(String option, Iterator<String> word) throws IOException {
        String text = value(option, word);
        if (!text.matches("\\d{1,9}")) {
            throw new IOException(option + ": read " + text + ", expected a number of at most nine digits");
        }
        return Integer.parseInt(text);
    }
}
