package dev.tombolo.kube.resource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The RFC 7386 patch that turns one JSON object into another. */
public final class MergePatch {
    private MergePatch() {}

    /** Only what differs; keys that must go are null; empty where nothing differs. */
    public static Map<String, Object> between(Map<?, ?> current, Map<?, ?> desired) {
        var patch = new LinkedHashMap<String, Object>();
        current.forEach((key, value) -> {
            if (!desired.containsKey(key) && value != null) {
                patch.put((String) key, null);
            }
        });
        desired.forEach((key, value) -> add(patch, (String) key, current.get(key), value));
        return patch;
    }

    private static void add(Map<String, Object> patch, String key, Object before, Object after) {
        if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> wanted) {
            var inner = between(old, wanted);
            if (!inner.isEmpty()) {
                patch.put(key, inner);
            }
        } else if (!same(before, after)) {
            patch.put(key, after);
        }
    }

    // The same number arrives as int or long depending on who parsed it, also inside lists.
    private static boolean same(Object before, Object after) {
        if (before instanceof Number a && after instanceof Number b) {
            return a.longValue() == b.longValue() && a.doubleValue() == b.doubleValue();
        }
        if (before instanceof java.util.List<?> a && after instanceof java.util.List<?> b) {
            return a.size() == b.size()
                    && java.util.stream.IntStream.range(0, a.size()).allMatch(i -> same(a.get(i), b.get(i)));
        }
        if (before instanceof Map<?, ?> a && after instanceof Map<?, ?> b) {
            return between(a, b).isEmpty();
        }
        return Objects.equals(before, after);
    }
}
