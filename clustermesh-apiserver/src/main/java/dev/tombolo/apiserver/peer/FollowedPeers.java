package dev.tombolo.apiserver.peer;

import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The mirrors that run, each of a peer as it was last declared. Used by one thread. */
final class FollowedPeers implements AutoCloseable {
    private final PeerController.Mirrors mirrors;
    private final Map<String, Followed> byName = new TreeMap<>();

    /** @param spec what the peer is read by; empty while it is not read */
    private record Followed(PeerMirror mirror, Optional<MeshPeerObject.Spec> spec, PeerDeclaration declaration) {}

    FollowedPeers(PeerController.Mirrors mirrors) {
        this.mirrors = mirrors;
    }

    /** The peer's mirror, reading it as it is declared now; empty while it cannot be read. */
    Optional<PeerMirror> follow(MeshPeerObject object, PeerDeclaration declaration, PeerRules rules)
            throws KvException {
        var current = byName.get(object.name());
        if (current == null) {
            current = new Followed(mirrors.mirror(rules), Optional.empty(), declaration);
            byName.put(object.name(), current);
        }
        var mirror = current.mirror;
        mirror.rules(rules);
        var source = mirrors.source(object);
        if (source.isEmpty()) {
            return Optional.empty();
        }
        // What its pods may do here is no reason to read it by another connection.
        var asDeclared = new Followed(mirror, Optional.of(object.spec()), declaration.withGateways(false));
        if (!asDeclared.equals(current)) {
            mirror.follow(source.get(), declaration, store -> mirrors.connected(object.name(), store));
            byName.put(object.name(), asDeclared);
        } else if (mirrors.needsReconnection(object)) {
            mirror.reconnect();
        }
        return Optional.of(mirror);
    }

    /** The mirror of a peer that is read. */
    Optional<PeerMirror> read(String peer) {
        return Optional.ofNullable(byName.get(peer))
                .filter(followed -> followed.spec.isPresent())
                .map(Followed::mirror);
    }

    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Takes the copy of a peer away. */
    void remove(String peer) throws KvException, InterruptedException {
        byName.get(peer).mirror.remove();
        byName.remove(peer);
    }

    @Override
    public void close() {
        byName.values().forEach(followed -> followed.mirror.close());
    }
}
