package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The sessions that a speaker is to hold and the ways to watch, all as one row: what is left out ends. */
final class SessionTarget implements Target<String, PlannedPeers> {
    private static final PlannedPeers NONE = new PlannedPeers(Optional.empty(), new TreeMap<>(), List.of());

    private final Speaker speaker;
    private final Liveness liveness;
    private Optional<Map.Entry<String, PlannedPeers>> applied = Optional.empty();

    SessionTarget(Speaker speaker, Liveness liveness) {
        this.speaker = speaker;
        this.liveness = liveness;
    }

    /** What the speaker holds itself it compares by itself. */
    @Override
    public Map<String, PlannedPeers> observe() {
        return applied.map(row -> Map.of(row.getKey(), row.getValue())).orElse(Map.of());
    }

    @Override
    public void put(String own, PlannedPeers peers) throws IOException {
        if (!peers.isSettled()) {
            throw new IOException("a peer's password has not been looked for yet");
        }
        apply(peers);
        applied = Optional.of(Map.entry(own, peers));
    }

    @Override
    public void remove(String own) {
        apply(NONE);
        applied = Optional.empty();
    }

    private void apply(PlannedPeers peers) {
        speaker.apply(peers.sessions());
        liveness.watch(peers);
    }
}
