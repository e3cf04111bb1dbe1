package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteWaitTest {
    @ParameterizedTest(name = "{1} after {0} s, restart times {2}")
    @CsvSource({
        "19, false, '30 60'",
        "20, true,  '60 30'",
        "79, false, ''",
        "80, true,  ''",
        "79, false, '0'",
        "39, false, '0 60'",
        "40, true,  '0 60'"
    })
    void isSaidInTimeForWhoeverCanHelp(int seconds, boolean said, String restartTimes) {
        var sessions = Arrays.stream(restartTimes.split(" "))
                .filter(text -> !text.isEmpty())
                .map(text -> session(Integer.parseInt(text)))
                .toList();
        assertThat(RouteWait.overdue(Duration.ofSeconds(seconds), sessions, List.of()))
                .matches(found -> found.isPresent() == said);
    }

    @Test
    void saysWhatIsMissingAndWhatComesOfIt() {
        assertThat(RouteWait.overdue(Duration.ofSeconds(25), List.of(session(30)), List.of("BGP peers", "services")))
                .contains(
                        "what routers are to be told is not known 25 s after start, as nothing was read yet of: BGP peers,"
                                + " services; they keep what they were told before, after a start of ExaBGP only until their own"
                                + " timers end");
    }

    /** @param restart 0: not offered */
    private static BgpPeer session(int restart) {
        return new BgpPeer(
                new PeerId("a", "tor"),
                new Asn(64500),
                new Asn(64501),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.1"),
                179,
                Duration.ofSeconds(9),
                1,
                restart == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(restart)),
                Optional.empty(),
                new TreeSet<>(Set.of(BgpFamily.IPV4)));
    }
}
