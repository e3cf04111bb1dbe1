package dev.tombolo.model.peer;

/** How many objects of each kind are believed of one peer; what comes beyond is dropped and counted. */
public record PeerQuotas(int nodes, int identities, int endpoints, int services) {
    public static final PeerQuotas DEFAULT = new PeerQuotas(5_000, 65_535, 150_000, 10_000);
}
