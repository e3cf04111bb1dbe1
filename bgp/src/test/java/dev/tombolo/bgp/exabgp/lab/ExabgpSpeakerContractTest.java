package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.bgp.speaker.SpeakerContract;
import dev.tombolo.model.bgp.BgpPeer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ExabgpSpeakerContractTest extends SpeakerContract {
    private Lab lab;

    @BeforeEach
    void setUp() throws IOException {
        lab = new Lab();
        lab.bird(1, "");
        lab.start(peer());
        await().atMost(Lab.LONG).until(() -> speaker().status().channel() == ChannelState.READY);
        await().atMost(Lab.LONG).until(() -> speaker().status().peers().containsKey(peer().id()));
    }

    @AfterEach
    void tearDown() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    @Override
    protected Speaker speaker() {
        return lab.speaker();
    }

    @Override
    protected BgpPeer peer() {
        return Lab.peer(1);
    }
}
