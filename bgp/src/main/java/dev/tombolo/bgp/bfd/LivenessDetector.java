package dev.tombolo.bgp.bfd;

import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Notices within a second or so that a neighbour is lost, whatever its BGP session still believes. */
public interface LivenessDetector extends AutoCloseable {
    /** Makes the watched paths those; the neighbours of others are told that it is no failure. From any thread. */
    void watch(Map<BfdPath, SessionSettings> wanted);

    /** The last that is known of each path. */
    Map<BfdPath, SessionReport> reports();

    /**
     * Since when whoever detects cannot be heard; empty while it can. A moment of it is a restart that neighbours do not
     * notice. Past the detection time, {@link #reports()} say nothing of now.
     */
    Optional<Instant> deafSince();

    /** Has counts brought up to date, soon: nothing tells of them by itself. */
    void refresh();

    DetectorCounts counts();

    /** Hears of changes in order, on the detector's thread; must not wait. */
    interface Listener {
        /**
         * Each change of a session, also one that is undone at once. After a time of not hearing, the last of those missed.
         */
        void changed(SessionReport report);

        /** Something asked for was not taken: a bug, or a process of another version. */
        void refused(String reason);
    }

    @Override
    void close();
}
