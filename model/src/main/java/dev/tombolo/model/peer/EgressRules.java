package dev.tombolo.model.peer;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.label.LabelRequirement;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which messages about egress are believed of a peer. Each has to be small: it becomes rows on every gateway. */
record EgressRules(PeerRules rules) {
    static final int MOST_DESTINATIONS = 256;
    static final int MOST_GATEWAYS = 16;
    static final int MOST_REQUIREMENTS = 32;
    static final int MOST_LABELS = 256;
    static final int MOST_HELD = 1_024;
    static final int MOST_POLICIES_OF_A_POD = 16;

    /** As Kubernetes names objects: no slash, which tells a peer's policies from our own. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");

    /** As Kubernetes has labels: a selector of other characters could read like another one, and take its place. */
    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?");

    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?");

    Optional<Invalid> check(EgressMessage message) {
        String where = "egress " + message.key().leaf() + " of " + message.from();
        if (!message.from().equals(rules.peer().name())) {
            return refuse(
                    where,
                    Reason.WRONG_CLUSTER,
                    message.from(),
                    "cluster " + rules.peer().name());
        }
        return switch (message) {
            case EgressMessage.Request(var _, var policy) -> consent(where).or(() -> policy(where, policy));
            case EgressMessage.Pod pod -> consent(where).or(() -> pod(where, pod));
            case EgressMessage.Offer offer -> offer(where, offer);
        };
    }

    private Optional<Invalid> consent(String where) {
        return rules.peer().mayUseGateways()
                ? Optional.empty()
                : refuse(
                        where,
                        Reason.NOT_ALLOWED,
                        "a request for our gateways",
                        "none, unless MeshPeer " + rules.peer().name() + " has the annotation "
                                + EgressConsent.ANNOTATION + "=true");
    }

    private static Optional<Invalid> policy(String where, EgressPolicy policy) {
        return name(where, policy.name())
                .or(() -> atMost(where, "destinations", policy.destinations(), MOST_DESTINATIONS))
                .or(() -> atMost(where, "excluded ranges", policy.excluded(), MOST_DESTINATIONS))
                .or(() -> atMost(where, "gateways", policy.gateways(), MOST_GATEWAYS))
                .or(() -> policy.gateways().stream()
                        .flatMap(gateway -> gateway(where, gateway).stream())
                        .findFirst());
    }

    private static Optional<Invalid> gateway(String where, EgressGateway gateway) {
        return requirements(where, gateway).or(() -> address(where, gateway.address()));
    }

    private static Optional<Invalid> requirements(String where, EgressGateway gateway) {
        var requirements = gateway.nodes().requirements();
        return atMost(where, "requirements", requirements, MOST_REQUIREMENTS)
                .or(() -> requirements.stream()
                        .filter(requirement -> !isOfLabels(requirement))
                        .findFirst()
                        .flatMap(requirement ->
                                refuse(where, Reason.MALFORMED, requirement, "keys and values of labels")));
    }

    private static boolean isOfLabels(LabelRequirement requirement) {
        return LABEL_KEY.matcher(requirement.key()).matches()
                && requirement.values().stream()
                        .allMatch(value -> LABEL_VALUE.matcher(value).matches());
    }

    private static Optional<Invalid> address(String where, EgressAddress address) {
        return switch (address) {
            case EgressAddress.Fixed(var fixed)
            when fixed.isUnspecified() || fixed.isLoopback() || fixed.isLinkLocal() || fixed.isMulticast() ->
                refuse(where, Reason.ADDRESS_FORBIDDEN, fixed, "an address that can be the source of packets");
            default -> Optional.empty();
        };
    }

    private Optional<Invalid> pod(String where, EgressMessage.Pod pod) {
        var inRange = rules.within(
                where, List.of(Prefix.host(pod.address())), rules.peer().podRanges());
        return inRange.or(
                () -> atMost(where, "policies", List.copyOf(pod.entries().keySet()), MOST_POLICIES_OF_A_POD));
    }

    private static Optional<Invalid> offer(String where, EgressMessage.Offer offer) {
        return name(where, offer.id().name())
                .or(() -> atMost(
                        where, "labels", List.copyOf(offer.node().labels().keySet()), MOST_LABELS))
                .or(() -> atMost(where, "addresses", List.copyOf(offer.node().holds()), MOST_HELD))
                .or(() -> offer.node().holds().stream()
                        .flatMap(held -> address(where, new EgressAddress.Fixed(held)).stream())
                        .findFirst());
    }

    private static Optional<Invalid> name(String where, String name) {
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : refuse(where, Reason.MALFORMED, name, "the name of a Kubernetes object");
    }

    private static Optional<Invalid> atMost(String where, String what, List<?> these, int most) {
        return these.size() <= most
                ? Optional.empty()
                : refuse(where, Reason.TOO_LARGE, these.size() + " " + what, "at most " + most);
    }

    private static Optional<Invalid> refuse(String where, Reason reason, Object read, String expected) {
        return Optional.of(new Invalid(where, reason, String.valueOf(read), expected));
    }
}
