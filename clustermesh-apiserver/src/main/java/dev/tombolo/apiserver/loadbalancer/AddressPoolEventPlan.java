package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.kube.write.KubeEvents.Severity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a person would want to hear of a pool of addresses for services. */
public final class AddressPoolEventPlan {
    private static final String NOTHING = "";

    private AddressPoolEventPlan() {}

    /** What a condition is about, and the reasons of the events that say that it holds, and that it no longer does. */
    private enum Subject {
        CONFLICT(
                AddressPoolStatusPlan.CONFLICT,
                "PoolConflict",
                "ConflictResolved",
                "no other pool has any of its addresses any more"),
        INVALID(
                AddressPoolStatusPlan.INVALID,
                "Invalid",
                "Accepted",
                "the pool is understood now, and in force as it is written");

        private final String type;
        private final String bad;
        private final String good;
        private final String goodMessage;

        Subject(String type, String bad, String good, String goodMessage) {
            this.type = type;
            this.bad = bad;
            this.good = good;
            this.goodMessage = goodMessage;
        }

        private String news(List<ObservedCondition> conditions) {
            return conditions.stream()
                    .filter(condition -> condition.type().equals(type) && condition.holds())
                    .map(ObservedCondition::message)
                    .findFirst()
                    .orElse(NOTHING);
        }

        private PoolEvent event(String news) {
            return news.equals(NOTHING)
                    ? new PoolEvent(Severity.NORMAL, good, goodMessage)
                    : new PoolEvent(Severity.WARNING, bad, news);
        }
    }

    /** Something to say. */
    public record PoolEvent(Severity severity, String reason, String message) {}

    /** What whoever reads the conditions knows already. */
    static Map<String, String> known(List<ObservedCondition> conditions) {
        var known = new HashMap<String, String>();
        Stream.of(Subject.values()).forEach(subject -> known.put(subject.type, subject.news(conditions)));
        return known;
    }

    static List<PoolEvent> events(Map<String, String> known, List<ObservedCondition> conditions) {
        return Stream.of(Subject.values())
                .filter(subject -> !subject.news(conditions).equals(known.get(subject.type)))
                .map(subject -> subject.event(subject.news(conditions)))
                .toList();
    }
}
