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
import java.io.InterruptedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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
    private final Paths paths;
    private final Reports reports;
    private final RefusalEvents refusals;
    private final Clock clock;
    private final FollowedPeers followed;
    private final Set<ClusterName> admitted = new HashSet<>();

    /** Starts copying peers. */
    public interface Mirrors {
        /** A mirror that copies nothing yet; keeps what an earlier process copied. */
        PeerMirror mirror(PeerRules rules) throws KvException;

        /** How the peer is reached; empty while it cannot be, because certificate or endpoints are missing. */
        Optional<StoreSource> source(MeshPeerObject peer);

        /** Whether the certificate with which the peer was last connected to is over, and another is there. */
        boolean needsReconnection(MeshPeerObject peer);

        /** Called for each new connection to a peer. */
        void connected(String peer, KvStore store);

        /** Removes what is left of clusters that are declared no more, and lets stale keys be swept from now on. */
        void forgetOthers(Set<ClusterName> declared) throws IOException, InterruptedException;
    }

    /** What the cluster's agents know of the way to a peer's nodes. */
    public interface Paths {
        /** Empty while no agent says anything. */
        Optional<Boolean> anyAnswers(String peer);
    }

    /** Tells people. */
    public interface Reports {
        void status(String peer, MeshPeerObject.Status status) throws IOException;

        void refused(MeshPeerObject peer, String reason, String message) throws IOException;
    }

    public PeerController(
            Table<String, MeshPeerObject> peers,
            SelfCluster self,
            Supplier<List<Prefix>> ownRanges,
            PeerAuthority authority,
            Mirrors mirrors,
            Paths paths,
            Reports reports,
            Clock clock) {
        this.peers = peers;
        this.self = self;
        this.ownRanges = ownRanges;
        this.authority = authority;
        this.mirrors = mirrors;
        this.followed = new FollowedPeers(mirrors);
        this.paths = paths;
        this.reports = reports;
        this.refusals = new RefusalEvents(reports);
        this.clock = clock;
    }

    public void pass() throws IOException {
        var known = peers.snapshot();
        if (!known.initialized()) {
            return;
        }
        List<Prefix> ours = ownRanges.get();
        var objects = known.values().toList();
        var readings = DeclarationPlan.declareAll(objects, self, ours);
        var failures = new ArrayList<IOException>();
        removeGone(readings.keySet(), failures);
        for (MeshPeerObject object : objects) {
            attempt(failures, () -> {
                var forbidden = DeclarationPlan.forbidden(object.name(), ours, readings);
                report(object, make(object, readings.get(object.name()), forbidden, failures));
            });
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** Makes of one peer what can be made, and says what cannot. */
    private MeshPeerObject.Status make(
            MeshPeerObject object,
            DeclarationPlan.Declared reading,
            List<Prefix> forbidden,
            List<IOException> failures) {
        if (reading.declaration().isEmpty()) {
            // What was copied under an earlier, valid declaration stays: a typing error takes no backend away.
            return waiting(object, "Invalid", PeerStatusPlan.text(reading.problems()), false, issuedBefore(object));
        }
        var declaration = reading.declaration().get();
        try {
            return connect(object, declaration, forbidden, issue(object, declaration.name()));
        } catch (PeerAuthority.RequestRefused refused) {
            return withoutCertificate(object, declaration, forbidden, refused, failures);
        } catch (IOException unreachable) {
            failures.add(unreachable);
            return stillRead(object, unreachable);
        }
    }

    /** Whom we must not certify may still be read by us. */
    private MeshPeerObject.Status withoutCertificate(
            MeshPeerObject object,
            PeerDeclaration declaration,
            List<Prefix> forbidden,
            PeerAuthority.RequestRefused refused,
            List<IOException> failures) {
        try {
            var status = connect(object, declaration, forbidden, issuedBefore(object));
            return PeerStatusPlan.withFailure(status, refused, object.status(), clock.instant());
        } catch (IOException unreachable) {
            failures.add(unreachable);
            return stillRead(object, unreachable);
        }
    }

    /** Something of ours is away; what the mirror knows of the peer stands. */
    private MeshPeerObject.Status stillRead(MeshPeerObject object, IOException failure) {
        var issued = issuedBefore(object);
        return followed.read(object.name())
                .map(mirror -> PeerStatusPlan.withFailure(
                        read(object, mirror, issued), failure, object.status(), clock.instant()))
                .orElseGet(() -> waiting(object, "Failed", failure.getMessage(), true, issued));
    }

    private MeshPeerObject.Status waiting(
            MeshPeerObject object, String reason, String message, boolean valid, Issued issued) {
        return PeerStatusPlan.waiting(reason, message, valid, issued, object.status(), clock.instant());
    }

    private MeshPeerObject.Status connect(
            MeshPeerObject object, PeerDeclaration declaration, List<Prefix> forbidden, Issued issued)
            throws IOException {
        var mirror = followed.follow(object, declaration, new PeerRules(declaration, forbidden));
        if (mirror.isEmpty()) {
            String missing = object.spec().clientCertificate().isEmpty() ? "spec.clientCertificate" : "spec.endpoints";
            return waiting(
                    object,
                    "NotConnected",
                    missing + " is empty; `tombolo clustermesh connect` fills it in",
                    true,
                    issued);
        }
        return read(object, mirror.get(), issued);
    }

    private MeshPeerObject.Status read(MeshPeerObject object, PeerMirror mirror, Issued issued) {
        return PeerStatusPlan.status(
                mirror.report(), paths.anyAnswers(object.name()), issued, object.status(), clock.instant());
    }

    private void report(MeshPeerObject object, MeshPeerObject.Status status) throws IOException {
        reports.status(object.name(), status);
        var mirror = followed.read(object.name());
        if (mirror.isPresent()) {
            refusals.tell(object, mirror.get().report().refusalExamples());
        }
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

    /** Whoever is not declared, also if an earlier process let it in, is put out before anything else is done. */
    private void removeGone(Set<String> known, List<IOException> failures) throws IOException {
        var declared = new HashSet<ClusterName>();
        known.forEach(name -> ClusterName.tryParse(name).ifPresent(declared::add));
        attempt(failures, () -> authority.expelAllBut(declared));
        admitted.retainAll(declared);
        for (var name : followed.names()) {
            if (!known.contains(name)) {
                attempt(failures, () -> removeCopy(name));
            }
        }
        attempt(failures, () -> mirrors.forgetOthers(declared));
    }

    private void removeCopy(String name) throws IOException, InterruptedException {
        followed.remove(name);
        refusals.forget(name);
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static void attempt(List<IOException> failures, Step step) throws IOException {
        try {
            step.run();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("closing");
        } catch (IOException failure) {
            failures.add(failure);
        }
    }

    private static Issued issuedBefore(MeshPeerObject object) {
        return new Issued(object.status().issuedCertificate(), object.status().issuedCertificateExpires());
    }

    @Override
    public void close() {
        followed.close();
    }
}
