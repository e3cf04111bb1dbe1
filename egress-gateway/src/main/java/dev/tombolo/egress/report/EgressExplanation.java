package dev.tombolo.egress.report;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What happens to packets of a pod to an address, and why.
 *
 * @param considered every policy that selects the pod, by rank, and what came of it
 */
public record EgressExplanation(EgressPod pod, IpAddress destination, Outcome outcome, List<Considered> considered) {
    public EgressExplanation {
        considered = List.copyOf(considered);
    }

    /** A policy that selects the pod, and in a sentence why it does or does not decide. */
    public record Considered(String policy, boolean decides, String why) {}

    /** What happens. */
    public sealed interface Outcome {
        /** Carried to a gateway. */
        record ThroughGateway(String policy, Prefix destination, NodeId gateway, EgressAddress address, int slot)
                implements Outcome {}

        /** Dropped, and why. */
        record Dropped(String policy, Prefix destination, String why) implements Outcome {}

        /** Left alone: the destination is excluded. */
        record Excluded(String policy, Prefix destination) implements Outcome {}

        /** Left alone, whatever policies say: it goes to something inside the mesh, or to no place beyond a gateway. */
        record Internal(Prefix range, String what) implements Outcome {}

        /** Left alone: no policy selects the pod, or none names the destination. */
        record NoPolicy(String why) implements Outcome {}
    }

    /** The gateway, where there is one. */
    public Optional<NodeId> gateway() {
        return outcome instanceof Outcome.ThroughGateway through ? Optional.of(through.gateway()) : Optional.empty();
    }
}
