package dev.tombolo.kvstore.store;

import java.io.IOException;

/** The store could not do what was asked; the kind says what a caller can do about it. */
public final class KvException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final Detail detail;

    /** What went wrong, as far as it matters to callers. */
    public enum Kind {
        /** No connection, or none in time. */
        UNREACHABLE,
        /** The other side's certificate, or ours, was not accepted. */
        TLS,
        /** The user that the certificate names may not do this. */
        PERMISSION,
        /** The revision asked for is gone: list again. */
        COMPACTED,
        /** Another etcd answers than before: list again. */
        CLUSTER_CHANGED,
        /** The lease is gone. */
        LEASE_LOST,
        /** Anything else, for instance a request over a limit. */
        REFUSED
    }

    /** What exactly, where people can do something about it. */
    public enum Detail {
        NONE,
        /** The host's name has no address. */
        NAME_NOT_FOUND,
        /** The host is there and nothing listens. */
        CONNECTION_REFUSED,
        /** The server's certificate is of an authority that is not trusted. */
        UNKNOWN_AUTHORITY,
        /** The server's certificate, or ours, is over. */
        CERTIFICATE_EXPIRED,
        /** The answer is larger than a client takes: ask for less at a time. */
        ANSWER_TOO_LARGE
    }

    public KvException(Kind kind, Detail detail, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.detail = detail;
    }

    public KvException(Kind kind, String message, Throwable cause) {
        this(kind, Detail.NONE, message, cause);
    }

    public KvException(Kind kind, String message) {
        this(kind, message, null);
    }

    public Kind kind() {
        return kind;
    }

    public Detail detail() {
        return detail;
    }
}
