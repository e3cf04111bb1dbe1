package dev.tombolo.apiserver.peer;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.apiserver.peer.PeerStatusPlan.Issued;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Makes what MeshPeer objects declare so: certificates and users for the peers, a mirror of each, and a status that says
 * how it goes. {@link #pass()} is called by one thread.
 */
public final class PeerController implements AutoCloseable {
    private final Table<String, MeshPeerObject> peers;
    private final SelfCluster self;
    private final Supplier<List<Prefix>> ownRanges;
    private final PeerAuthority authority;
    private final Mirrors mirrors;
    private final Reports reports;
    private final Clock clock;
    private final Map<String, Followed> followed = new TreeMap<>();
    private final Set<ClusterName> admitted = new HashSet<>();
    private final Map<String, Set<String>> reportedReasons = new TreeMap<>();

    /** Starts copying peers. */
    public interface Mirrors {
        /** A mirror that copies nothing yet; keeps what an earlier process copied. */
        PeerMirror mirror(PeerRules rules) throws KvException;

        /** How the peer is reached; empty while it cannot be, because certificate or endpoints are missing. */
        Optional<StoreSource> source(MeshPeerObject peer);

        /** Called for each new connection to a peer. */
        void connected(String peer, KvStore store);

        /** Removes what is left of clusters that are declared no more, and lets stale keys be swept from now on. */
        void forgetOthers(Set<ClusterName> declared) throws IOException, InterruptedException;
    }

    /** Tells people. */
    public interface Reports {
        void status(String peer, MeshPeerObject.Status status) throws IOException;

        void refused(MeshPeerObject peer, String reason, String message) throws IOException;
    }

    private record Followed(PeerMirror mirror, Optional<MeshPeerObject.Spec> spec, PeerDeclaration declaration) {}

    public PeerController(
            Table<String, MeshPeerObject> peers,
            SelfCluster self,
            Supplier<List<Prefix>> ownRanges,
            PeerAuthority authority,
            Mirrors mirrors,
            Reports reports,
            Clock clock) {
        this.peers = peers;
        this.self = self;
        this.ownRanges = ownRanges;
        this.authority = authority;
        this.mirrors = mirrors;
        this.reports = reports;
        this.clock = clock;
    }

    public void pass() throws IOException {
        var known = peers.snapshot();
        if (!known.initialized()) {
            return;
        }
        List<Prefix> ours = ownRanges.get();
        var failures = new ArrayList<IOException>();
        Map<String, PeerDeclaration> declared = new LinkedHashMap<>();
        Map<String, DeclarationPlan.Declared> readings = new LinkedHashMap<>();
        known.forEach(row -> {
            var reading = DeclarationPlan.declare(row.getValue(), self, ours, declared.values());
            readings.put(row.getKey(), reading);
            reading.declaration().ifPresent(peer -> declared.put(row.getKey(), peer));
        });
        removeGone(known.toMap().keySet());
        for (var row : known) {
            try {
                var object = row.getValue();
                var reading = readings.get(row.getKey());
                var status = reading.declaration().isPresent()
                        ? connect(object, reading.declaration().get(), forbidden(object.name(), ours, declared))
                        : refused(object, reading);
                reports.status(object.name(), status);
                report(object, status);
            } catch (IOException failure) {
                failures.add(failure);
                explain(row.getValue(), failure);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void explain(MeshPeerObject object, IOException failure) {
        try {
            reports.status(
                    object.name(),
                    PeerStatusPlan.waiting(
                            "Failed",
                            failure.getMessage(),
                            true,
                            issuedBefore(object),
                            object.status(),
                            clock.instant()));
        } catch (IOException alsoUnreachable) {
            failure.addSuppressed(alsoUnreachable);
        }
    }

    private MeshPeerObject.Status refused(MeshPeerObject object, DeclarationPlan.Declared reading) {
        // What was copied under an earlier, valid declaration stays: a typing error takes no backend away.
        return PeerStatusPlan.waiting(
                "Invalid",
                PeerStatusPlan.text(reading.problems()),
                false,
                issuedBefore(object),
                object.status(),
                clock.instant());
    }

    private MeshPeerObject.Status connect(MeshPeerObject object, PeerDeclaration declaration, List<Prefix> forbidden)
            throws IOException {
        Issued issued = issue(object, declaration.name());
        var rules = new PeerRules(declaration, forbidden);
        var current = followed.get(object.name());
        if (current == null) {
            current = new Followed(mirrors.mirror(rules), Optional.empty(), declaration);
            followed.put(object.name(), current);
        }
        current.mirror().rules(rules);
        var source = mirrors.source(object);
        if (source.isEmpty()) {
            String missing = object.spec().clientCertificate().isEmpty() ? "spec.clientCertificate" : "spec.endpoints";
            return PeerStatusPlan.waiting(
                    "NotConnected",
                    missing + " is empty; `tombolo clustermesh connect` fills it in",
                    true,
                    issued,
                    object.status(),
                    clock.instant());
        }
        boolean same = current.spec().equals(Optional.of(object.spec()))
                && current.declaration().equals(declaration);
        if (!same) {
            current.mirror().follow(source.get(), declaration, store -> mirrors.connected(object.name(), store));
            followed.put(object.name(), new Followed(current.mirror(), Optional.of(object.spec()), declaration));
        }
        return PeerStatusPlan.status(current.mirror().report(), issued, object.status(), clock.instant());
    }

    private Issued issue(MeshPeerObject object, ClusterName name) throws IOException {
        if (object.spec().certificateRequest().isEmpty()) {
            return issuedBefore(object);
        }
        if (!admitted.contains(name)) {
            authority.admit(name);
            admitted.add(name);
        }
        String current = object.status().issuedCertificate();
        var issued = authority.issue(
                name, object.spec().certificateRequest(), Optional.of(current).filter(pem -> !pem.isEmpty()));
        return new Issued(issued.pem(), Optional.of(issued.expires()));
    }

    private void removeGone(Set<String> known) throws IOException {
        try {
            for (var name : List.copyOf(followed.keySet())) {
                if (!known.contains(name)) {
                    authority.expel(new ClusterName(name));
                    admitted.remove(new ClusterName(name));
                    followed.get(name).mirror().remove();
                    followed.remove(name);
                    reportedReasons.remove(name);
                }
            }
            var names = new HashSet<ClusterName>();
            known.forEach(name -> ClusterName.tryParse(name).ifPresent(names::add));
            mirrors.forgetOthers(names);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("closing");
        }
    }

    private List<Prefix> forbidden(String name, List<Prefix> ours, Map<String, PeerDeclaration> declared) {
        var others = declared.values().stream()
                .filter(other -> !other.name().value().equals(name))
                .flatMap(DeclarationPlan::ranges);
        return Stream.concat(ours.stream(), others).toList();
    }

    private void report(MeshPeerObject object, MeshPeerObject.Status status) throws IOException {
        var known = reportedReasons.computeIfAbsent(object.name(), _ -> new HashSet<>());
        for (String reason : status.refused().keySet()) {
            if (known.add(reason)) {
                String last = Optional.ofNullable(followed.get(object.name()))
                        .flatMap(peer -> peer.mirror().report().lastRefusal())
                        .map(Object::toString)
                        .orElse("");
                reports.refused(object, reason, "objects of this peer are refused (" + reason + "): " + last);
            }
        }
    }

    private static Issued issuedBefore(MeshPeerObject object) {
        return new Issued(object.status().issuedCertificate(), object.status().issuedCertificateExpires());
    }

    @Override
    public void close() {
        followed.values().forEach(peer -> peer.mirror().close());
    }
}
