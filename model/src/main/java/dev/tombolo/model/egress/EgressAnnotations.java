package dev.tombolo.model.egress;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the annotations by which a policy asks for more than Cilium's fields can say. A value that is not understood
 * counts as absent and is reported.
 */
public record EgressAnnotations(String where, Map<String, String> annotations, List<Invalid> ignored) {
    public static final String PREFIX = "egress.tombolo.dev/";
    public static final String PRIORITY = PREFIX + "priority";
    public static final String MAX_GATEWAYS = PREFIX + "max-gateways";
    public static final String FAILOVER = PREFIX + "failover";
    public static final String ZONE = PREFIX + "zone-preference";
    public static final String CLUSTER = PREFIX + "cluster";
    public static final String POOL = PREFIX + "pool";
    public static final String RATE_LIMIT = PREFIX + "rate-limit";
    private static final List<String> KNOWN =
            List.of(CLUSTER, FAILOVER, MAX_GATEWAYS, POOL, PRIORITY, RATE_LIMIT, ZONE);
    private static final int HIGHEST_PRIORITY = 1000;
    private static final Pattern RATE = Pattern.compile("(\\d{1,13}(?:\\.\\d{1,3})?)([kMGT]?)");
    private static final List<String> UNITS = List.of("", "k", "M", "G", "T");

    EgressPreferences preferences(List<EgressGateway> gateways) {
        new TreeSet<>(annotations.keySet())
                .stream()
                        .filter(key -> key.startsWith(PREFIX) && !KNOWN.contains(key))
                        .forEach(key -> ignore(key, annotations.get(key), "one of " + String.join(", ", KNOWN)));
        return new EgressPreferences(
                value(PRIORITY, text -> number(text, -HIGHEST_PRIORITY, HIGHEST_PRIORITY), "-1000 to 1000")
                        .orElse(0),
                maxGateways(gateways).map(OptionalInt::of).orElse(OptionalInt.empty()),
                value(FAILOVER, text -> choice(text, "on", "off"), "on or off").orElse(true),
                value(ZONE, text -> choice(text, "same", "none"), "same or none")
                        .orElse(false),
                value(CLUSTER, ClusterName::tryParse, "the name of a cluster of the mesh"),
                value(RATE_LIMIT, EgressAnnotations::rate, "bits in a second, 8k to 1T, for instance 64k, 100M or 1.5G")
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()));
    }

    /** The name of the pool that gateways without egressIP and interface get an address of. */
    Optional<String> pool() {
        return value(POOL, text -> Optional.of(text).filter(name -> !name.isEmpty()), "the name of an EgressIPPool");
    }

    private Optional<Integer> maxGateways(List<EgressGateway> gateways) {
        var most = value(
                MAX_GATEWAYS,
                text -> number(text, 1, EgressPreferences.MOST_GATEWAYS),
                "1 to " + EgressPreferences.MOST_GATEWAYS);
        boolean fixed = gateways.stream().anyMatch(gateway -> gateway.address().isInOnePlace());
        if (fixed && most.filter(count -> count > 1).isPresent()) {
            ignore(
                    MAX_GATEWAYS,
                    annotations.get(MAX_GATEWAYS),
                    "1 where there is an egressIP or a pool, because one node holds an address; list several in egressGateways");
            return Optional.empty();
        }
        return most;
    }

    private <T> Optional<T> value(String key, Function<String, Optional<T>> read, String expected) {
        String text = annotations.get(key);
        if (text == null) {
            return Optional.empty();
        }
        var value = read.apply(text.strip());
        if (value.isEmpty()) {
            ignore(key, text, expected);
        }
        return value;
    }

    private static Optional<Integer> number(String text, int least, int most) {
        return Optional.of(text)
                .filter(digits -> digits.matches("-?\\d{1,4}"))
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most);
    }

    /** A decimal number, and k, M, G or T for a thousand, a million and so on. */
    private static Optional<Long> rate(String text) {
        var parts = RATE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var number = new BigDecimal(parts.group(1));
        long bits = number.movePointRight(3 * UNITS.indexOf(parts.group(2))).longValue();
        return Optional.of(bits)
                .filter(rate -> rate >= EgressPreferences.LOWEST_RATE && rate <= EgressPreferences.HIGHEST_RATE);
    }

    private static Optional<Boolean> choice(String text, String yes, String no) {
        return text.equals(yes) || text.equals(no) ? Optional.of(text.equals(yes)) : Optional.empty();
    }

    private void ignore(String key, String read, String expected) {
        ignored.add(new Invalid(where + " annotation " + key, Invalid.Reason.BAD_ANNOTATION, read, expected));
    }
}
