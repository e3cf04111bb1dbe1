package dev.tombolo.apiserver;

import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.config.KnownKeys;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.PropertySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code tombolo.*} and refuses it as a whole, with everything that is wrong with it. */
final class Configuration {
    private static final KnownKeys KNOWN = new KnownKeys(KnownKeys.OF_A_CLUSTER);

    /** What the agent reads from the same file. */
    private static final List<String> OF_OTHERS = List.of("tombolo.agent.", "tombolo.maps.");

    private final Environment environment;
    private final List<Invalid> problems = new ArrayList<>();

    private Configuration(Environment environment) {
        this.environment = environment;
    }

    static MeshConfig read(Environment environment) {
        var reading = new Configuration(environment);
        var raw = reading.raw();
        var keys = written(environment);
        reading.problems.addAll(KNOWN.unknown(keys));
        var checked = MeshConfig.check(raw);
        if (checked instanceof MeshConfig.Checked.Bad(var wrong)) {
            reading.problems.addAll(wrong);
        }
        if (!reading.problems.isEmpty()) {
            throw new BadConfiguration(reading.problems);
        }
        return ((MeshConfig.Checked.Good) checked).config();
    }

    private MeshConfig.Raw raw() {
        return new MeshConfig.Raw(
                text("cluster.name", ""),
                number("cluster.id", 0),
                number("max-connected-clusters", 255),
                text("tunnel.cidr", ""),
                text("service.cidr", ""),
                duration("kvstore.lease", Duration.ofMinutes(15)),
                duration("kvstore.heartbeat", Duration.ofSeconds(60)),
                text(GlobalNamespaces.SETTING, "true"),
                text(ServedServices.SETTING, ServedServices.DEFAULT.setting()),
                text("image-version", ""));
    }

    private String text(String key, String absent) {
        return environment.getProperty("tombolo." + key, String.class).orElse(absent);
    }

    private int number(String key, int absent) {
        String text = text(key, Integer.toString(absent));
        if (text.matches("\\d{1,9}")) {
            return Integer.parseInt(text);
        }
        problems.add(new Invalid("tombolo." + key, Invalid.Reason.BAD_CONFIGURATION, text, "a number"));
        return absent;
    }

    private Duration duration(String key, Duration absent) {
        String text = text(key, "");
        var read = text.isEmpty()
                ? java.util.Optional.of(absent)
                : environment.getProperty("tombolo." + key, Duration.class);
        if (read.isEmpty()) {
            problems.add(
                    new Invalid("tombolo." + key, Invalid.Reason.BAD_CONFIGURATION, text, "a duration such as 15m"));
        }
        return read.orElse(absent);
    }

    /** Keys of files; variables do not count, since every Service named tombolo-… puts some into each pod. */
    private static Set<String> written(Environment environment) {
        var keys = new TreeSet<String>();
        for (PropertySource source : environment.getPropertySources()) {
            if (!(source instanceof EnvironmentPropertySource)) {
                source.forEach(key -> {
                    if (key.startsWith("tombolo.") && OF_OTHERS.stream().noneMatch(key::startsWith)) {
                        keys.add(key);
                    }
                });
            }
        }
        return keys;
    }

    /** The configuration cannot be used; the message has a line for each problem. */
    static final class BadConfiguration extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        BadConfiguration(List<Invalid> problems) {
            super("configuration refused:\n  "
                    + String.join(
                            "\n  ", problems.stream().map(Invalid::toString).toList()));
        }
    }
}
