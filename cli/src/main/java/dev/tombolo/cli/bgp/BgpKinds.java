package dev.tombolo.cli.bgp;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.install.InstalledKinds;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;

/** The kinds by which BGP is declared, which may be missing, or be Cilium's own. */
final class BgpKinds {
    private static final String DEFINITION = "ciliumbgpclusterconfigs.cilium.io";

    private BgpKinds() {}

    static void mustBeOurs(KubeApi api) throws IOException {
        InstalledKinds.require(api, DEFINITION, "nothing can be declared for BGP");
        if (!api.writes().bgp().areOurs()) {
            throw CommandFailure.failed("BGP in " + api.address() + " is Cilium's own: its kind " + DEFINITION
                    + " is not in the category tombolo, expected Tombolo's, which is; ask Cilium: cilium bgp peers");
        }
    }
}
