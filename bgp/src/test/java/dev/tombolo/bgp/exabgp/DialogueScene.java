package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A dialogue about one peer: lines in, lines out; no process, no time that passes by itself. */
abstract class DialogueScene {
    static final PeerId TOR = new PeerId("main", "tor");
    static final String SELECTOR =
            "neighbor 192.0.2.2 local-ip 192.0.2.1 local-as 64500 peer-as 64501 router-id 192.0.2.1";
    static final PathAttributes HERE = PathAttributes.to(IpAddress.parse("192.0.2.1"));

    static final String NEIGHBOUR = """
                Neighbor 192.0.2.2

                  Session                         Local
                   local                      192.0.2.1
                   state                           IDLE
                   down for                     0:00:05

                  Setup                           Local          Remote
                   AS                             64500           64501
                   ID                         192.0.2.1             n/a
                   hold-time                          9             n/a

                  Families                        Local          Remote        Add-Path
                   ipv4 unicast:                enabled             n/a        disabled
                """;

    Instant now = Instant.parse("2026-12-01T00:00:00Z");
    final Peers peers = new Peers();
    final Dialogue dialogue = new Dialogue(peers, now);

    DialogueScene() {
        peers.become(List.of(peer()), now);
    }

    void upWith(String prefix) {
        ready();
        up();
        put(prefix);
        say();
        hear("done");
        pass(Duration.ofMillis(200));
    }

    void ready() {
        connect();
    }

    void connect(String... routes) {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear(NEIGHBOUR.split("\n"));
        hear("done");
        hear(routes);
        hear("done");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.READY);
    }

    void up() {
        hear(negotiated("\"ipv4 unicast\" ,\"ipv6 unicast\"", "\"ipv4 unicast ipv6\""), state("up"));
    }

    void put(String prefix) {
        peers.link(TOR, now).rib.put(Prefix.parse(prefix), HERE);
    }

    static String negotiated(String families, String nextHops) {
        return event(
                "negotiated",
                "\"negotiated\": { \"hold_time\": 9, \"families\": [ " + families + " ], \"nexthop\": [ " + nextHops
                        + " ] }");
    }

    static String state(String state) {
        return event("state", "\"state\": \"" + state + "\"");
    }

    static String event(String type, String content) {
        return "{ \"exabgp\": \"4.0.1\", \"type\": \"" + type
                + "\", \"neighbor\": { \"address\": { \"local\": \"192.0.2.1\", \"peer\": \"192.0.2.2\" },"
                + " \"asn\": { \"local\": 64500, \"peer\": 64501 } , " + content + " } }";
    }

    void hear(String... lines) {
        for (String line : lines) {
            dialogue.hear(line, now);
        }
    }

    List<String> say() {
        return dialogue.say(now);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static BgpPeer peer() {
        return peer(TOR, "192.0.2.2", 64501);
    }

    static BgpPeer peer(PeerId id, String address, long asn) {
        return new BgpPeer(
                id,
                new Asn(64500),
                new Asn(asn),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse(address),
                179,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(EnumSet.allOf(BgpFamily.class)));
    }
}
