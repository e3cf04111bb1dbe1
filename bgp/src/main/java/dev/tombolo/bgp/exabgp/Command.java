package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.stream.Collectors;

/** What ExaBGP can be told; each is answered by {@code done} or {@code error}. */
sealed interface Command {
    String text();

    /**
     * Whether ExaBGP answers it as it reads it, while it queues the others: its answer would overtake theirs, and answers
     * are told apart by their order alone.
     */
    default boolean isAnsweredOutOfTurn() {
        return true;
    }

    /** How many routes it is about, those of each session counted. */
    default int size() {
        return 0;
    }

    /**
     * Prefixes of one family only: ExaBGP takes that of the last one for that of all.
     *
     * @param sessions one or more, which put the same in front of a path
     */
    record Announce(List<Session> sessions, PathAttributes attributes, List<Prefix> prefixes) implements Command {
        @Override
        public String text() {
            return names(sessions) + " announce attributes "
                    + RouteText.attributes(sessions.getFirst().added(), attributes) + nlri(prefixes);
        }

        @Override
        public boolean isAnsweredOutOfTurn() {
            return false;
        }

        @Override
        public int size() {
            return sessions.size() * prefixes.size();
        }
    }

    /** Prefixes of one family; one session or more. */
    record Withdraw(List<Session> sessions, List<Prefix> prefixes) implements Command {
        @Override
        public String text() {
            String hop = prefixes.getFirst().isV4() ? "0.0.0.0" : "::";
            return names(sessions) + " withdraw attributes next-hop " + hop + nlri(prefixes);
        }

        @Override
        public boolean isAnsweredOutOfTurn() {
            return false;
        }

        @Override
        public int size() {
            return sessions.size() * prefixes.size();
        }
    }

    /** Answered with an error, and at once, where the session is down. */
    record EndOfRib(Session session, BgpFamily family) implements Command {
        @Override
        public String text() {
            return session.name() + " announce eor " + family.afi() + " unicast";
        }
    }

    record Teardown(Session session, int subcode) implements Command {
        @Override
        public String text() {
            return session.name() + " teardown " + subcode;
        }
    }

    record Version() implements Command {
        @Override
        public String text() {
            return "version";
        }
    }

    record Reload() implements Command {
        @Override
        public String text() {
            return "reload";
        }
    }

    /** Ends it, and its sessions with it. */
    record Shutdown() implements Command {
        @Override
        public String text() {
            return "shutdown";
        }
    }

    record ShowNeighbours() implements Command {
        @Override
        public String text() {
            return "show neighbor extensive";
        }

        @Override
        public boolean isAnsweredOutOfTurn() {
            return false;
        }
    }

    record ShowRoutes() implements Command {
        @Override
        public String text() {
            return "show adj-rib out extensive";
        }

        @Override
        public boolean isAnsweredOutOfTurn() {
            return false;
        }
    }

    private static String names(List<Session> sessions) {
        return sessions.stream().map(Session::name).collect(Collectors.joining(", "));
    }

    private static String nlri(List<Prefix> prefixes) {
        return prefixes.stream().map(Prefix::toString).collect(Collectors.joining(" ", " nlri ", ""));
    }
}
