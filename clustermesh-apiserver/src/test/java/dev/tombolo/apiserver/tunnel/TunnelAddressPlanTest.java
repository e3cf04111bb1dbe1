package dev.tombolo.apiserver.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TunnelAddressPlanTest {
    private static final Prefix RANGE = Prefix.parse("100.64.64.0/30");

    private static IpAddress ip(int last) {
        return IpAddress.parse("100.64.64." + last);
    }

    @Test
    void givesTheLowestFreeAndLeavesWhatIsThere() {
        assertThat(TunnelAddressPlan.missing(List.of("c", "b", "a"), Map.of("b", ip(1)), RANGE))
                .isEqualTo(Map.of("a", ip(2), "c", ip(3)));
    }

    @Test
    void ofTwoNodesWithOneAddressTheSecondGetsAnother() {
        assertThat(TunnelAddressPlan.missing(List.of("a", "b"), Map.of("a", ip(1), "b", ip(1)), RANGE))
                .isEqualTo(Map.of("b", ip(2)));
    }

    @Test
    void anAddressOfAnotherRangeIsReplacedAndAFullRangeGivesNothing() {
        var held = Map.of("a", IpAddress.parse("192.0.2.1"), "b", ip(1), "c", ip(2), "d", ip(3));
        assertThat(TunnelAddressPlan.missing(List.of("a", "b", "c", "d"), held, RANGE))
                .isEmpty();
    }
}
