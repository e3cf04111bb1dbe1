package dev.tombolo.agent.egress.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.agent.egress.load.GatewayLoad.AddressLoad;
import dev.tombolo.agent.egress.load.GatewayLoad.State;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.EgressDatapath;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressAddressKey;
import dev.tombolo.bpf.egress.EgressSaturation;
import dev.tombolo.bpf.egress.EgressSaturationKey;
import dev.tombolo.bpf.egress.NatUse;
import dev.tombolo.bpf.egress.NatUse.AddressUse;
import dev.tombolo.bpf.egress.NatUse.Destination;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway's maps say of its load, with real maps. */
class LoadWatchTest {
    private static final IpAddress EGRESS = IpAddress.parse("198.51.100.7");
    private static final Destination SHOP = new Destination(IpAddress.parse("203.0.113.9"), 443, 6);
    private static final int PORTS = 100;

    private final Movable clock = new Movable();
    private Path bpffs;
    private EgressDatapath datapath;
    private LoadWatch watch;

    private static final class Movable extends Clock {
        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("Z");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void open() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        datapath = EgressDatapath.open(new DatapathOptions(bpffs, bpffs, Map.of("eg_nat", 1000)));
        datapath.maps().addresses().put(new EgressAddressKey(5, 4), new EgressAddress(EGRESS, 1, 1000, 1099));
        watch = new LoadWatch(datapath.maps(), clock);
    }

    @AfterEach
    void close() throws Exception {
        if (datapath != null) {
            datapath.close();
            Datapath.removeAll(bpffs);
            TestNamespace.command(List.of("umount", bpffs.toString()));
            Files.delete(bpffs);
        }
    }

    private GatewayLoad look(int ports) throws Exception {
        var use = ports == 0
                ? NatUse.NONE
                : new NatUse(2 * ports, 0, Map.of(3, ports), Map.of(EGRESS, new AddressUse(ports, SHOP, ports)));
        watch.look(use);
        return watch.now();
    }

    private State state(int ports) throws Exception {
        return look(ports).addresses().get(EGRESS).state();
    }

    private void refuse(long count) throws Exception {
        datapath.maps().saturation().put(new EgressSaturationKey(EGRESS), new EgressSaturation(count));
    }

    @Test
    void portsAreThoseTowardsTheFullestDestination() throws Exception {
        var load = look(20);

        assertThat(load.addresses())
                .isEqualTo(Map.of(
                        EGRESS, new AddressLoad(20, PORTS, 20, Optional.of("203.0.113.9:443 TCP"), 0, State.FINE)));
        assertThat(load.connections()).isEqualTo(Map.of(3, 20));
        assertThat(load.byGroup()).isEqualTo(Map.of(5, Set.of(EGRESS)));
        assertThat(load.entries()).isEqualTo(40);
        assertThat(load.capacity()).isEqualTo(1000);
    }

    @Test
    void anAddressWithoutConnectionsIsShownToo() throws Exception {
        assertThat(look(0).addresses())
                .isEqualTo(Map.of(EGRESS, new AddressLoad(0, PORTS, 0, Optional.empty(), 0, State.FINE)));
    }

    @Test
    void whatIsAtTheBorderDoesNotComeAndGo() throws Exception {
        assertThat(state(79)).isEqualTo(State.FINE);
        assertThat(state(80)).isEqualTo(State.NEARLY_EXHAUSTED);
        assertThat(state(70)).isEqualTo(State.NEARLY_EXHAUSTED);
        assertThat(state(69)).isEqualTo(State.FINE);
        assertThat(state(79)).isEqualTo(State.FINE);
    }

    @Test
    void refusedConnectionsAreNewsForFiveMinutes() throws Exception {
        refuse(7);
        assertThat(state(1)).as("before this process").isEqualTo(State.FINE);
        refuse(8);
        assertThat(state(1)).isEqualTo(State.REFUSING);
        clock.now = clock.now.plus(Duration.ofSeconds(299));
        assertThat(state(1)).isEqualTo(State.REFUSING);
        clock.now = clock.now.plus(Duration.ofSeconds(1));
        assertThat(state(1)).isEqualTo(State.FINE);
        assertThat(watch.now().addresses().get(EGRESS).refused()).isEqualTo(8);
    }

    @Test
    void theFirstRefusedConnectionIsNews() throws Exception {
        look(1);
        refuse(1);
        assertThat(state(1)).isEqualTo(State.REFUSING);
    }

    @Test
    void aMapThatFillsUpIsSaidInTime() throws Exception {
        assertThat(look(399).full()).isFalse();
        assertThat(look(400).full()).isTrue();
        assertThat(look(350).full()).isTrue();
        assertThat(look(349).full()).isFalse();
    }
}
