package dev.tombolo.bgp.speaker;

import dev.tombolo.bgp.exabgp.lab.Lab;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

class InMemorySpeakerTest extends SpeakerContract {
    private final InMemorySpeaker speaker = new InMemorySpeaker();

    @BeforeEach
    void apply() {
        speaker.apply(List.of(peer()));
    }

    @Override
    protected Speaker speaker() {
        return speaker;
    }

    @Override
    protected BgpPeer peer() {
        return Lab.peer(1);
    }
}
