package dev.tombolo.cli.doctor;

import dev.tombolo.kube.object.NodeLegs.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All legs that were asked about.
 *
 * @param elsewhere what only another cluster can tell
 */
record Diagnosis(List<Finding> findings, List<String> elsewhere) {
    Diagnosis {
        findings = List.copyOf(findings);
        elsewhere = List.copyOf(elsewhere);
    }

    List<Finding> in(State state) {
        return findings.stream().filter(finding -> finding.is(state)).toList();
    }

    /** What is not known is not fine. */
    boolean isFine() {
        return findings.stream().allMatch(finding -> finding.is(State.Holds));
    }

    /** Of all facts that count, when the oldest were told. */
    Optional<Instant> oldest() {
        return findings.stream().flatMap(finding -> finding.seen().stream()).min(Comparator.naturalOrder());
    }
}
