package dev.tombolo.kube.source;

import java.util.Optional;

/** A running informer. */
public interface KubeSource extends AutoCloseable {
    /** Whether it is being told of changes at this moment; false while the API cannot be reached. */
    boolean watching();

    /** Why the last list or watch failed, empty since it works again. */
    Optional<String> lastError();

    /** Whether the API serves no such kind, so that there are no objects of it; they are waited for. */
    boolean kindIsMissing();

    @Override
    void close();
}
