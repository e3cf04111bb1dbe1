package dev.tombolo.lab.apiserver;

import java.io.IOException;
import java.io.InputStream;

/** Where the server finds what containers wrote. */
public interface PodLogs {
    /**
     * Opens a container's log.
     *
     * @param tailLines how many of the last lines, or a negative number for all
     * @param previous whether the container's previous start is meant
     */
    InputStream open(String namespace, String pod, String container, boolean follow, int tailLines, boolean previous)
            throws IOException;
}
