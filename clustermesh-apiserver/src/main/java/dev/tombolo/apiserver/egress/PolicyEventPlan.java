package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.report.PolicyCondition.Type;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.write.KubeEvents.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person would want to hear of a policy. A policy of which a node is behind for a moment is not worth a word, and
 * neither is one without pods.
 */
public final class PolicyEventPlan {
    private static final List<Type> TOLD =
            List.of(Type.Invalid, Type.Conflict, Type.NoGateway, Type.GatewaysOut, Type.Saturated, Type.Programmed);
    private static final String NOTHING = "";

    private PolicyEventPlan() {}

    /**
     * Something to say.
     *
     * @param news what is known of the condition once this has been said
     */
    public record PolicyEvent(Type type, String news, Severity severity, String reason, String message) {}

    /** What whoever reads the conditions knows already. */
    static Map<Type, String> known(List<Condition> conditions) {
        var known = new EnumMap<Type, String>(Type.class);
        TOLD.forEach(type -> known.put(
                type, condition(conditions, type).flatMap(PolicyEventPlan::news).orElse(NOTHING)));
        return known;
    }

    static List<PolicyEvent> events(Map<Type, String> known, EgressPolicyObject.Status status) {
        var events = new ArrayList<PolicyEvent>();
        for (Type type : TOLD) {
            condition(status.conditions(), type)
                    .ifPresent(condition -> news(condition)
                            .filter(news -> !news.equals(known.getOrDefault(type, NOTHING)))
                            .ifPresent(news -> events.add(event(type, condition, news, status))));
        }
        return events;
    }

    private static Optional<Condition> condition(List<Condition> conditions, Type type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type.name()))
                .findFirst();
    }

    /** Empty where what was known before still is what there is to know. */
    private static Optional<String> news(Condition condition) {
        if (condition.type().equals(Type.Saturated.name())) {
            // Which destination is the fullest may change at any moment.
            return Optional.of(condition.holds() ? condition.reason() : NOTHING);
        }
        if (!condition.type().equals(Type.Programmed.name())) {
            return Optional.of(condition.holds() ? condition.reason() + ": " + condition.message() : NOTHING);
        }
        return switch (condition.reason()) {
            case "InSync", "Failed", "NodesSilent" -> Optional.of(condition.reason());
            default -> Optional.empty();
        };
    }

    private static PolicyEvent event(Type type, Condition condition, String news, EgressPolicyObject.Status status) {
        boolean well = type == Type.Programmed ? condition.holds() : !condition.holds();
        return well
                ? new PolicyEvent(type, news, Severity.NORMAL, goodReason(type), goodMessage(type, condition, status))
                : new PolicyEvent(type, news, Severity.WARNING, badReason(type), condition.message());
    }

    private static String badReason(Type type) {
        return type == Type.Programmed ? "ProgrammingFailed" : type.name();
    }

    private static String goodReason(Type type) {
        return switch (type) {
            case Invalid -> "Accepted";
            case Conflict -> "ConflictResolved";
            case NoGateway -> "GatewayFound";
            case GatewaysOut -> "GatewaysBack";
            case Saturated -> "RoomLeft";
            case Programmed, NoMatch, Ignored, NoPodStartHook -> type.name();
        };
    }

    private static String goodMessage(Type type, Condition condition, EgressPolicyObject.Status status) {
        return switch (type) {
            case Invalid -> "the policy is understood now, and in force as it is written";
            case Conflict -> "no other policy takes anything from it any more";
            case NoGateway -> "its pods leave through " + status.gatewayNames();
            case GatewaysOut -> "all of its gateways answer again";
            case Saturated -> "its gateways have ports and room for more connections again";
            case Programmed, NoMatch, Ignored, NoPodStartHook ->
                condition.message() + " have it: through " + status.gatewayNames() + " by " + status.egressIPs();
        };
    }
}
