package dev.tombolo.agent.mesh;

import dev.tombolo.model.Invalid;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The rows that were heard, of peers or of this cluster itself, and are not believed, with the reason, as they are now. */
public final class Refusals {
    private final Map<Object, Invalid> current = new ConcurrentHashMap<>();

    /** The row is refused for this reason from now on, or is not. */
    public void note(Object row, Optional<Invalid> refusal) {
        refusal.ifPresentOrElse(why -> current.put(row, why), () -> current.remove(row));
    }

    public Map<Invalid.Reason, Long> counts() {
        var counts = new EnumMap<Invalid.Reason, Long>(Invalid.Reason.class);
        current.values().forEach(why -> counts.merge(why.reason(), 1L, Long::sum));
        return counts;
    }

    /** One refusal of each reason, to show what such a row looks like; always the same one while it stands. */
    public Map<Invalid.Reason, Invalid> examples() {
        var examples = new EnumMap<Invalid.Reason, Invalid>(Invalid.Reason.class);
        current.values()
                .forEach(why -> examples.merge(
                        why.reason(),
                        why,
                        (one, other) -> one.toString().compareTo(other.toString()) <= 0 ? one : other));
        return examples;
    }
}
