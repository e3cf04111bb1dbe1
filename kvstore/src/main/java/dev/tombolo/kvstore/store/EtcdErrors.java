package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Detail;
import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.common.exception.CompactedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Turns what jetcd and gRPC throw into a kind and a sentence. */
final class EtcdErrors {
    private EtcdErrors() {}

    /** More causes than any stack of gRPC, Netty and the JDK has; a circle would have no end. */
    private static final int MOST_CAUSES = 50;

    static KvException explain(String operation, Throwable failure) {
        if (failure instanceof KvException known) {
            return known;
        }
        var causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES)
                .toList();
        Throwable root = causes.getLast();
        if (causes.stream().anyMatch(CompactedException.class::isInstance)) {
            return new KvException(Kind.COMPACTED, operation + ": the revision is compacted", failure);
        }
        var detail = causes.stream()
                .map(EtcdErrors::detail)
                .filter(known -> known != Detail.NONE)
                .findFirst()
                .orElse(Detail.NONE);
        return causes.stream()
                .filter(EtcdErrors::isOfTls)
                .findFirst()
                .map(tls -> new KvException(Kind.TLS, detail, operation + ": " + tls.getMessage(), failure))
                .orElseGet(() -> new KvException(kind(failure, root), detail, operation + ": " + text(root), failure));
    }

    private static boolean isOfTls(Throwable cause) {
        return cause instanceof SSLException || cause instanceof CertificateException;
    }

    private static Detail detail(Throwable cause) {
        return switch (cause) {
            case UnknownHostException _, UnresolvedAddressException _ -> Detail.NAME_NOT_FOUND;
            // A kind of ConnectException, but nobody refused anything.
            case ConnectTimeoutException _ -> Detail.NONE;
            case ConnectException _ -> Detail.CONNECTION_REFUSED;
            case CertificateExpiredException _, CertificateNotYetValidException _ -> Detail.CERTIFICATE_EXPIRED;
            case CertPathBuilderException _ -> Detail.UNKNOWN_AUTHORITY;
            case CertPathValidatorException invalid -> detail(invalid.getReason());
            case StatusRuntimeException refused
            when refused.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED -> Detail.ANSWER_TOO_LARGE;
            default -> Detail.NONE;
        };
    }

    private static Detail detail(CertPathValidatorException.Reason reason) {
        // The signature fails where an authority has the name of the trusted one, for instance when it was made anew.
        if (reason == PKIXReason.NO_TRUST_ANCHOR || reason == BasicReason.INVALID_SIGNATURE) {
            return Detail.UNKNOWN_AUTHORITY;
        }
        return reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID
                ? Detail.CERTIFICATE_EXPIRED
                : Detail.NONE;
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
