package dev.tombolo.agent.egress.podstart;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the hook in again whenever a CNI has written its configuration anew. Used by one thread; others may ask. */
public final class PodStartUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(PodStartUpkeep.class);

    /** For as long pods start without it after a CNI wrote its file. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final PodStartHook hook;
    private final InstantSource clock;
    private Instant next = Instant.MIN;
    private volatile Optional<String> said = Optional.empty();
    private volatile boolean looked;

    public PodStartUpkeep(PodStartHook hook, InstantSource clock) {
        this.hook = hook;
        this.clock = clock;
    }

    /** To be called again and again, from when on the data path is pinned. */
    public void settle() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(INTERVAL);
        var missing = hook.ensure();
        if (!looked || !missing.equals(said)) {
            missing.ifPresentOrElse(
                    why -> LOG.warn("pods start without a hook: {}", why),
                    () -> LOG.info("pods are held at their start"));
        }
        said = missing;
        looked = true;
    }

    /** Whether it is known how pods start. */
    public boolean looked() {
        return looked;
    }

    /** Why pods start without the hook. */
    public Optional<String> missing() {
        return said;
    }
}
