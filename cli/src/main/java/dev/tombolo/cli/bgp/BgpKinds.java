package dev.tombolo.cli.bgp;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;

/** The kinds by which BGP is declared, which may be missing, or be Cilium's own. */
final class BgpKinds {
    private static final String DEFINITION = "ciliumbgpclusterconfigs.cilium.io";

    private BgpKinds() {}

    static void mustBeOurs(KubeApi api) throws IOException {
        var manifests = api.writes().manifests();
        if (!manifests.established("meshnodes.tombolo.dev")) {
            throw CommandFailure.failed("Tombolo is not installed in " + api.address()
                    + " (no kind meshnodes.tombolo.dev); run: tombolo install");
        }
        if (!manifests.established(DEFINITION)) {
            throw CommandFailure.failed("nothing can be declared for BGP in " + api.address() + ": it has no kind "
                    + DEFINITION + "; run: tombolo upgrade");
        }
        if (!api.writes().bgp().areOurs()) {
            throw CommandFailure.failed("BGP in " + api.address() + " is Cilium's own: its kind " + DEFINITION
                    + " is not in the category tombolo, expected Tombolo's, which is; ask Cilium: cilium bgp peers");
        }
    }
}
