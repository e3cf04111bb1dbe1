package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sessions that a speaker is to hold, all as one row: it ends those that are left out. */
final class SessionTarget implements Target<String, PlannedPeers> {
    private final Speaker speaker;
    private Optional<Map.Entry<String, PlannedPeers>> applied = Optional.empty();

    SessionTarget(Speaker speaker) {
        this.speaker = speaker;
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
        speaker.apply(peers.sessions());
        applied = Optional.of(Map.entry(own, peers));
    }

    @Override
    public void remove(String own) {
        speaker.apply(List.of());
        applied = Optional.empty();
    }
}
