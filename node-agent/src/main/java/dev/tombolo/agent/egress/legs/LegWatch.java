package dev.tombolo.agent.egress.legs;

import dev.tombolo.kube.object.NodeLegs;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the legs of this node again and again. One virtual thread of its own. */
public final class LegWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LegWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    /** Looking takes at most this share of the time, however many routes there are to ask for. */
    private static final int SHARE = 20;

    /** But not so seldom: a WireGuard that has stopped makes looking wait, which costs nothing. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** What was seen longer ago says nothing of now. */
    private static final Duration OLD = Duration.ofSeconds(45);

    private final Supplier<Optional<Duty>> duty;
    private final LegReader reader;
    private final Clock clock;
    private final Thread thread;
    private volatile Seen seen = new Seen(NodeLegs.NONE, Instant.MIN);
    private volatile String lastFailure = "";

    private record Seen(NodeLegs legs, Instant at) {}

    /** @param duty empty while it is not known */
    public LegWatch(Supplier<Optional<Duty>> duty, LegReader reader, Clock clock) {
        this.duty = duty;
        this.reader = reader;
        this.clock = clock;
        thread = Thread.ofVirtual().name("egress legs").unstarted(this::run);
    }

    public LegWatch start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                Instant begin = clock.instant();
                look();
                Thread.sleep(pause(Duration.between(begin, clock.instant())));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    static Duration pause(Duration took) {
        var share = took.multipliedBy(SHARE);
        if (share.compareTo(LONGEST_PAUSE) > 0) {
            return LONGEST_PAUSE;
        }
        return share.compareTo(INTERVAL) > 0 ? share : INTERVAL;
    }

    private void look() {
        try {
            var now = duty.get();
            if (now.isPresent()) {
                var sight = reader.look(LegsPlan.questions(now.get()));
                seen = new Seen(LegsPlan.legs(now.get(), sight), clock.instant());
            }
            lastFailure = "";
        } catch (IOException | RuntimeException failure) {
            if (!lastFailure.equals(failure.getMessage())) {
                LOG.warn("legs of egress cannot be looked at", failure);
            }
            lastFailure = String.valueOf(failure.getMessage());
        }
    }

    /** What was seen last; where that is long ago, that alone. */
    public NodeLegs seen() {
        var last = seen;
        return last.at().plus(OLD).isAfter(clock.instant()) ? last.legs() : notSeen();
    }

    private NodeLegs notSeen() {
        return new NodeLegs(
                List.of(new NodeLegs.Leg(
                        "agent",
                        "",
                        List.of(),
                        NodeLegs.State.Unknown,
                        "the agent cannot look at its node's legs" + (lastFailure.isEmpty() ? "" : ": " + lastFailure),
                        "legs to be looked at every few seconds",
                        "it has just started, or cannot read its node's network",
                        "ask again; if it stays so, see the agent's log")),
                List.of());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
