package dev.tombolo.apiserver.peer;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a MeshPeer declares, or everything that is wrong with it. */
final class DeclarationPlan {
    private DeclarationPlan() {}

    /** The declaration when nothing is wrong, else the problems. */
    record Declared(Optional<PeerDeclaration> declaration, List<Invalid> problems) {}

    /** Reads all of them; of two that clash the first by name holds. */
    static Map<String, Declared> declareAll(Iterable<MeshPeerObject> objects, SelfCluster self, List<Prefix> ours) {
        var accepted = new ArrayList<PeerDeclaration>();
        var readings = new LinkedHashMap<String, Declared>();
        for (MeshPeerObject object : objects) {
            var reading = declare(object, self, ours, accepted);
            reading.declaration().ifPresent(accepted::add);
            readings.put(object.name(), reading);
        }
        return readings;
    }

    /** What one peer must never claim: what is ours, and what was declared of every other. */
    static List<Prefix> forbidden(String peer, List<Prefix> ours, Map<String, Declared> readings) {
        var others = readings.values().stream()
                .flatMap(reading -> reading.declaration().stream())
                .filter(other -> !other.name().value().equals(peer))
                .flatMap(DeclarationPlan::ranges);
        return Stream.concat(ours.stream(), others).toList();
    }

    /**
     * Reads a MeshPeer.
     *
     * @param ours ranges of this cluster
     * @param others declarations that were accepted before this one
     */
    static Declared declare(
            MeshPeerObject object, SelfCluster self, List<Prefix> ours, Collection<PeerDeclaration> others) {
        var reading = new Reading("MeshPeer " + object.name());
        var spec = object.spec();
        ClusterName.check(reading.where + " metadata.name", object.name()).ifPresent(reading.problems::add);
        if (object.name().equals(self.name().value())) {
            reading.bad("metadata.name", object.name(), "another name than this cluster's own");
        }
        if (!self.numbering().admits(spec.clusterId())
                || spec.clusterId() == self.id().value()) {
            reading.bad(
                    "spec.clusterId",
                    spec.clusterId(),
                    "a number within 1–" + self.numbering().maxConnectedClusters() + ", not " + self.id()
                            + ", which is this cluster");
        }
        others.stream()
                .filter(other -> other.id().value() == spec.clusterId())
                .findFirst()
                .ifPresent(other -> reading.bad(
                        "spec.clusterId", spec.clusterId(), "an id that is not that of MeshPeer " + other.name()));
        if (spec.maxConnectedClusters() != self.numbering().maxConnectedClusters()) {
            reading.bad(
                    "spec.maxConnectedClusters",
                    spec.maxConnectedClusters(),
                    self.numbering().maxConnectedClusters() + ", as in this cluster");
        }
        var pods = reading.ranges("spec.podCIDRs", spec.podCIDRs());
        var nodes = reading.ranges("spec.nodeCIDRs", spec.nodeCIDRs());
        var tunnel =
                reading.ranges("spec.tunnelCIDR", spec.tunnelCIDR().isEmpty() ? List.of() : List.of(spec.tunnelCIDR()));
        reading.mustNotOverlap(pods, ours, "this cluster");
        reading.mustNotOverlap(tunnel, ours, "this cluster");
        for (PeerDeclaration other : others) {
            reading.mustNotOverlap(pods, ranges(other).toList(), "MeshPeer " + other.name());
            reading.mustNotOverlap(tunnel, ranges(other).toList(), "MeshPeer " + other.name());
        }
        if (!reading.problems.isEmpty()) {
            return new Declared(Optional.empty(), List.copyOf(reading.problems));
        }
        var quotas = spec.quotas()
                .map(q -> new PeerQuotas(q.nodes(), q.identities(), q.endpoints(), q.services()))
                .orElse(PeerQuotas.DEFAULT);
        return new Declared(
                Optional.of(new PeerDeclaration(
                        new ClusterName(object.name()),
                        new ClusterId(spec.clusterId()),
                        self.numbering(),
                        pods,
                        nodes,
                        tunnel,
                        quotas,
                        EgressConsent.isGiven(object.annotations()))),
                List.of());
    }

    static Stream<Prefix> ranges(PeerDeclaration peer) {
        return Stream.of(peer.podRanges(), peer.nodeRanges(), peer.tunnelRanges())
                .flatMap(List::stream);
    }

    private static final class Reading {
        private final String where;
        private final List<Invalid> problems = new ArrayList<>();

        Reading(String where) {
            this.where = where;
        }

        void bad(String field, Object read, String expected) {
            problems.add(
                    new Invalid(where + " " + field, Invalid.Reason.BAD_CONFIGURATION, String.valueOf(read), expected));
        }

        List<Prefix> ranges(String field, List<String> texts) {
            var ranges = new ArrayList<Prefix>();
            for (String text : texts) {
                Prefix.tryParse(text)
                        .filter(range -> range.length() > 0)
                        .ifPresentOrElse(ranges::add, () -> bad(field, text, "a range such as 10.2.0.0/16"));
            }
            return ranges;
        }

        void mustNotOverlap(List<Prefix> ranges, List<Prefix> taken, String whose) {
            for (Prefix range : ranges) {
                taken.stream()
                        .filter(range::overlaps)
                        .findFirst()
                        .ifPresent(clash ->
                                bad("spec", range, "ranges that do not overlap with " + clash + " of " + whose));
            }
        }
    }
}
