package dev.tombolo.cli.egress;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.install.InstalledKinds;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;

/** The kind of egress policies, which may be missing, or be Cilium's own. */
final class PolicyKind {
    private static final String DEFINITION = "ciliumegressgatewaypolicies.cilium.io";

    private PolicyKind() {}

    static void mustBeOurs(KubeApi api) throws IOException {
        InstalledKinds.require(api, DEFINITION, "there are no egress policies");
        if (!api.writes().statuses().hasEgressPolicies()) {
            throw CommandFailure.failed("egress policies in " + api.address() + " are Cilium's own: its kind "
                    + DEFINITION + " has no status, expected Tombolo's, which has one; ask Cilium about them");
        }
    }
}
