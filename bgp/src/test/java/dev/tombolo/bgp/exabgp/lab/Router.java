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
    record Setup(Optional<String> password, Set<BgpFamily> families, int mostRoutes) {
        static final Setup PLAIN = new Setup(Optional.empty(), EnumSet.allOf(BgpFamily.class), 1_000_000);

        static Setup withPassword(String password) {
            return new Setup(Optional.of(password), PLAIN.families, PLAIN.mostRoutes);
        }

        static Setup only(BgpFamily family) {
            return new Setup(Optional.empty(), EnumSet.of(family), PLAIN.mostRoutes);
        }

        static Setup withAtMost(int routes) {
            return new Setup(Optional.empty(), PLAIN.families, routes);
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

    @Override
    void close() throws IOException;
}
