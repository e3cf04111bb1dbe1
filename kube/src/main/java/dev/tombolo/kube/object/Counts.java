package dev.tombolo.kube.object;

/** How many objects of each kind. */
public record Counts(int nodes, int identities, int endpoints, int services) {
    public static final Counts NONE = new Counts(0, 0, 0, 0);
}
