package dev.tombolo.apiserver.mirror;

import dev.tombolo.kvstore.store.KvException;

/** Why a peer cannot be read, in one word that people can search for and in a sentence. */
public record PeerFailure(Cause cause, String message) {
    /** The names are the API's. */
    public enum Cause {
        ClusterConfigMissing,
        ClusterConfigMismatch,
        NameNotFound,
        ConnectionRefused,
        Unreachable,
        UnknownAuthority,
        CertificateExpired,
        CertificateRefused,
        PermissionDenied,
        Relisting,
        Refused
    }

    static PeerFailure of(KvException failure) {
        return new PeerFailure(cause(failure), failure.getMessage());
    }

    private static Cause cause(KvException failure) {
        return switch (failure.detail()) {
            case NAME_NOT_FOUND -> Cause.NameNotFound;
            case CONNECTION_REFUSED -> Cause.ConnectionRefused;
            case UNKNOWN_AUTHORITY -> Cause.UnknownAuthority;
            case CERTIFICATE_EXPIRED -> Cause.CertificateExpired;
            case NONE, ANSWER_TOO_LARGE ->
                switch (failure.kind()) {
                    case TLS -> Cause.CertificateRefused;
                    case PERMISSION -> Cause.PermissionDenied;
                    case UNREACHABLE -> Cause.Unreachable;
                    case COMPACTED, CLUSTER_CHANGED, LEASE_LOST -> Cause.Relisting;
                    case REFUSED -> Cause.Refused;
                };
        };
    }
}
