package dev.tombolo.model.egress;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What a cluster says to one other so that pods of the one leave through gateways of the other. */
public sealed interface EgressMessage {
    /** Who says it. */
    ClusterName from();

    /** What it is about, by which it is found again. */
    Key key();

    /** The kinds of messages. */
    enum Part {
        POLICIES,
        PODS,
        NODES
    }

    /** Names a message; two of one key are the same message at different times. */
    record Key(ClusterName from, Part part, String leaf) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::from).thenComparing(Key::part).thenComparing(Key::leaf);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * A policy whose gateways are nodes of the reader. Whom it selects is said pod by pod, so its own sources mean nothing
     * here.
     */
    record Request(ClusterName from, EgressPolicy policy) implements EgressMessage {
        @Override
        public Key key() {
            return new Key(from, Part.POLICIES, policy.name());
        }
    }

    /**
     * A pod that such policies select.
     *
     * @param entries by the name of the policy, which of its gateways the pod is pinned to
     */
    record Pod(ClusterName from, IpAddress address, Map<String, Integer> entries) implements EgressMessage {
        public Pod {
            entries = java.util.Collections.unmodifiableMap(new TreeMap<>(entries));
        }

        @Override
        public Key key() {
            return new Key(from, Part.PODS, address.toString());
        }
    }

    /** A node that pods of the reader may leave through. */
    record Offer(EgressNode node) implements EgressMessage {
        @Override
        public ClusterName from() {
            return id().cluster();
        }

        public NodeId id() {
            return node.id();
        }

        @Override
        public Key key() {
            return new Key(from(), Part.NODES, id().name());
        }
    }
}
