package dev.tombolo.kube.source;

import java.util.Optional;

/** A running informer. */
public interface KubeSource extends AutoCloseable {
    /** Whether it is being told of changes at this moment; false while the API cannot be reached. */
    boolean watching();

    /** Why the last list or watch failed, empty since it works again. */
    Optional<String> lastError();

    @Override
    void close();
}
