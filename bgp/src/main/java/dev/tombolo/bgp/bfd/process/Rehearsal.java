package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.protocol.BfdPacket;
import dev.tombolo.bgp.bfd.protocol.BfdPacket.Reading;
import dev.tombolo.bgp.bfd.protocol.BfdSession;
import dev.tombolo.bgp.bfd.protocol.Moment;
import dev.tombolo.bgp.bfd.protocol.SessionAction;
import dev.tombolo.bgp.bfd.protocol.SessionEvent;
import dev.tombolo.bgp.bfd.protocol.SessionMachine;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.Transition;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A session that speaks with itself, without a socket. What a Java program does for the first time takes it tens of
 * milliseconds; done in the pause after the first packets, no timer of a real session has to wait for it.
 */
final class Rehearsal {
    private static final int PACKETS = 20;

    private final ByteBuffer wire = ByteBuffer.allocate(BfdPacket.LENGTH);
    private Moment now = new Moment(0);
    private Transition last = SessionMachine.start(1, SessionSettings.DEFAULT, now, 0);

    static BfdSession play() {
        var rehearsal = new Rehearsal();
        for (int i = 0; i < PACKETS; i++) {
            rehearsal.hearOneself();
            rehearsal.waitForDeadline();
        }
        return rehearsal.last.session();
    }

    private void hearOneself() {
        for (var action : last.actions()) {
            switch (action) {
                case SessionAction.Transmit(var packet) -> hear(packet);
                case SessionAction.Changed _ -> {}
            }
        }
    }

    private void hear(BfdPacket packet) {
        wire.clear();
        packet.write(wire);
        switch (BfdPacket.read(wire.flip())) {
            case Reading.Read(var read) -> happen(new SessionEvent.Received(read));
            case Reading.Refused(var reason) ->
                throw new IllegalStateException("a packet of our own is refused: " + reason);
        }
    }

    private void waitForDeadline() {
        now = last.session().deadline().orElse(now.plus(Duration.ofSeconds(1)));
        happen(new SessionEvent.TimePassed());
    }

    private void happen(SessionEvent event) {
        last = SessionMachine.next(last.session(), event, now, 0);
    }
}
