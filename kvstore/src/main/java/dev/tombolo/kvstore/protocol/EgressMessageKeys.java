package dev.tombolo.kvstore.protocol;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage.Part;

/** Where clusters find what others say to them about egress. None of it is Cilium's, whose readers never look there. */
public final class EgressMessageKeys {
    /** The copies of all peers' messages. */
    public static final String CACHE = "tombolo/egress-cache/v1/";

    /** Not below the keys that the cluster's agents write. */
    private static final String MESSAGES = "tombolo/egress-messages/v1/";

    private EgressMessageKeys() {}

    /** The prefix of all that a cluster says to anybody. */
    public static String of(ClusterName writer) {
        return MESSAGES + writer + "/";
    }

    /** The prefix of all that a cluster says to one other, which nobody else may read. */
    public static String to(ClusterName writer, ClusterName reader) {
        return of(writer) + reader + "/";
    }

    /** The prefix of the messages of one kind to one reader. */
    public static String state(Part part, ClusterName writer, ClusterName reader) {
        return to(writer, reader) + path(part);
    }

    /** The prefix of the reader's copy of one peer's messages. */
    public static String cache(ClusterName writer) {
        return CACHE + writer + "/";
    }

    /** The prefix of the reader's copy of one kind of one peer's messages. */
    public static String cache(Part part, ClusterName writer) {
        return cache(writer) + path(part);
    }

    /** Shows that all that a cluster says to others is there. */
    public static String stateCanary(ClusterName writer) {
        return MeshKeys.SYNCED + writer + "/tombolo/egress-messages/v1";
    }

    /** Shows that the copy of a peer's messages is complete. */
    public static String cacheCanary(ClusterName writer) {
        return MeshKeys.SYNCED + writer + "/tombolo/egress-cache/v1";
    }

    private static String path(Part part) {
        return switch (part) {
            case POLICIES -> "policies/";
            case PODS -> "pods/";
            case NODES -> "nodes/";
        };
    }
}
