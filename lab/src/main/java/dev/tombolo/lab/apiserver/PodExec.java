package dev.tombolo.lab.apiserver;

import java.io.IOException;
import java.util.List;

/** How the server has a command run in a container. */
@FunctionalInterface
public interface PodExec {
    Process start(String namespace, String pod, String container, List<String> command) throws IOException;
}
