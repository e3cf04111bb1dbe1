package dev.tombolo.apiserver.mirror;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import java.util.Optional;

/** One kind of what a peer says of itself. */
final class MirroredKind extends MirroredPrefix {
    private final Kind kind;

    MirroredKind(Kind kind, PeerRules rules) {
        var peer = rules.peer().name();
        super(
                new OfKind(kind, MeshKeys.state(kind, peer)),
                MeshKeys.state(kind, peer),
                MeshKeys.cache(kind, peer),
                rules);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    private record OfKind(Kind kind, String prefix) implements Objects {
        @Override
        public Optional<Invalid> refusal(PeerRules rules, String key, Value value) {
            return Kinds.refusal(kind, rules, prefix, key, value);
        }

        @Override
        public int quota(PeerQuotas quotas) {
            return Kinds.quota(kind, quotas);
        }
    }
}
