package dev.tombolo.cli.install;

import dev.tombolo.cli.output.Console;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.write.Manifested.Applied;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Cilium's kinds in one cluster: each of them Cilium's where it has defined it, or else ours to define and to delete. */
final class CiliumKinds {
    private final KubeApi api;

    CiliumKinds(KubeApi api) {
        this.api = api;
    }

    /** Says so where they are left alone. */
    List<Applied> apply(Console console) throws IOException {
        var applied = new ArrayList<Applied>();
        for (String kind : Manifests.CILIUM_KINDS) {
            if (isAnothers(kind)) {
                console.done("left CustomResourceDefinition " + kind + " as it is: it is not Tombolo's");
            } else {
                applied.addAll(api.writes().manifests().apply(Manifests.ciliumKind(kind)));
            }
        }
        return applied;
    }

    /** What {@link #apply} applies here, perhaps nothing. */
    String manifest() throws IOException {
        var ours = new ArrayList<String>();
        for (String kind : Manifests.CILIUM_KINDS) {
            if (!isAnothers(kind)) {
                ours.add(Manifests.ciliumKind(kind));
            }
        }
        return ours.stream().collect(Collectors.joining("---\n"));
    }

    /** The first that is ours and not served yet; others' are no concern of an installation. */
    Optional<String> awaited() throws IOException {
        for (String kind : Manifests.CILIUM_KINDS) {
            if (!isAnothers(kind) && !api.writes().manifests().established(kind)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The definitions that are there and ours. */
    List<String> present() throws IOException {
        var present = new ArrayList<String>();
        for (String kind : Manifests.CILIUM_KINDS) {
            if (isOurs(kind)) {
                present.add("CustomResourceDefinition " + kind);
            }
        }
        return present;
    }

    /** Takes the policies away, each by name because somebody has written it; not where the kind is another's. */
    void deletePolicies(Console console) throws IOException {
        if (isServed(Manifests.CILIUM_POLICIES)) {
            for (var policy : api.writes().mesh().egressPolicies()) {
                api.writes().mesh().deleteEgressPolicy(policy.name());
                console.done("deleted CiliumEgressGatewayPolicy " + policy.name());
            }
        }
    }

    /** The same of pools; services keep the addresses that they have. */
    void deletePools(Console console) throws IOException {
        if (isServed(Manifests.CILIUM_POOLS)) {
            for (var pool : api.writes().mesh().addressPools()) {
                api.writes().mesh().deleteAddressPool(pool.name());
                console.done("deleted CiliumLoadBalancerIPPool " + pool.name());
            }
        }
    }

    void delete() throws IOException {
        for (String kind : Manifests.CILIUM_KINDS) {
            if (isOurs(kind)) {
                api.writes().manifests().delete(Manifests.ciliumKind(kind));
            }
        }
    }

    private boolean isServed(String kind) throws IOException {
        return isOurs(kind) && api.writes().manifests().established(kind);
    }

    private boolean isAnothers(String kind) throws IOException {
        return labels(kind).isPresent() && !isOurs(kind);
    }

    private boolean isOurs(String kind) throws IOException {
        return labels(kind)
                .filter(labels -> Manifests.TOMBOLO.equals(labels.get(Manifests.PART_OF)))
                .isPresent();
    }

    private Optional<Map<String, String>> labels(String kind) throws IOException {
        return api.writes().manifests().labels(kind);
    }
}
