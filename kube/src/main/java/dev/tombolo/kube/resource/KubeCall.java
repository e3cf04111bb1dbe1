package dev.tombolo.kube.resource;

import dev.tombolo.kube.KubeException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.util.function.Supplier;

/** One request, with a failure that is a checked exception and a sentence. */
public final class KubeCall {
    public static final int NOT_FOUND = 404;
    public static final int CONFLICT = 409;

    private KubeCall() {}

    public static <T> T call(String what, Supplier<T> request) throws KubeException {
        try {
            return request.get();
        } catch (KubernetesClientException refused) {
            throw failure(what, refused);
        }
    }

    /** Sends a request that may be refused with 409; then the answer is false. */
    public static boolean unlessConflict(String what, Runnable request) throws KubeException {
        try {
            request.run();
            return true;
        } catch (KubernetesClientException refused) {
            if (refused.getCode() == CONFLICT) {
                return false;
            }
            throw failure(what, refused);
        }
    }

    private static KubeException failure(String what, KubernetesClientException refused) {
        return new KubeException(what + " failed: " + cause(refused), refused.getCode(), refused);
    }

    /** What the API server said, or else what kept it from being asked. */
    public static String cause(KubernetesClientException refused) {
        var status = refused.getStatus();
        return status != null && status.getMessage() != null ? status.getMessage() : root(refused);
    }

    // The deepest cause has the most to say, if it says anything: that of a refused connection does not.
    private static String root(Throwable failure) {
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException && cause.getMessage() == null) {
                return "connection refused";
            }
            deepest = cause;
        }
        String message = deepest.getMessage();
        return message == null || message.isEmpty() ? deepest.getClass().getSimpleName() : message;
    }
}
