package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.ServiceRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * {@code node-agent service NAMESPACE/NAME}: what {@code tombolo service show} runs in the agent's container. What it
 * prints is for that to read.
 */
public final class ServiceCommand {
    private ServiceCommand() {}

    public static void run(List<String> words, Map<String, String> environment) throws IOException {
        print(AgentSocket.quietly(environment, "services"), request(words), System.out);
    }

    static void print(AgentSocket socket, ServiceRequest request, PrintStream out) throws IOException {
        socket.ask(agent -> agent.service(request).forEachRemaining(line -> out.println(line.getText())));
    }

    static ServiceRequest request(List<String> words) throws IOException {
        String[] parts = String.join(" ", words).split("/", -1);
        if (words.size() != 1 || parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IOException("read " + words + ", expected NAMESPACE/NAME of a Service");
        }
        return ServiceRequest.newBuilder()
                .setNamespace(parts[0])
                .setName(parts[1])
                .build();
    }
}
