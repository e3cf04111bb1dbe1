package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The same with FRR, which is stricter: it ends sessions that BIRD puts up with. */
class FrrTest extends LabTest {
    @Test
    void tellsRoutesOfBothFamilies() throws Exception {
        var frr = lab.frrAt(1);
        frr.start(Router.Setup.withPassword("geheim"));
        lab.start(new PeerDraft(1).password("geheim").peer());
        lab.put(Map.of(
                new RouteKey(Lab.id(1), Prefix.parse("198.51.100.0/24")),
                new PathAttributes(
                        IpAddress.parse("192.0.2.1"),
                        List.of(Lab.OURS),
                        OptionalLong.of(5),
                        OptionalLong.empty(),
                        new TreeSet<>(Set.of(Community.GRACEFUL_SHUTDOWN, new Community.Large(64500, 1, 2)))),
                new RouteKey(Lab.id(1), Prefix.parse("2001:db8:7::/48")),
                PathAttributes.to(IpAddress.parse("2001:db8:0:1::1"))));
        lab.speaker().allRoutesPut();
        lab.awaitTold(1);
        await().atMost(Lab.LONG)
                .untilAsserted(() -> assertThat(frr.ask("show bgp ipv4 unicast 198.51.100.0/24"))
                        .contains("64500 64500")
                        .contains("192.0.2.1 from 192.0.2.1")
                        .contains("metric 5")
                        .contains("graceful-shutdown")
                        .contains("64500:1:2"));
        assertThat(frr.ask("show bgp ipv6 unicast 2001:db8:7::/48")).contains("2001:db8:0:1::1");
        assertThat(lab.status(1).flaps()).isZero();
    }
}
