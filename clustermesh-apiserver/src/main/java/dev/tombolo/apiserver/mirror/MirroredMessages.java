package dev.tombolo.apiserver.mirror;

import dev.tombolo.kvstore.protocol.EgressMessageCodec;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressMessage.Part;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One kind of what a peer says to this cluster about egress. */
final class MirroredMessages extends MirroredPrefix {
    /** Each is a set of rules on every gateway. */
    private static final int MOST_POLICIES = 64;

    private static final int MOST_PODS = 10_000;

    private final Part part;

    MirroredMessages(Part part, ClusterName self, PeerRules rules) {
        var peer = rules.peer().name();
        super(
                new OfPart(part, EgressMessageKeys.state(part, peer, self)),
                EgressMessageKeys.state(part, peer, self),
                EgressMessageKeys.cache(part, peer),
                rules);
        this.part = part;
    }

    /** What is believed now. */
    List<EgressMessage> messages() {
        var messages = new ArrayList<EgressMessage>();
        rows().snapshot()
                .forEach(row -> EgressMessageCodec.decode(part, cachePrefix(), row.getKey(), row.getValue())
                        .value()
                        .ifPresent(messages::add));
        return messages;
    }

    private record OfPart(Part part, String prefix) implements Objects {
        private static final int LONGEST_KEY = 512;

        @Override
        public Optional<Invalid> refusal(PeerRules rules, String key, Value value) {
            if (key.length() > LONGEST_KEY) {
                return Optional.of(new Invalid(
                        "a key of cluster " + rules.peer().name(),
                        Invalid.Reason.WRONG_KEY,
                        key,
                        "at most " + LONGEST_KEY + " characters"));
            }
            if (value.size() > largest()) {
                return Optional.of(new Invalid(
                        key, Invalid.Reason.TOO_LARGE, value.size() + " bytes", "at most " + largest() + " bytes"));
            }
            var decoded = EgressMessageCodec.decode(part, prefix, key, value);
            return decoded.refusal().or(() -> decoded.value().flatMap(rules::check));
        }

        private int largest() {
            return switch (part) {
                case POLICIES, NODES -> 64 << 10;
                case PODS -> 8 << 10;
            };
        }

        @Override
        public int quota(PeerQuotas quotas) {
            return switch (part) {
                case POLICIES -> MOST_POLICIES;
                case PODS -> Math.min(MOST_PODS, quotas.endpoints());
                case NODES -> quotas.nodes();
            };
        }
    }
}
