package dev.tombolo.kube;

import java.io.IOException;

/** The Kubernetes API refused or did not answer; the message is a sentence. */
public final class KubeException extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    public KubeException(String message, int code, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The HTTP status, 0 where there was no answer. */
    public int code() {
        return code;
    }
}
