package dev.tombolo.agent.probe;

import java.util.ArrayList;
import java.util.List;

/** A list of which everybody has their turn. */
final class Turns<T> {
    private List<T> all = List.of();
    private int next;

    void of(List<T> current) {
        all = List.copyOf(current);
        next = all.isEmpty() ? 0 : next % all.size();
    }

    int size() {
        return all.size();
    }

    /** The next ones, each once. */
    List<T> take(int most) {
        int count = Math.min(most, all.size());
        var taken = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            taken.add(all.get((next + i) % all.size()));
        }
        next = all.isEmpty() ? 0 : (next + count) % all.size();
        return taken;
    }
}
