package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.attachment.Attachment;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.legs.Duty.Work;
import dev.tombolo.agent.egress.podstart.PodStartUpkeep;
import dev.tombolo.bpf.Packed;
import dev.tombolo.reconciler.loop.Failure;
import dev.tombolo.reconciler.loop.Reconciler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the agent itself has to have done for its node's legs. */
public record LegWorks(
        Reconciler<EgressKey, Packed> rows, Reconciler<Attachment, Integer> attachments, PodStartUpkeep podStart) {
    /** What has come of them; how pods start only once that was looked at. */
    public List<Work> now() {
        var works = new ArrayList<Work>();
        works.add(programs());
        works.add(maps());
        if (podStart.looked()) {
            works.add(held());
        }
        return works;
    }

    private Work programs() {
        return new Work(
                "programs",
                "devices",
                "attached to all devices that pods, tunnels and the outside are behind",
                failure(attachments),
                "packets are not steered or translated there; what should be is dropped by the programs that are attached",
                "see the agent's log; its pod is to be privileged, with hostPath /sys/fs/bpf");
    }

    private Work maps() {
        return new Work(
                "maps",
                "rows",
                "all rows of policies are in the kernel",
                failure(rows),
                "packets that need the missing rows are dropped",
                "tombolo status names a map that is full, and the setting that makes it larger");
    }

    private Work held() {
        return new Work(
                "pod start",
                "CNI",
                "new pods are held until their policies are known",
                podStart.missing(),
                "a new pod's first packets may leave with the node's address",
                "see Troubleshooting in the guide of the egress gateway: NoPodStartHook");
    }

    private static Optional<String> failure(Reconciler<?, ?> loop) {
        return loop.failures().values().stream()
                .map(Failure::reason)
                .findFirst()
                .or(() -> loop.observeFailure().map(Failure::reason))
                .or(() -> loop.applied().initialized() ? Optional.empty() : Optional.of("not done yet"));
    }
}
