package dev.tombolo.model.bgp;

import dev.tombolo.model.bgp.BgpAdvertisement.RemoteBackends;
import dev.tombolo.model.cluster.ClusterName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the annotations of a CiliumBGPAdvertisement ask for, of all of its entries.
 *
 * @param remote empty where it is not said
 */
record RouteAnnotations(OptionalLong med, int prepend, Optional<RemoteBackends> remote, Standby standby) {
    private static final Set<String> KNOWN = Set.of(
            BgpAnnotations.MED,
            BgpAnnotations.PREPEND,
            BgpAnnotations.REMOTE_BACKENDS,
            BgpAnnotations.ACTIVE_CLUSTERS,
            BgpAnnotations.STANDBY_MED,
            BgpAnnotations.STANDBY_PREPEND);

    private static final String NEEDED = BgpAnnotations.ACTIVE_CLUSTERS;

    static RouteAnnotations read(BgpAnnotations annotations) {
        annotations.allow(KNOWN);
        return new RouteAnnotations(
                annotations.number(BgpAnnotations.MED, 0, Asn.LARGEST),
                (int) annotations
                        .number(BgpAnnotations.PREPEND, 0, RouteMarks.MOST_PREPENDED)
                        .orElse(0),
                annotations.value(
                        BgpAnnotations.REMOTE_BACKENDS,
                        RouteAnnotations::remote,
                        "withdraw, advertise or prepend: what is to be while only other clusters have backends"),
                standby(annotations));
    }

    private static Standby standby(BgpAnnotations annotations) {
        var prepend = annotations.number(BgpAnnotations.STANDBY_PREPEND, 0, RouteMarks.MOST_PREPENDED);
        var med = annotations.number(BgpAnnotations.STANDBY_MED, 0, Asn.LARGEST);
        if (!annotations.has(BgpAnnotations.ACTIVE_CLUSTERS)) {
            prepend.ifPresent(_ -> annotations.refuseAlone(BgpAnnotations.STANDBY_PREPEND, NEEDED));
            med.ifPresent(_ -> annotations.refuseAlone(BgpAnnotations.STANDBY_MED, NEEDED));
        }
        return new Standby(
                annotations
                        .value(
                                BgpAnnotations.ACTIVE_CLUSTERS,
                                RouteAnnotations::clusters,
                                "names of clusters of the mesh, separated by commas")
                        .orElse(Set.of()),
                (int) prepend.orElse(Standby.PREPEND),
                med);
    }

    private static Optional<RemoteBackends> remote(String text) {
        return Arrays.stream(RemoteBackends.values())
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }

    private static Optional<Set<ClusterName>> clusters(String text) {
        var names = Arrays.stream(text.split(","))
                .map(String::strip)
                .map(ClusterName::tryParse)
                .toList();
        return names.stream().allMatch(Optional::isPresent) ? Optional.of(present(names)) : Optional.empty();
    }

    private static Set<ClusterName> present(List<Optional<ClusterName>> names) {
        return Set.copyOf(names.stream().flatMap(Optional::stream).toList());
    }
}
