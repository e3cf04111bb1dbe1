package dev.tombolo.model.bgp;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads whether, and how soon, the loss of a router is to be noticed. */
record BfdAnnotations(BgpAnnotations annotations) {
    private static final Pattern MILLIS = Pattern.compile("(\\d{1,6})ms");

    Optional<BfdTiming> timing() {
        annotations.allow(Set.of(BgpAnnotations.BFD, BgpAnnotations.BFD_INTERVAL, BgpAnnotations.BFD_MULTIPLIER));
        var interval = annotations
                .value(BgpAnnotations.BFD_INTERVAL, BfdAnnotations::interval, "100ms to 60000ms")
                .orElse(BfdTiming.DEFAULT.interval());
        int multiplier = (int) annotations
                .number(BgpAnnotations.BFD_MULTIPLIER, BfdTiming.FEWEST, BfdTiming.MOST)
                .orElse(BfdTiming.DEFAULT.multiplier());
        if (annotations.onOff(BgpAnnotations.BFD).orElse(false)) {
            return Optional.of(new BfdTiming(interval, multiplier));
        }
        reportWithoutEffect(BgpAnnotations.BFD_INTERVAL);
        reportWithoutEffect(BgpAnnotations.BFD_MULTIPLIER);
        return Optional.empty();
    }

    private void reportWithoutEffect(String key) {
        if (annotations.has(key)) {
            annotations.refuseAlone(key, BgpAnnotations.BFD + ": on");
        }
    }

    private static Optional<Duration> interval(String text) {
        var parts = MILLIS.matcher(text);
        return Optional.of(parts)
                .filter(java.util.regex.Matcher::matches)
                .map(matched -> Duration.ofMillis(Long.parseLong(matched.group(1))))
                .filter(read -> read.compareTo(BfdTiming.SHORTEST) >= 0 && read.compareTo(BfdTiming.LONGEST) <= 0);
    }
}
