package dev.tombolo.apiserver.peer;

import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.certs.CertificateFacts;
import dev.tombolo.certs.PeerSigning;
import dev.tombolo.certs.RenewalPlan;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The own authority and the own etcd's users. Called by one thread. */
public final class MeshAuthority implements PeerAuthority {
    private static final Logger LOG = LoggerFactory.getLogger(MeshAuthority.class);

    private final Supplier<CertificateAuthority> authority;
    private final MeshUsers users;
    private final KvStore store;
    private final OpenWatches watches;
    private final Clock clock;
    private final Map<ClusterName, String> handedOver = new HashMap<>();
    private final Map<ClusterName, Judged> judged = new HashMap<>();

    /** A certificate that was found to answer a request; looking again costs a signature. */
    private record Judged(String request, String certificate) {}

    /** What clients of the own etcd still read. */
    public interface OpenWatches {
        /** Ends them all; who still may watches again. */
        void end() throws IOException;
    }

    public MeshAuthority(
            Supplier<CertificateAuthority> authority,
            MeshUsers users,
            KvStore store,
            OpenWatches watches,
            Clock clock) {
        this.authority = authority;
        this.users = users;
        this.store = store;
        this.watches = watches;
        this.clock = clock;
    }

    @Override
    public Issued issue(ClusterName peer, String requestPem, Optional<String> current) throws IOException {
        String pem = current.isPresent() && answers(peer, requestPem, current.get())
                ? current.get()
                : sign(peer, requestPem);
        if (!pem.equals(handedOver.get(peer))) {
            store.commit(List.of(Write.put(MeshKeys.issuedCertificate(peer), Value.of(pem))));
            handedOver.put(peer, pem);
        }
        return new Issued(
                pem, CertificateFacts.read("certificate of " + peer, pem).notAfter());
    }

    @Override
    public void admit(ClusterName peer) throws IOException {
        users.admit(peer);
    }

    /** The role goes last: as long as it is there, a process that died half-way is known to have left something. */
    @Override
    public Set<ClusterName> expelAllBut(Set<ClusterName> declared) throws IOException {
        var gone = new TreeSet<>(users.peers());
        gone.removeAll(declared);
        if (gone.isEmpty()) {
            return gone;
        }
        for (ClusterName peer : gone) {
            users.revoke(peer);
            handedOver.remove(peer);
            judged.remove(peer);
        }
        watches.end();
        for (ClusterName peer : gone) {
            store.commit(List.of(Write.delete(MeshKeys.issuedCertificate(peer))));
            users.forget(peer);
        }
        LOG.info("expelled, because no MeshPeer declares them: {}", gone);
        return gone;
    }

    private boolean answers(ClusterName peer, String request, String certificate) {
        try {
            String where = "certificate of " + peer;
            if (RenewalPlan.isDue(CertificateFacts.read(where, certificate), clock.instant())
                    || !CertificateFacts.isSignedBy(
                            where, certificate, authority.get().certificatePem())) {
                return false;
            }
            var known = new Judged(request, certificate);
            if (!known.equals(judged.get(peer)) && !publicKey(certificate).equals(publicKey(sign(peer, request)))) {
                return false;
            }
            judged.put(peer, known);
            return true;
        } catch (IOException | CertificateException unreadable) {
            return false;
        }
    }

    private String sign(ClusterName peer, String requestPem) throws IOException {
        return switch (authority.get().signPeer(requestPem, peer)) {
            case PeerSigning.Signed(var pem) -> pem;
            case PeerSigning.Refused(var why) -> throw new RequestRefused(why);
        };
    }

    private static PublicKey publicKey(String pem) throws CertificateException {
        var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(bytes)
                .getPublicKey();
    }
}
