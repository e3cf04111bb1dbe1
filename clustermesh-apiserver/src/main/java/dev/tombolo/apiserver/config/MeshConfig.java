package dev.tombolo.apiserver.config;

import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process's configuration, checked.
 *
 * @param namespaces which of them take part in the mesh
 * @param served which services agents serve
 */
public record MeshConfig(
        SelfCluster self,
        Duration lease,
        Duration heartbeat,
        GlobalNamespaces namespaces,
        ServedServices served,
        Optional<Prefix> serviceRange,
        String imageVersion) {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);
    private static final Duration LONGEST_LEASE = Duration.ofHours(24);

    /** How often the heartbeat is really written. */
    public Duration beat() {
        return FollowPace.beat(heartbeat, lease);
    }

    /** As it was written, before anything is believed of it; empty text and null stand for absent. */
    public record Raw(
            String name,
            int id,
            int maxConnectedClusters,
            String tunnelRange,
            String serviceRange,
            Duration lease,
            Duration heartbeat,
            String defaultGlobalNamespace,
            String kubeProxyReplacement,
            String imageVersion) {}

    /** A configuration, or everything that is wrong with it. */
    public sealed interface Checked {
        record Good(MeshConfig config) implements Checked {}

        record Bad(List<Invalid> problems) implements Checked {}
    }

    public static Checked check(Raw raw) {
        var problems = new ArrayList<Invalid>();
        ClusterName.check("tombolo.cluster.name", raw.name).ifPresent(problems::add);
        boolean knownWidth = raw.maxConnectedClusters == 255 || raw.maxConnectedClusters == 511;
        if (!knownWidth) {
            problems.add(bad("tombolo.max-connected-clusters", raw.maxConnectedClusters, "255 or 511"));
        }
        int most = raw.maxConnectedClusters == 511 ? 511 : 255;
        if (raw.id < 1 || raw.id > most) {
            problems.add(bad("tombolo.cluster.id", raw.id, "a number within 1–" + most));
        }
        range("tombolo.tunnel.cidr", raw.tunnelRange, problems);
        range("tombolo.service.cidr", raw.serviceRange, problems);
        duration("tombolo.kvstore.lease", raw.lease, problems);
        duration("tombolo.kvstore.heartbeat", raw.heartbeat, problems);
        if (GlobalNamespaces.tryParse(raw.defaultGlobalNamespace).isEmpty()) {
            problems.add(
                    bad("tombolo." + GlobalNamespaces.SETTING, raw.defaultGlobalNamespace, GlobalNamespaces.EXPECTED));
        }
        if (ServedServices.tryParse(raw.kubeProxyReplacement).isEmpty()) {
            problems.add(bad("tombolo." + ServedServices.SETTING, raw.kubeProxyReplacement, ServedServices.EXPECTED));
        }
        return problems.isEmpty() ? new Checked.Good(config(raw)) : new Checked.Bad(List.copyOf(problems));
    }

    private static MeshConfig config(Raw raw) {
        var id = new ClusterId(raw.id);
        var numbering = MeshNumbering.of(raw.maxConnectedClusters);
        var tunnel = Prefix.tryParse(raw.tunnelRange).orElseGet(() -> numbering.defaultTunnelRange(id));
        return new MeshConfig(
                new SelfCluster(new ClusterName(raw.name), id, numbering, tunnel),
                raw.lease,
                raw.heartbeat,
                GlobalNamespaces.tryParse(raw.defaultGlobalNamespace).orElseThrow(),
                ServedServices.tryParse(raw.kubeProxyReplacement).orElseThrow(),
                Prefix.tryParse(raw.serviceRange),
                raw.imageVersion);
    }

    private static void range(String where, String text, List<Invalid> problems) {
        boolean absent = text == null || text.isEmpty();
        if (!absent
                && Optional.of(text)
                        .filter(given -> given.contains("/"))
                        .flatMap(Prefix::tryParse)
                        .isEmpty()) {
            problems.add(bad(where, text, "a range such as 100.64.64.0/18"));
        }
    }

    private static void duration(String where, Duration value, List<Invalid> problems) {
        if (value.compareTo(SHORTEST_LEASE) < 0 || value.compareTo(LONGEST_LEASE) > 0) {
            problems.add(bad(where, value, "a duration within 2s–24h"));
        }
    }

    private static Invalid bad(String where, Object read, String expected) {
        return new Invalid(where, Invalid.Reason.BAD_CONFIGURATION, String.valueOf(read), expected);
    }
}
