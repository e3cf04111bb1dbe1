package dev.tombolo.cli.install;

import dev.tombolo.cli.output.Console;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.write.Manifested.Applied;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cilium's kinds in one cluster: Cilium's where it has defined them, or else ours to define and to delete. */
final class CiliumKinds {
    private final KubeApi api;

    CiliumKinds(KubeApi api) {
        this.api = api;
    }

    /** Says so where they are left alone. */
    List<Applied> apply(Console console) throws IOException {
        if (areOthers()) {
            console.done("left CustomResourceDefinition " + Manifests.CILIUM_KIND + " as it is: it is not Tombolo's");
            return List.of();
        }
        return api.writes().manifests().apply(Manifests.ciliumKinds());
    }

    /** What {@link #apply} applies here, perhaps nothing. */
    String manifest() throws IOException {
        return areOthers() ? "" : Manifests.ciliumKinds();
    }

    /** Whether they are served, if they are ours; others' are no concern of an installation. */
    boolean areReady() throws IOException {
        return areOthers() || api.writes().manifests().established(Manifests.CILIUM_KIND);
    }

    /** The definition's name, if it is there and ours. */
    Optional<String> present() throws IOException {
        return labels().filter(CiliumKinds::areOurs).map(_ -> "CustomResourceDefinition " + Manifests.CILIUM_KIND);
    }

    /** Takes the policies away, each by name because somebody has written it; not where the kind is another's. */
    void deletePolicies(Console console) throws IOException {
        if (present().isEmpty() || !api.writes().manifests().established(Manifests.CILIUM_KIND)) {
            return;
        }
        for (var policy : api.writes().mesh().egressPolicies()) {
            api.writes().mesh().deleteEgressPolicy(policy.name());
            console.done("deleted CiliumEgressGatewayPolicy " + policy.name());
        }
    }

    void delete() throws IOException {
        if (present().isPresent()) {
            api.writes().manifests().delete(Manifests.ciliumKinds());
        }
    }

    private boolean areOthers() throws IOException {
        return labels().filter(labels -> !areOurs(labels)).isPresent();
    }

    private static boolean areOurs(Map<String, String> labels) {
        return Manifests.TOMBOLO.equals(labels.get(Manifests.PART_OF));
    }

    private Optional<Map<String, String>> labels() throws IOException {
        return api.writes().manifests().labels(Manifests.CILIUM_KIND);
    }
}
