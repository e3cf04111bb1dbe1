package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.IpAddress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of an address has to be what a person can do something with. */
class AddressLegPlanTest {
    private static final Optional<Duty.Place> THERE =
            Optional.of(new Duty.Place(IpAddress.parse("172.30.1.200"), "eth0"));

    private static Duty.Exit exit(String wanted, boolean v4, Optional<Duty.Place> on, Optional<Duty.Owner> owner) {
        return new Duty.Exit(wanted, v4, on, owner, Set.of("billing"), Set.of(), false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            172.30.1.200   | true  | ip addr add 172.30.1.200/32 dev DEVICE
            2001:db8::7    | false | ip addr add 2001:db8::7/128 dev DEVICE
            interface eth1 | true  | ip addr add ADDRESS dev eth1 on the node
            default route  | true  | ip route add default via ROUTER on the node
            """)
    void anAddressThatIsMissedSaysHowItIsAdded(String wanted, boolean v4, String fix) {
        assertThat(AddressLegPlan.address(exit(wanted, v4, Optional.empty(), Optional.empty()))
                        .fix())
                .startsWith(fix);
    }

    @Test
    void whereTheAddressFollowsFromSomethingElseItIsNamed() {
        assertThat(AddressLegPlan.address(exit("172.30.1.200", true, THERE, Optional.empty()))
                        .read())
                .isEqualTo("on eth0");
        assertThat(AddressLegPlan.address(exit("interface eth0", true, THERE, Optional.empty()))
                        .read())
                .isEqualTo("on eth0, 172.30.1.200");
    }

    @Test
    void ofAnAddressThatNobodyOwnsNoNodeIsNamed() {
        var nobody = Optional.of(new Duty.Owner("", false, true));
        var leg = AddressLegPlan.owner(exit("172.30.1.200", true, Optional.empty(), nobody))
                .orElseThrow();
        assertThat(leg.read()).isEqualTo("nobody owns it");
        assertThat(leg.cause()).isEqualTo("it is on its way here");
    }

    @Test
    void anAddressThatAnotherOwnsAndThatIsHereWasTaken() {
        var other = Optional.of(new Duty.Owner("node2", false, true));
        assertThat(AddressLegPlan.owner(exit("172.30.1.200", true, THERE, other))
                        .orElseThrow()
                        .cause())
                .isEqualTo("another node took it, and it is still here");
    }
}
