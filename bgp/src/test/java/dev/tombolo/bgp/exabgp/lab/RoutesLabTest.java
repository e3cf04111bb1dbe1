package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What BIRD is told of routes. */
class RoutesLabTest extends LabTest {
    @Test
    void tellsRoutesWithAllTheirAttributes() throws Exception {
        var bird = lab.bird(1, "password \"deadbeef\";");
        lab.start(new PeerDraft(1).password("deadbeef").peer());
        var attributes = new PathAttributes(
                IpAddress.parse("192.0.2.1"),
                List.of(Lab.OURS, Lab.OURS),
                OptionalLong.of(50),
                OptionalLong.empty(),
                new TreeSet<>(Set.of(
                        Community.GRACEFUL_SHUTDOWN,
                        new Community.Standard(64500, 7),
                        new Community.Large(64500, 1, 2))));
        lab.put(Map.of(
                new RouteKey(Lab.id(1), Prefix.parse("198.51.100.0/24")), attributes,
                new RouteKey(Lab.id(1), Prefix.parse("2001:db8:7::/48")),
                        PathAttributes.to(IpAddress.parse("2001:db8:0:1::1")),
                new RouteKey(Lab.id(1), Prefix.parse("203.0.113.9/32")),
                        PathAttributes.to(IpAddress.parse("2001:db8:0:1::1"))));
        lab.speaker().allRoutesPut();
        lab.awaitTold(1);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(bird.route("198.51.100.0/24"))
                        .contains("BGP.as_path: 64500 64500 64500")
                        .contains("BGP.next_hop: 192.0.2.1")
                        .contains("BGP.med: 50")
                        .contains("(64500,7)")
                        .contains("(65535,0)")
                        .contains("(64500, 1, 2)"));
        assertThat(bird.route("2001:db8:7::/48")).contains("BGP.next_hop: 2001:db8:0:1::1");
        assertThat(bird.route("203.0.113.9/32")).contains("BGP.next_hop: 2001:db8:0:1::1");
        var status = lab.status(1);
        assertThat(status.negotiated().orElseThrow().holdTime()).isEqualTo(Duration.ofSeconds(9));
        assertThat(status.told()).isEqualTo(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lab.config())))
                .isEqualTo("rw-------");
        assertThat(lab.exabgp().logText()).doesNotContain("deadbeef");
        assertThat(ForeignSockets.nodelay(lab.exabgp().pid())).containsExactly(true);
    }

    @Test
    void withdrawsWhatIsRemovedAndChangesWhatIsPutAnew() throws Exception {
        var bird = up(20);
        var changed = new PathAttributes(
                IpAddress.parse("192.0.2.1"), List.of(), OptionalLong.of(9), OptionalLong.empty(), new TreeSet<>());
        lab.speaker()
                .routes()
                .change(
                        Set.of(new RouteKey(Lab.id(1), Lab.prefix(0))),
                        Map.of(new RouteKey(Lab.id(1), Lab.prefix(1)), changed));
        await().atMost(LONG).until(() -> bird.count() == 19);
        await().atMost(LONG).until(() -> bird.route("11.0.1.0/24").contains("BGP.med: 9"));
    }

    /** In one turn of its loop ExaBGP sends what came last first, where its attributes came first. */
    @Test
    void leavesTheRouterWithWhatWasSaidLastHoweverFastItIsSaid() throws Exception {
        var bird = up(20);
        var key = new RouteKey(Lab.id(1), Lab.prefix(1));
        var routes = lab.speaker().routes();
        for (int i = 0; i < 300; i++) {
            routes.put(key, med(i % 3));
            routes.put(new RouteKey(Lab.id(1), Lab.prefix(2)), med((i + 1) % 3));
            if (i % 5 == 0) {
                routes.remove(key);
            }
        }
        routes.put(key, med(7));
        await().atMost(LONG).until(() -> lab.status(1).pending() == 0);
        await().atMost(LONG).until(() -> bird.route("11.0.1.0/24").contains("BGP.med: 7"));
        assertThat(bird.route("11.0.2.0/24")).contains("BGP.med: 0");
        assertThat(bird.count()).isEqualTo(20);
    }

    @Test
    void keepsPoisonFromExabgp() throws Exception {
        var bird = up(5);
        var poison = Map.of(
                "2001:db8:9::/48", "192.0.2.1",
                "198.51.100.0/24", "0.0.0.0",
                "198.51.101.0/24", "224.0.0.5",
                "198.51.102.0/24", Lab.remote(1),
                "127.0.0.0/8", "192.0.2.1",
                "2001:db8:a::/48", "fe80::1");
        poison.forEach((prefix, hop) -> assertThat(lab.speaker()
                        .routes()
                        .change(
                                Set.of(),
                                Map.of(
                                        new RouteKey(Lab.id(1), Prefix.parse(prefix)),
                                        PathAttributes.to(IpAddress.parse(hop)))))
                .as(prefix)
                .hasSize(1));
        lab.put(Lab.routes(1, 6));
        await().atMost(LONG).until(() -> bird.count() == 6);
        assertThat(lab.status(1).told()).isEqualTo(6);
        assertThat(lab.status(1).flaps()).isZero();
    }

    private static PathAttributes med(int value) {
        return new PathAttributes(
                IpAddress.parse("192.0.2.1"), List.of(), OptionalLong.of(value), OptionalLong.empty(), new TreeSet<>());
    }
}
