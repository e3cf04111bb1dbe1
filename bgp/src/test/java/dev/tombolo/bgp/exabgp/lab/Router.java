package dev.tombolo.bgp.exabgp.lab;

import dev.tombolo.model.bgp.BgpFamily;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Another's BGP daemon at the far end of a link. */
interface Router extends AutoCloseable {
    enum Kind {
        BIRD,
        FRR;

        /** Where router {@code number} of a lab is to be; nothing runs yet. */
        Router at(Lab lab, int number) throws IOException {
            return switch (this) {
                case BIRD -> lab.birdAt(number, "");
                case FRR -> lab.frrAt(number);
            };
        }
    }

    /**
     * How it is configured.
     *
     * @param mostRoutes of a family; with more it ends the session
     */
    record Setup(Optional<String> password, Set<BgpFamily> families, int mostRoutes, Liveness liveness) {
        static final Setup PLAIN =
                new Setup(Optional.empty(), EnumSet.allOf(BgpFamily.class), 1_000_000, Liveness.HOLD_TIME);

        static Setup withPassword(String password) {
            return new Setup(Optional.of(password), PLAIN.families, PLAIN.mostRoutes, PLAIN.liveness);
        }

        static Setup only(BgpFamily family) {
            return new Setup(Optional.empty(), EnumSet.of(family), PLAIN.mostRoutes, PLAIN.liveness);
        }

        static Setup with(Liveness liveness) {
            return new Setup(PLAIN.password, PLAIN.families, PLAIN.mostRoutes, liveness);
        }

        static Setup withAtMost(int routes) {
            return new Setup(Optional.empty(), PLAIN.families, routes, PLAIN.liveness);
        }
    }

    /** By what it notices that its node is dead. */
    enum Liveness {
        HOLD_TIME,
        /** Asked for when there is a session. */
        BFD,
        /** Asked for at once, of a node whose address is known. */
        BFD_BEFORE_BGP;

        boolean hasBfd() {
            return this != HOLD_TIME;
        }
    }

    /** Runs it; it has forgotten everything if it ran before. */
    void start(Setup setup) throws IOException;

    /** By SIGKILL. */
    void kill();

    /** Ends the session and lets none begin. */
    void shutDown() throws IOException;

    /** Lets the session begin anew, whatever ended it. */
    void clear() throws IOException;

    /** Of IPv4. */
    int count() throws IOException;

    int countV6() throws IOException;

    /** Whether BFD is up. */
    boolean isWatching() throws IOException;

    @Override
    void close() throws IOException;
}
