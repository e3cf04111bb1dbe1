package dev.tombolo.kube.source;

import dev.tombolo.kube.object.KubePod;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.function.Consumer;

/** Pods as egress policies see them; one that is over has given its addresses back and is no row. */
final class EgressPodRows {
    private EgressPodRows() {}

    static Optional<EgressPod> row(Pod pod, Consumer<Invalid> invalid) {
        return PodRows.row(pod, invalid).flatMap(KubePod::egressPod);
    }

    /** The same row with what it has in common with others. */
    static EgressPod shared(EgressPod row, Recurring recurring) {
        return new EgressPod(
                recurring.of(row.namespace()),
                row.name(),
                row.uid(),
                recurring.of(row.serviceAccount()),
                recurring.of(row.labels()),
                recurring.of(row.node()),
                row.addresses(),
                row.hostNetwork(),
                row.terminating());
    }
}
