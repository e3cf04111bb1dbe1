package dev.tombolo.apiserver.derive;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What objects were given as status, and what they looked like to us then. Used by one thread.
 *
 * @param <O> the object
 * @param <S> its status
 */
final class ShownStatuses<O, S> {
    private final Map<String, Shown<O, S>> shown = new HashMap<>();

    private record Shown<O, S>(String uid, O object, S status) {}

    /** The status that an object was given last; what it holds itself where it is not known, or another one of the name. */
    S before(String name, String uid, S held) {
        var last = shown.get(name);
        return last != null && last.uid().equals(uid) ? last.status() : held;
    }

    /**
     * Whether this was written, and the object has not been read again since: it is another one then, even if somebody
     * made it look as before.
     */
    boolean isOnItsWay(String name, O object, S status) {
        var last = shown.get(name);
        return last != null && last.object() == object && last.status().equals(status);
    }

    void put(String name, String uid, O object, S status) {
        shown.put(name, new Shown<>(uid, object, status));
    }

    void retain(Collection<String> names) {
        shown.keySet().retainAll(names);
    }

    void clear() {
        shown.clear();
    }
}
