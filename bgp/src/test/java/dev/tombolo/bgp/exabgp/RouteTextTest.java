package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTextTest {
    private static final Optional<Asn> EXTERNAL = Optional.of(new Asn(64500));
    private static final PathAttributes FULL = new PathAttributes(
            IpAddress.parse("192.0.2.1"),
            List.of(new Asn(64500), new Asn(4200000001L)),
            OptionalLong.of(50),
            OptionalLong.of(300),
            new TreeSet<>(Set.of(
                    Community.GRACEFUL_SHUTDOWN, new Community.Standard(64500, 12), new Community.Large(64500, 1, 2))));

    @Test
    void putsTheSessionsOwnNumberBehindWhatIsPrepended() {
        assertThat(RouteText.attributes(EXTERNAL, FULL))
                .isEqualTo("next-hop 192.0.2.1 as-path [ 64500 4200000001 64500 ] med 50 local-preference 300 "
                        + "community [ 64500:12 65535:0 ] large-community [ 64500:1:2 ]");
        assertThat(RouteText.attributes(Optional.empty(), FULL)).contains("as-path [ 64500 4200000001 ]");
        assertThat(RouteText.attributes(EXTERNAL, PathAttributes.to(IpAddress.parse("2001:db8::1"))))
                .isEqualTo("next-hop 2001:db8::1");
    }

    @Test
    void readsWhatExabgpPrints() {
        String printed = "198.51.100.0/24 next-hop 192.0.2.1 as-path [ 64500 4200000001 64500 ] med 50 "
                + "local-preference 300 community [ 64500:12 65535:0 ] large-community 64500:1:2";
        assertThat(RouteText.parse(EXTERNAL, printed)).contains(new BgpRoute(Prefix.parse("198.51.100.0/24"), FULL));
    }

    @Test
    void knowsCommunitiesByTheNamesThatExabgpGivesThem() {
        assertThat(RouteText.parse(EXTERNAL, "2001:db8::/32 next-hop 2001:db8::1 community [ no-export blackhole ]")
                        .orElseThrow()
                        .attributes()
                        .communities())
                .containsExactlyInAnyOrder(new Community.Standard(65535, 65281), new Community.Standard(65535, 666));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "198.51.100.0/24",
                "198.51.100.0/24 next-hop",
                "198.51.100.0/24 next-hop self",
                "198.51.100.0/24 next-hop 192.0.2.1 as-path [ 64500",
                "198.51.100.0/24 next-hop 192.0.2.1 community 1:2:3:4",
                "198.51.100.0/24 next-hop 192.0.2.1 med many",
                "198.51.100.0/24 next-hop 192.0.2.1 watchdog dog"
            })
    void takesNothingThatIsNotOurs(String text) {
        assertThat(RouteText.parse(EXTERNAL, text)).isEmpty();
    }
}
