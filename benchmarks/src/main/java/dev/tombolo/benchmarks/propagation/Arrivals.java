package dev.tombolo.benchmarks.propagation;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When addresses were written and when they arrived. */
final class Arrivals {
    private final Map<IpAddress, Long> writtenAt = new ConcurrentHashMap<>();
    private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

    void written(IpAddress address, long nanos) {
        writtenAt.put(address, nanos);
    }

    void arrived(IpAddress address) {
        Long written = writtenAt.remove(address);
        if (written != null) {
            millis.add((System.nanoTime() - written) / 1e6);
        }
    }

    int missing() {
        return writtenAt.size();
    }

    void clear() {
        writtenAt.clear();
        millis.clear();
    }

    Figures figures() {
        return Figures.of(List.copyOf(millis));
    }
}
