package dev.tombolo.cli.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A number that every node has its own of: the least, the mean and the most. */
public record Spread(int min, double avg, int max) {
    static Spread of(List<Integer> numbers) {
        var summary = numbers.stream().mapToInt(Integer::intValue).summaryStatistics();
        return numbers.isEmpty()
                ? new Spread(0, 0, 0)
                : new Spread(summary.getMin(), summary.getAverage(), summary.getMax());
    }

    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("min", min);
        document.put("avg", avg);
        document.put("max", max);
        return document;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "min:%d / avg:%.1f / max:%d", min, avg, max);
    }
}
