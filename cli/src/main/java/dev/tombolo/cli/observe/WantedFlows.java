package dev.tombolo.cli.observe;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.output.TimeSpan;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.egress.flow.Verdict;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which flows a user wants to see, by options with the names of {@code hubble observe}. */
final class WantedFlows {
    private static final int LAST = 20;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with the flows to come.")
    private boolean follow;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "The newest N of those that are known; by default 20, or all with --since.")
    private Integer last;

    @Option(names = "--since", paramLabel = "TIME", description = "Not older than that, for instance 90s or 5m.")
    private String since;

    @Option(
            names = {"--from-pod", "--pod"},
            paramLabel = "NAMESPACE/NAME",
            description = "Of this pod; with --namespace its name alone, or nothing for all pods of it.")
    private String pod;

    @Option(
            names = "--to-ip",
            paramLabel = "ADDRESS",
            description = "To this address, or to a range such as 198.51.100.0/24.")
    private String to;

    @Option(
            names = "--verdict",
            paramLabel = "VERDICT",
            description = "translated: new flows that got their egress address; or dropped.")
    private String verdict;

    boolean follow() {
        return follow;
    }

    /** How many are shown of all nodes together; empty for all. */
    Optional<Integer> last() throws IOException {
        if (last != null && last < 1) {
            throw CommandFailure.usage("--last: read " + last + ", expected a number from 1");
        }
        return last == null && since != null ? Optional.empty() : Optional.of(last == null ? LAST : last);
    }

    /** The agent's command, whose output is flows. */
    List<String> command(Optional<String> namespace) throws IOException {
        var words = new ArrayList<>(List.of(Manifests.AGENT_PROGRAM, "flows"));
        if (follow) {
            words.add("--follow");
        }
        last().ifPresent(count -> words.addAll(List.of("--last", count.toString())));
        if (since != null) {
            words.addAll(List.of("--since", Long.toString(seconds())));
        }
        sender(namespace).ifPresent(sender -> words.addAll(List.of("--pod", sender)));
        if (to != null) {
            words.addAll(List.of("--to-ip", range().toString()));
        }
        if (verdict != null) {
            words.addAll(List.of("--verdict", verdict().name()));
        }
        return words;
    }

    private long seconds() throws IOException {
        return Math.max(1, TimeSpan.parse("--since", since).toSeconds());
    }

    private Optional<String> sender(Optional<String> namespace) throws IOException {
        if (pod == null) {
            return namespace.map(name -> name + "/");
        }
        String full = pod.contains("/") ? pod : namespace.orElse("") + "/" + pod;
        if (!full.matches("[^/]+/[^/]*")) {
            throw CommandFailure.usage("--from-pod: read " + pod
                    + ", expected NAMESPACE/NAME, NAMESPACE/ for all of its pods, or NAME with --namespace");
        }
        return Optional.of(full);
    }

    private Prefix range() throws IOException {
        return IpAddress.tryParse(to)
                .map(Prefix::host)
                .or(() -> Prefix.tryParse(to))
                .orElseThrow(() -> CommandFailure.usage(
                        "--to-ip: read " + to + ", expected an address such as 198.51.100.7 or a range"));
    }

    private Verdict verdict() throws IOException {
        try {
            return Verdict.valueOf(verdict.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException other) {
            throw CommandFailure.usage("--verdict: read " + verdict + ", expected translated or dropped");
        }
    }
}
