package dev.tombolo.bgp.exabgp.lab;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Router 1, 2, … of a lab as a peer, of which a test may want something otherwise. */
final class PeerDraft {
    private final PeerId id;
    private Asn asn;
    private String routerId = "192.0.2.1";
    private String local;
    private String remote;
    private int port = 179;
    private Duration holdTime = Duration.ofSeconds(9);
    private Optional<BgpPeer.Password> password = Optional.empty();
    private Set<BgpFamily> families = EnumSet.allOf(BgpFamily.class);

    PeerDraft(int router) {
        id = Lab.id(router);
        asn = Lab.asnOf(router);
        local = Lab.local(router);
        remote = Lab.remote(router);
    }

    PeerDraft asn(long number) {
        asn = new Asn(number);
        return this;
    }

    PeerDraft routerId(String id) {
        routerId = id;
        return this;
    }

    PeerDraft at(String here, String there, int number) {
        local = here;
        remote = there;
        port = number;
        return this;
    }

    PeerDraft holdTime(int seconds) {
        holdTime = Duration.ofSeconds(seconds);
        return this;
    }

    PeerDraft password(String text) {
        password = Optional.of(new BgpPeer.Password(text));
        return this;
    }

    PeerDraft only(BgpFamily family) {
        families = EnumSet.of(family);
        return this;
    }

    BgpPeer peer() {
        return new BgpPeer(
                id,
                Lab.OURS,
                asn,
                IpAddress.parse(routerId),
                IpAddress.parse(local),
                IpAddress.parse(remote),
                port,
                holdTime,
                1,
                Optional.of(Duration.ofSeconds(30)),
                password,
                new TreeSet<>(families));
    }
}
