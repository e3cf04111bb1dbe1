package dev.tombolo.apiserver;

import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order in which things end: the last one started first, and none keeps the others from it. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    static void all(Deque<AutoCloseable> running) {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception failure) {
                LOG.warn("could not be closed", failure);
            }
        }
    }
}
