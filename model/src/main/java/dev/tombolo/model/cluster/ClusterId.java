package dev.tombolo.model.cluster;

/** A cluster's number in the mesh, 1–255 or 1–511; see {@link MeshNumbering} for which. */
public record ClusterId(int value) implements Comparable<ClusterId> {
    public ClusterId {
        if (value < 1 || value > 511) {
            throw new IllegalArgumentException("cluster id " + value + " is not within 1–511");
        }
    }

    @Override
    public int compareTo(ClusterId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
