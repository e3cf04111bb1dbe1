package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.report.PoolStatus.Type;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.write.KubeEvents.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a person would want to hear of a pool of egress addresses. */
public final class PoolEventPlan {
    private static final List<Type> TOLD = List.of(Type.Invalid, Type.Conflict, Type.Exhausted);
    private static final String NOTHING = "";

    private PoolEventPlan() {}

    /**
     * Something to say.
     *
     * @param news what is known of the condition once this has been said
     */
    public record PoolEvent(Type type, String news, Severity severity, String reason, String message) {}

    /** What whoever reads the conditions knows already. */
    static Map<Type, String> known(List<Condition> conditions) {
        var known = new EnumMap<Type, String>(Type.class);
        TOLD.forEach(type -> known.put(type, NOTHING));
        conditions.forEach(condition -> TOLD.stream()
                .filter(type -> type.name().equals(condition.type()))
                .forEach(type -> known.put(type, news(condition))));
        return known;
    }

    static List<PoolEvent> events(Map<Type, String> known, List<Condition> conditions) {
        var events = new ArrayList<PoolEvent>();
        for (Type type : TOLD) {
            conditions.stream()
                    .filter(condition -> type.name().equals(condition.type()))
                    .filter(condition -> !news(condition).equals(known.getOrDefault(type, NOTHING)))
                    .forEach(condition -> events.add(event(type, condition)));
        }
        return events;
    }

    private static String news(Condition condition) {
        return condition.holds() ? condition.reason() + ": " + condition.message() : NOTHING;
    }

    private static PoolEvent event(Type type, Condition condition) {
        return condition.holds()
                ? new PoolEvent(type, news(condition), Severity.WARNING, type.name(), condition.message())
                : new PoolEvent(type, NOTHING, Severity.NORMAL, goodReason(type), goodMessage(type));
    }

    private static String goodReason(Type type) {
        return switch (type) {
            case Invalid -> "Accepted";
            case Conflict -> "ConflictResolved";
            case Exhausted -> "AddressesAvailable";
            case Ready -> type.name();
        };
    }

    private static String goodMessage(Type type) {
        return switch (type) {
            case Invalid -> "the pool is understood now, and in force as it is written";
            case Conflict -> "no other pool has any of its addresses any more";
            case Exhausted -> "every policy that asks for an address of it has one";
            case Ready -> type.name();
        };
    }
}
