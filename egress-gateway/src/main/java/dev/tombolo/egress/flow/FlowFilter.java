package dev.tombolo.egress.flow;

import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Optional;

/**
 * Which flows somebody wants to see: those of which everything holds that is asked.
 *
 * @param pod {@code NAMESPACE/NAME}, or {@code NAMESPACE/} for all pods of it
 */
public record FlowFilter(
        Optional<String> pod, Optional<Prefix> to, Optional<Verdict> verdict, Optional<Instant> since) {
    public static final FlowFilter ALL =
            new FlowFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public boolean accepts(EgressFlow flow) {
        return pod.map(asked -> asked.endsWith("/")
                                ? flow.pod().startsWith(asked)
                                : flow.pod().equals(asked))
                        .orElse(true)
                && to.map(range -> range.contains(flow.destination().address())).orElse(true)
                && verdict.map(flow.verdict()::equals).orElse(true)
                && since.map(begin -> !flow.time().isBefore(begin)).orElse(true);
    }
}
