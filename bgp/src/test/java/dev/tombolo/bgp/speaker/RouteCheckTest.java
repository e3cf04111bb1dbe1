package dev.tombolo.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCheckTest {
    @ParameterizedTest
    @CsvSource({
        "198.51.100.0/24, 192.0.2.1",
        "198.51.100.1/32, 2001:db8::1",
        "2001:db8::/32,   2001:db8::1",
        "2001:db8::1/128, 2001:db8::1",
        "0.0.0.0/0,       192.0.2.1",
        "::/0,            2001:db8::1",
        "64:ff9b::/96,    2001:db8::1"
    })
    void letsRoutesThroughThatRoutersTake(String prefix, String hop) {
        assertThat(problem(prefix, hop)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.0/24, 0.0.0.0",
        "198.51.100.0/24, 0.1.2.3",
        "198.51.100.0/24, 127.0.0.1",
        "198.51.100.0/24, 224.0.0.5",
        "198.51.100.0/24, 255.255.255.255",
        "198.51.100.0/24, 169.254.0.1",
        "2001:db8::/32,   ::",
        "2001:db8::/32,   ::1",
        "2001:db8::/32,   fe80::1",
        "2001:db8::/32,   ff02::1",
        "2001:db8::/32,   192.0.2.1",
        "127.0.0.0/8,     192.0.2.1",
        "224.0.0.0/4,     192.0.2.1",
        "0.0.0.0/8,       192.0.2.1",
        "240.0.0.0/4,     192.0.2.1",
        "ff00::/8,        2001:db8::1",
        "fe80::/64,       2001:db8::1",
        "::1/128,         2001:db8::1",
        "::/96,           2001:db8::1"
    })
    void stopsRoutesThatEndSessions(String prefix, String hop) {
        assertThat(problem(prefix, hop)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.0/24, 192.0.2.1,   false, true",
        "198.51.100.0/24, 2001:db8::1, false, false",
        "198.51.100.0/24, 2001:db8::1, true,  true",
        "2001:db8::/32,   2001:db8::1, true,  false"
    })
    void stopsWhatASessionDoesNotCarry(String prefix, String hop, boolean v4ByV6, boolean passes) {
        var session = new Negotiated(Duration.ofSeconds(9), Set.of(BgpFamily.IPV4), v4ByV6);
        var attributes = PathAttributes.to(IpAddress.parse(hop));
        assertThat(RouteCheck.problem(session, Prefix.parse(prefix), attributes).isEmpty())
                .isEqualTo(passes);
    }

    private static Optional<String> problem(String prefix, String hop) {
        return RouteCheck.problem(Prefix.parse(prefix), PathAttributes.to(IpAddress.parse(hop)));
    }
}
