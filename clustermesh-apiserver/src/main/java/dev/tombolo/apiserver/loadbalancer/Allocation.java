package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.model.net.IpAddress;
import java.util.List;

/** What a Service is to have, and what is to be said of it. */
record Allocation(List<IpAddress> addresses, Verdict verdict) {
    Allocation {
        addresses = List.copyOf(addresses);
    }

    /**
     * Whether a Service got what it asks for.
     *
     * @param reason a word of Cilium's, for whoever reads conditions
     */
    record Verdict(boolean satisfied, String reason, String message) {
        static final Verdict SATISFIED = new Verdict(true, "satisfied", "");

        static Verdict unsatisfied(String reason, String message) {
            return new Verdict(false, reason, message);
        }
    }
}
