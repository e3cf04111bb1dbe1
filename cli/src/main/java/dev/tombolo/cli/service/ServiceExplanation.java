package dev.tombolo.cli.service;

import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.ServiceView;
import java.util.List;

/**
 * What becomes of new connections of a client to a service.
 *
 * @param ways by each address of the service that was asked about
 */
record ServiceExplanation(Client client, ServiceView service, List<Way> ways) {
    ServiceExplanation {
        ways = List.copyOf(ways);
    }

    /** Whether there is a way by which a connection gets a backend. */
    boolean isServed() {
        return ways.stream().anyMatch(way -> way.outcome() instanceof Outcome.Served);
    }

    /** Whether the node does nothing about them. */
    boolean isLeftToOthers() {
        return !service.unserved().isEmpty();
    }

    /** What happens to a connection to one address of the service. */
    record Way(FrontendView frontend, Outcome outcome) {}

    /** A backend and how much of the new connections, or of the clients, it gets, from 0 to 1. */
    record Share(BackendView backend, double share) {}

    /** How one is chosen of several. */
    enum Choice {
        RANDOM("at random, anew for each connection"),
        BY_POD("by the client's network namespace: the same for all connections of a pod"),
        BY_CONNECTION("by the connection's addresses and ports: the same at every node"),
        BY_CLIENT("by the client's address: the same for all its connections, at every node");

        private final String words;

        Choice(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What happens. */
    sealed interface Outcome {
        /**
         * One of the candidates gets it; if that leaves, one of those that follow.
         *
         * @param order the active backends, each of which gets it when all before it have left; empty where nobody can say
         */
        record Served(Choice choice, List<Share> candidates, List<Successors> successors, List<BackendView> order)
                implements Outcome {}

        /** Nobody is there: the client hears that at once. */
        record Refused(String why) implements Outcome {}

        /** The client hears nothing. */
        record Dropped(String why) implements Outcome {}

        /** Left to whatever else serves the address. */
        record NotServed(String why) implements Outcome {}
    }

    /** Who gets what a backend had, if it left; empty where nobody could. */
    record Successors(BackendView of, List<BackendView> backends, String why) {}
}
