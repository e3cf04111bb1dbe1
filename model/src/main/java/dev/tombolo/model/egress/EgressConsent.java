package dev.tombolo.model.egress;

import java.util.Map;

/** Whether a peer's pods may leave through this cluster's gateways: its administrator says so on the MeshPeer. */
public final class EgressConsent {
    public static final String ANNOTATION = "egress.tombolo.dev/may-use-gateways";

    private EgressConsent() {}

    /** Whatever is not a plain yes is a no. */
    public static boolean isGiven(Map<String, String> annotations) {
        return "true".equals(annotations.get(ANNOTATION));
    }
}
