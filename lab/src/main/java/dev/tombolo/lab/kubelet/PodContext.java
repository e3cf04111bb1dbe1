package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a container needs of its pod. */
interface PodContext {
    Optional<List<String>> command(Container container);

    Process start(Container container, List<String> command, int attempt) throws IOException;

    Optional<String> ask(Container container, Probe probe);

    String restartPolicy();

    Path cgroup(String container);

    void event(String type, String reason, String message);

    void changed();
}
