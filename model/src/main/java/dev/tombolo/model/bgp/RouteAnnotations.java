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

    static RouteAnnotations read(BgpAnnotations annotations) {
        annotations.allow(KNOWN);
        return new RouteAnnotations(
                annotations.number(BgpAnnotations.MED, 0, Asn.LARGEST),
                prepend(annotations, BgpAnnotations.PREPEND, 0),
                annotations.value(
                        BgpAnnotations.REMOTE_BACKENDS,
                        RouteAnnotations::remote,
                        "withdraw, advertise or prepend: what is to be while only other clusters have backends"),
                standby(annotations));
    }

    private static int prepend(BgpAnnotations annotations, String key, int otherwise) {
        return (int) annotations.number(key, 0, RouteMarks.MOST_PREPENDED).orElse(otherwise);
    }

    private static Standby standby(BgpAnnotations annotations) {
        return new Standby(
                annotations
                        .value(
                                BgpAnnotations.ACTIVE_CLUSTERS,
                                RouteAnnotations::clusters,
                                "names of clusters of the mesh, separated by commas")
                        .orElse(Set.of()),
                prepend(annotations, BgpAnnotations.STANDBY_PREPEND, Standby.PREPEND),
                annotations.number(BgpAnnotations.STANDBY_MED, 0, Asn.LARGEST));
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
