package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.BgpRoutesRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * {@code node-agent bgp-routes}: what {@code tombolo bgp routes} runs in the agent's container. What it prints is for that to
 * read.
 */
public final class BgpRoutesCommand {
    private BgpRoutesCommand() {}

    /** @param words of a {@link dev.tombolo.model.bgp.view.RoutesQuestion} */
    public static void run(List<String> words, Map<String, String> environment) throws IOException {
        print(AgentSocket.quietly(environment, "routes to routers"), words, System.out);
    }

    static void print(AgentSocket socket, List<String> words, PrintStream out) throws IOException {
        var request = BgpRoutesRequest.newBuilder().addAllWords(words).build();
        socket.ask(agent -> agent.bgpRoutes(request).forEachRemaining(line -> out.println(line.getText())));
    }
}
