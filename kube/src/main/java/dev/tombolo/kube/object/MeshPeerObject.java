package dev.tombolo.kube.object;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A declared peer; its name is the peer cluster's. */
public record MeshPeerObject(
        String name,
        String uid,
        long generation,
        boolean deleting,
        Map<String, String> annotations,
        Spec spec,
        Status status) {
    public MeshPeerObject {
        annotations = Text.orEmpty(annotations);
        status = status == null ? Status.EMPTY : status;
    }

    /**
     * What is believed of the peer.
     *
     * @param certificateAuthority PEM, to verify its server by; never to accept clients with
     * @param certificateRequest PEM: its request for a client certificate of ours
     * @param clientCertificate PEM: our certificate, signed by the peer; empty until it has been issued
     */
    public record Spec(
            int clusterId,
            List<String> endpoints,
            String certificateAuthority,
            String certificateRequest,
            String clientCertificate,
            List<String> podCIDRs,
            List<String> nodeCIDRs,
            String tunnelCIDR,
            int maxConnectedClusters,
            Optional<Counts> quotas) {
        public Spec {
            endpoints = Text.orEmpty(endpoints);
            certificateAuthority = Text.orEmpty(certificateAuthority);
            certificateRequest = Text.orEmpty(certificateRequest);
            clientCertificate = Text.orEmpty(clientCertificate);
            podCIDRs = Text.orEmpty(podCIDRs);
            nodeCIDRs = Text.orEmpty(nodeCIDRs);
            tunnelCIDR = Text.orEmpty(tunnelCIDR);
            maxConnectedClusters = maxConnectedClusters == 0 ? 255 : maxConnectedClusters;
            quotas = Text.orEmpty(quotas);
        }

        public Spec withClientCertificate(String pem) {
            return new Spec(
                    clusterId,
                    endpoints,
                    certificateAuthority,
                    certificateRequest,
                    pem,
                    podCIDRs,
                    nodeCIDRs,
                    tunnelCIDR,
                    maxConnectedClusters,
                    quotas);
        }
    }

    /**
     * What is known of it.
     *
     * @param staleSince present exactly while the state is Stale or Dead
     * @param refused how many objects of the peer were refused, by reason
     * @param issuedCertificate PEM: the peer's request signed by our authority
     */
    public record Status(
            State state,
            boolean connected,
            Optional<Instant> staleSince,
            Optional<Instant> lastHeartbeat,
            Counts counts,
            Map<String, Long> refused,
            Optional<LastError> lastError,
            String issuedCertificate,
            Optional<Instant> issuedCertificateExpires,
            List<Condition> conditions) {
        public static final Status EMPTY = new Status(
                State.Connecting,
                false,
                Optional.empty(),
                Optional.empty(),
                Counts.NONE,
                Map.of(),
                Optional.empty(),
                "",
                Optional.empty(),
                List.of());

        public Status {
            state = state == null ? State.Connecting : state;
            staleSince = Text.orEmpty(staleSince);
            lastHeartbeat = Text.orEmpty(lastHeartbeat);
            counts = counts == null ? Counts.NONE : counts;
            refused = Text.orEmpty(refused);
            lastError = Text.orEmpty(lastError);
            issuedCertificate = Text.orEmpty(issuedCertificate);
            issuedCertificateExpires = Text.orEmpty(issuedCertificateExpires);
            conditions = Text.orEmpty(conditions);
        }
    }

    /** How much the peer's data can be trusted to be current; the names are the API's. */
    public enum State {
        Connecting,
        Fresh,
        Stale,
        Dead
    }

    /** What went wrong last. */
    public record LastError(String cause, String message, Optional<Instant> time) {
        public LastError {
            cause = Text.orEmpty(cause);
            message = Text.orEmpty(message);
            time = Text.orEmpty(time);
        }
    }
}
