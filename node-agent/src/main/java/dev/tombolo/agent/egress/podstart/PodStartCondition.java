package dev.tombolo.agent.egress.podstart;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.MeshNodeObject;
import java.util.Optional;

/** What the node says of how its pods start. */
public final class PodStartCondition {
    private PodStartCondition() {}

    /** @param missing why the hook is */
    public static Condition of(Optional<String> missing) {
        return missing.map(why -> condition("True", "CniNotChanged", why))
                .orElseGet(() -> condition("False", "Installed", ""));
    }

    private static Condition condition(String truth, String reason, String message) {
        return new Condition(MeshNodeObject.NO_POD_START_HOOK, truth, reason, message, Optional.empty());
    }
}
