package dev.tombolo.cli.bgp;

import dev.tombolo.model.bgp.BgpDrain;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was asked for, and what follows from it; what agents have made of it is not known here. */
final class DrainText {
    private DrainText() {}

    static String of(List<DrainChange> changes, Instant now) {
        return changes.stream().map(change -> of(change, now) + "\n").collect(Collectors.joining());
    }

    private static String of(DrainChange change, Instant now) {
        String subject = change.subject().toString();
        if (change.after().isEmpty()) {
            return change.isChange()
                    ? subject + " is drained no more: its routes are told as before"
                    : "no change: " + subject + " is not drained";
        }
        var drain = change.after().get();
        return change.isChange()
                ? subject + " is drained: its routes ask for another way first (community GRACEFUL_SHUTDOWN), and are "
                        + "withdrawn " + seconds(drain) + " later, at " + end(drain)
                : "no change: " + subject + " is drained since " + begin(drain) + ", and its routes "
                        + (drain.at(now) == BgpDrain.Stage.GONE ? "were" : "are") + " to be withdrawn at " + end(drain);
    }

    private static String seconds(BgpDrain drain) {
        return drain.grace().toSeconds() + " s";
    }

    /** A drain of the plan has a beginning. */
    private static String begin(BgpDrain drain) {
        return drain.since().orElseThrow().toString();
    }

    private static String end(BgpDrain drain) {
        return drain.end().orElseThrow().toString();
    }

    static List<Map<String, Object>> documents(List<DrainChange> changes) {
        return changes.stream().map(DrainText::document).toList();
    }

    private static Map<String, Object> document(DrainChange change) {
        var document = new LinkedHashMap<String, Object>();
        document.put("kind", change.subject().kind().toString());
        document.put("name", change.subject().name());
        document.put("changed", change.isChange());
        document.put("drained", change.after().isPresent());
        document.put("since", change.after().map(DrainText::begin).orElse(null));
        document.put("withdrawn_at", change.after().map(DrainText::end).orElse(null));
        return document;
    }
}
