package dev.tombolo.cli.session;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.lab.apiserver.RunningServer;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Agents on three nodes that answer commands in their containers. */
final class LivingAgents {
    /** What one of them would print. */
    interface Answer {
        Process to(String node, List<String> command) throws IOException;
    }

    private final RunningServer server;
    private final KubernetesClient client;

    LivingAgents(RunningServer server, KubernetesClient client) {
        this.server = server;
        this.client = client;
    }

    void begin(Answer answer) {
        server.onExec((_, pod, container, command) -> answer.to(pod.substring("tombolo-agent-".length()), command));
        List.of("n1", "n2", "n3").forEach(this::agent);
    }

    private void agent(String node) {
        var pods = client.pods().inNamespace(Manifests.NAMESPACE);
        var pod = pods.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("tombolo-agent-" + node)
                        .addToLabels("app", Manifests.AGENT)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .addNewContainer()
                        .withName(Manifests.AGENT_CONTAINER)
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        pods.resource(pod)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"phase\":\"Running\"}}");
    }

    /** Somebody's pod, which runs. */
    void pod(String namespace, String name, String node, String address) {
        var pods = client.pods().inNamespace(namespace);
        var pod = pods.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .endSpec()
                        .build())
                .create();
        pods.resource(pod)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"phase\":\"Running\",\"podIPs\":[{\"ip\":\"%s\"}]}}".formatted(address));
    }

    /** Ends with that code after it has complained and printed. */
    static Process process(int code, String complaint, String... lines) throws IOException {
        String script = "printf '%s\\n' \"$0\" >&2; [ $# = 0 ] || printf '%s\\n' \"$@\"; exit " + code;
        var words = new ArrayList<>(List.of("sh", "-c", script, complaint));
        words.addAll(List.of(lines));
        return new ProcessBuilder(words).start();
    }
}
