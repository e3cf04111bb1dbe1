package dev.tombolo.kube.resource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What of a manifest a live object does not have yet. Fields that the manifest does not name belong to the server or
 * to somebody else and stay as they are; a list is replaced whole.
 */
public final class ManifestDifference {
    private ManifestDifference() {}

    /** A merge patch; empty where the object is as the manifest says. */
    public static Map<String, Object> of(Map<?, ?> live, Map<?, ?> manifest) {
        var patch = new LinkedHashMap<String, Object>();
        manifest.forEach((key, wanted) -> {
            Object have = live.get(key);
            if (have instanceof Map<?, ?> old && wanted instanceof Map<?, ?> asked) {
                var inner = of(old, asked);
                if (!inner.isEmpty()) {
                    patch.put((String) key, inner);
                }
            } else if (!covers(have, wanted)) {
                patch.put((String) key, wanted);
            }
        });
        return patch;
    }

    private static boolean covers(Object have, Object wanted) {
        if (have instanceof Map<?, ?> old && wanted instanceof Map<?, ?> asked) {
            return of(old, asked).isEmpty();
        }
        if (have instanceof List<?> old && wanted instanceof List<?> asked) {
            return old.size() == asked.size()
                    && java.util.stream.IntStream.range(0, old.size()).allMatch(i -> covers(old.get(i), asked.get(i)));
        }
        // Servers leave out what is empty and false; what a manifest says is null is to be gone.
        boolean nothing = wanted == null
                || wanted instanceof Map<?, ?> map && map.isEmpty()
                || wanted instanceof List<?> list && list.isEmpty()
                || Boolean.FALSE.equals(wanted);
        return have == null ? nothing : Objects.equals(text(have), text(wanted));
    }

    private static String text(Object value) {
        return value instanceof Number number ? Long.toString(number.longValue()) : String.valueOf(value);
    }
}
