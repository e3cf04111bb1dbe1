package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Asks services of one namespace of the first cluster, each some times, from pods, nodes and outside: one command for all. */
final class ServiceCallers {
    private static final String ON_NODES = "/var/lib/kubelet/programs/lab-load";

    private final MeshLab lab;
    private final String namespace;

    ServiceCallers(MeshLab lab, String namespace) {
        this.lab = lab;
        this.namespace = namespace;
    }

    /**
     * What became of the requests to one address.
     *
     * @param who the pods that answered, or where nobody did, how it failed
     * @param sources the addresses that those saw
     */
    record Answer(String who, Collection<String> sources) {
        static Answer of(JsonNode summary) {
            long sent = summary.path("sent").asLong();
            long ok = summary.path("ok").asLong();
            var pods = new TreeSet<String>();
            summary.path(ok == 0 ? "errors" : "responders")
                    .fieldNames()
                    .forEachRemaining(name -> pods.add(name.substring(name.indexOf('/') + 1)));
            var sources = new TreeSet<String>();
            summary.path("sources").fieldNames().forEachRemaining(sources::add);
            String who = String.join(" ", pods);
            return new Answer(ok == 0 || ok == sent ? who : who + ", of " + sent + " only " + ok, sources);
        }

        boolean isNobody() {
            return sources.isEmpty();
        }
    }

    /** @param addresses each with more options of the load generator, or without */
    List<Answer> fromPod(String pod, String... addresses) {
        return answers(inPod(pod, script("lab-load", addresses)));
    }

    List<Answer> fromNode(String node, String... addresses) {
        return answers(lab.onNode(1, node, script(ON_NODES, addresses)));
    }

    List<Answer> outside(String... addresses) {
        var programs = Path.of(System.getProperty("tombolo.launcher")).resolveSibling("lab/target/programs");
        return answers(lab.in("outside", script(programs + "/lab-load", addresses)));
    }

    /** The HTTP codes of pages, as somebody outside gets them. */
    List<String> codesOutside(String... addresses) {
        String script = Arrays.stream(addresses)
                .map("curl -s -m 1 -o /dev/null -w '%%{http_code}\\n' http://%s/ || true"::formatted)
                .collect(Collectors.joining("\n"));
        return lab.in("outside", script).lines().toList();
    }

    String inPod(String pod, String script) {
        return lab.programs.kubectl(1, "-n", namespace, "exec", pod, "--", "sh", "-c", script);
    }

    private static String script(String program, String... addresses) {
        return Arrays.stream(addresses)
                .map(address -> "%s --requests 20 --concurrency 10 --timeout-ms 500 --url http://%s || true"
                        .formatted(program, address))
                .collect(Collectors.joining("\n"));
    }

    private static List<Answer> answers(String output) {
        return output.lines()
                .filter(line -> line.startsWith("{"))
                .map(MeshLab::json)
                .map(Answer::of)
                .toList();
    }
}
