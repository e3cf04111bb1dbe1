package dev.tombolo.apiserver.peer;

import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.Invalid;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells of each reason for refusing a peer's objects once, with an example. Used by one thread. */
final class RefusalEvents {
    private final PeerController.Reports reports;
    private final Map<String, Set<String>> told = new HashMap<>();

    RefusalEvents(PeerController.Reports reports) {
        this.reports = reports;
    }

    void tell(MeshPeerObject peer, Map<String, Invalid> examples) throws IOException {
        var known = told.computeIfAbsent(peer.name(), _ -> new HashSet<>());
        for (String reason : examples.keySet()) {
            if (!known.contains(reason)) {
                reports.refused(
                        peer, reason, "objects of this peer are refused (" + reason + "): " + examples.get(reason));
                known.add(reason);
            }
        }
    }

    void forget(String peer) {
        told.remove(peer);
    }
}
