package dev.tombolo.benchmarks.figures;

import java.util.Arrays;
import java.util.Collection;

/** Measured numbers in order, and what is said of them. */
public final class Figures {
    private final double[] sorted;

    private Figures(double[] sorted) {
        this.sorted = sorted;
        Arrays.sort(sorted);
    }

    public static Figures of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        return new Figures(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    public int count() {
        return sorted.length;
    }

    public double median() {
        return sorted[sorted.length / 2];
    }

    /** The value that this share of all values does not exceed. */
    public double quantile(double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }

    public double least() {
        return sorted[0];
    }

    public double most() {
        return sorted[sorted.length - 1];
    }

    /** {@code reached} or {@code not reached}, for a figure with an upper limit. */
    public static String verdict(double figure, double limit) {
        return figure < limit ? "reached" : "not reached";
    }
}
