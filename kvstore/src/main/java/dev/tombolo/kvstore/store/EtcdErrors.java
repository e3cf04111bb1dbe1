package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.common.exception.CompactedException;
import io.grpc.Status;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Turns what jetcd and gRPC throw into a kind and a sentence. */
final class EtcdErrors {
    private EtcdErrors() {}

    static KvException explain(String operation, Throwable failure) {
        if (failure instanceof KvException known) {
            return known;
        }
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CompactedException) {
                return new KvException(Kind.COMPACTED, operation + ": the revision is compacted", failure);
            }
            if (cause instanceof SSLException || cause instanceof java.security.cert.CertificateException) {
                return new KvException(Kind.TLS, operation + ": " + cause.getMessage(), failure);
            }
            root = cause;
        }
        return new KvException(kind(failure, root), operation + ": " + text(root), failure);
    }

    private static Kind kind(Throwable failure, Throwable root) {
        if (root instanceof TimeoutException || root instanceof java.io.IOException) {
            return Kind.UNREACHABLE;
        }
        String text = String.valueOf(root.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("permission denied")
                || text.contains("user name is empty")
                || text.contains("invalid auth token")) {
            return Kind.PERMISSION;
        }
        if (text.contains("requested lease not found")) {
            return Kind.LEASE_LOST;
        }
        if (text.contains("compacted")) {
            return Kind.COMPACTED;
        }
        return switch (Status.fromThrowable(failure).getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> Kind.UNREACHABLE;
            case PERMISSION_DENIED, UNAUTHENTICATED -> Kind.PERMISSION;
            default -> Kind.REFUSED;
        };
    }

    private static String text(Throwable root) {
        if (root instanceof TimeoutException) {
            return "no answer in time";
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
