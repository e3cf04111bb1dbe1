package dev.tombolo.bgp.bfd.control;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A verb and its words, such as {@code want peer=192.0.2.2 local=192.0.2.1}. Neither names nor values hold blanks. Whoever
 * reads skips words that it does not know, so that versions can be mixed.
 */
public record Line(String verb, Map<String, String> words) {
    public Line {
        words = Collections.unmodifiableMap(new LinkedHashMap<>(words));
    }

    public static Line of(String verb) {
        return new Line(verb, Map.of());
    }

    public Line with(String name, Object value) {
        var all = new LinkedHashMap<>(words);
        all.put(name, String.valueOf(value).replaceAll("\\s+", "_"));
        return new Line(verb, all);
    }

    public Line with(String name, Duration interval) {
        return with(name + "-us", interval.toNanos() / 1_000);
    }

    public Line with(String name, Optional<?> value) {
        return value.map(present -> with(name, present)).orElse(this);
    }

    public Line with(Line other) {
        var all = new LinkedHashMap<>(words);
        all.putAll(other.words);
        return new Line(verb, all);
    }

    public static Line parse(String text) {
        var parts = text.strip().split("\\s+");
        var words = new LinkedHashMap<String, String>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                words.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
            }
        }
        return new Line(parts[0], words);
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(words.get(name));
    }

    /** Throws {@link IllegalArgumentException}, as everything does here that reads, where the word is missing. */
    public String get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(verb + " without " + name));
    }

    public long number(String name) {
        return Long.parseLong(get(name));
    }

    public int discriminator(String name) {
        return Integer.parseUnsignedInt(get(name));
    }

    public <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        return Enum.valueOf(type, get(name));
    }

    public Duration interval(String name) {
        return Duration.of(number(name + "-us"), ChronoUnit.MICROS);
    }

    public Optional<Duration> findInterval(String name) {
        return words.containsKey(name + "-us") ? Optional.of(interval(name)) : Optional.empty();
    }

    @Override
    public String toString() {
        var text = new StringBuilder(verb);
        words.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }
}
