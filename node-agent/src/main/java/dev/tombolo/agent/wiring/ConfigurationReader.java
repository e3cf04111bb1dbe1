package dev.tombolo.agent.wiring;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.config.KnownKeys;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.PropertySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads {@code tombolo.*} value by value and remembers everything that is wrong with it. */
final class ConfigurationReader {
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int SMALLEST_MAP = 16;
    private static final int LARGEST_MAP = 1 << 24;
    private final Environment environment;
    private final List<Invalid> problems = new ArrayList<>();

    ConfigurationReader(Environment environment) {
        this.environment = environment;
        var known = new HashSet<>(KnownKeys.OF_A_CLUSTER);
        MapSizes.NAMES.keySet().forEach(name -> known.add(MapSizes.PREFIX + name));
        problems.addAll(new KnownKeys(known).unknown(written()));
    }

    String text(String key, String absent) {
        return environment.getProperty("tombolo." + key, String.class).orElse(absent);
    }

    ClusterName clusterName() {
        String name = text("cluster.name", "");
        var wrong = ClusterName.check("tombolo.cluster.name", name);
        wrong.ifPresent(problems::add);
        return wrong.isPresent() ? new ClusterName("unknown") : new ClusterName(name);
    }

    int number(String key, int absent, int smallest, int largest) {
        String text = text(key, Integer.toString(absent));
        boolean good =
                text.matches("\\d{1,9}") && Integer.parseInt(text) >= smallest && Integer.parseInt(text) <= largest;
        if (!good) {
            refuse(key, text, "a number within " + smallest + "–" + largest);
        }
        return good ? Integer.parseInt(text) : smallest;
    }

    /** How many clusters can be connected: one of two widths. */
    int width() {
        String text = text("max-connected-clusters", "255");
        if (!text.equals("255") && !text.equals("511")) {
            refuse("max-connected-clusters", text, "255 or 511");
        }
        return text.equals("511") ? 511 : 255;
    }

    GlobalNamespaces namespaces() {
        return word(GlobalNamespaces.SETTING, GlobalNamespaces::tryParse, GlobalNamespaces.EXPECTED)
                .orElse(GlobalNamespaces.DEFAULT);
    }

    ServedServices served() {
        return word(ServedServices.SETTING, ServedServices::tryParse, ServedServices.EXPECTED)
                .orElse(ServedServices.DEFAULT);
    }

    ForwardingMode forwarding() {
        return word(ForwardingMode.SETTING, ForwardingMode::tryParse, ForwardingMode.EXPECTED)
                .orElse(ForwardingMode.DEFAULT);
    }

    Acceleration acceleration() {
        return word(Acceleration.SETTING, Acceleration::tryParse, Acceleration.EXPECTED)
                .orElse(Acceleration.DEFAULT);
    }

    /** Empty where it is absent, or refused. */
    private <T> Optional<T> word(String key, Function<String, Optional<T>> parse, String expected) {
        var text = environment.getProperty("tombolo." + key, String.class);
        var read = text.flatMap(parse);
        if (read.isEmpty()) {
            text.ifPresent(given -> refuse(key, given, expected));
        }
        return read;
    }

    Optional<Prefix> range(String key) {
        String text = text(key, "");
        var range = Optional.of(text).filter(given -> given.contains("/")).flatMap(Prefix::tryParse);
        if (!text.isEmpty() && range.isEmpty()) {
            refuse(key, text, "a range such as 100.64.64.0/18");
        }
        return range;
    }

    String device(String key, String absent) {
        String name = text(key, absent);
        if (!name.matches("[A-Za-z0-9_.-]{1,15}")) {
            refuse(key, name, "the name of a network device, at most 15 letters");
        }
        return name;
    }

    Duration duration(String key, Duration absent) {
        String text = text(key, "");
        var read = text.isEmpty() ? Optional.of(absent) : environment.getProperty("tombolo." + key, Duration.class);
        if (read.isEmpty() || read.get().compareTo(SHORTEST) < 0 || read.get().compareTo(LONGEST) > 0) {
            refuse(key, text, "a duration within 2s–24h");
        }
        return read.orElse(absent);
    }

    /** Entries by the map's own name, where they are configured. */
    Map<String, Integer> mapSizes() {
        var sizes = new TreeMap<String, Integer>();
        MapSizes.NAMES.forEach((word, map) -> {
            if (!text("maps." + word, "").isEmpty()) {
                sizes.put(map, number("maps." + word, SMALLEST_MAP, SMALLEST_MAP, LARGEST_MAP));
            }
        });
        return sizes;
    }

    /** To be called when everything was read. */
    void refuseProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("configuration refused:\n  "
                    + String.join(
                            "\n  ", problems.stream().map(Invalid::toString).toList()));
        }
    }

    private void refuse(String key, String read, String expected) {
        problems.add(new Invalid("tombolo." + key, Invalid.Reason.BAD_CONFIGURATION, read, expected));
    }

    /** Keys of files; variables do not count, since every Service named tombolo-… puts some into each pod. */
    private Set<String> written() {
        var keys = new TreeSet<String>();
        for (PropertySource source : environment.getPropertySources()) {
            if (!(source instanceof EnvironmentPropertySource)) {
                source.forEach(key -> {
                    if (key.startsWith("tombolo.")) {
                        keys.add(key);
                    }
                });
            }
        }
        return keys;
    }
}
