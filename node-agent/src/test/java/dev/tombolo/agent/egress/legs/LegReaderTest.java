package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.legs.Sight.Tunnel;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.testkit.netns.TestNamespace;
import dev.tombolo.wireguard.WireGuardBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The legs of a gateway in a namespace of its own, by what its kernel says; only settings are files of the test. */
class LegReaderTest {
    private static final Duty DUTY = new Duty(
            List.of(new Duty.Exit(
                    "192.0.2.200",
                    true,
                    Optional.of(new Duty.Place(IpAddress.parse("192.0.2.200"), "v0")),
                    Optional.empty(),
                    Set.of("billing"),
                    Set.of(Prefix.parse("198.51.100.0/24")),
                    false)),
            List.of(),
            Crossings.NONE,
            Optional.empty(),
            List.of(),
            List.of());

    @TempDir
    private Path settings;

    private TestNamespace namespace;
    private Netlink netlink;
    private LegReader reader;

    @BeforeEach
    void open() throws IOException {
        namespace = TestNamespace.create();
        namespace.run("ip link add v0 type veth peer name v1");
        namespace.run("ip link set v0 up");
        namespace.run("ip link set v1 up");
        namespace.run("ip addr add 192.0.2.200/24 dev v0");
        namespace.run("ip route add default via 192.0.2.1");
        netlink = Netlink.openIn(namespace.path());
        var backend = new WireGuardBackend.Userspace(settings, "");
        reader = new LegReader(netlink, backend, TwoNodes.key(1), settings, Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        netlink.close();
        namespace.close();
    }

    private List<String> brokenLegs() throws IOException {
        return LegsPlan.legs(DUTY, reader.look(LegsPlan.questions(DUTY))).checked().stream()
                .filter(leg -> leg.state() != State.Holds)
                .map(Leg::leg)
                .toList();
    }

    @Test
    void theKernelSaysWhichLegIsBroken() throws IOException {
        assertThat(brokenLegs()).isEmpty();
        namespace.run("ip link set v1 down");
        assertThat(brokenLegs()).contains("device");
        namespace.run("ip link set v1 up");
        assertThat(brokenLegs()).isEmpty();
        namespace.run("ip route del default");
        assertThat(brokenLegs()).containsExactly("route");
        namespace.run("ip route add blackhole default");
        assertThat(brokenLegs()).containsExactly("route");
        namespace.run("ip route add 198.51.100.0/24 via 192.0.2.1");
        assertThat(brokenLegs()).isEmpty();
        namespace.run("ip link set v0 down");
        assertThat(brokenLegs()).containsExactly("device", "route");
    }

    @Test
    void settingsAreReadFromTheirFiles() throws IOException {
        var crossing = new Duty(
                List.of(new Duty.Exit(
                        "192.0.2.200",
                        true,
                        DUTY.exits().getFirst().on(),
                        Optional.empty(),
                        Set.of(),
                        DUTY.exits().getFirst().destinations(),
                        true)),
                List.of(),
                Crossings.NONE,
                Optional.empty(),
                List.of(),
                List.of());
        var file = settings.resolve("ipv4/conf/v0/rp_filter");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "1\n");
        assertThat(reader.look(LegsPlan.questions(crossing)).settings())
                .containsOnlyKeys("ipv4.conf.v0.rp_filter")
                .containsValue(1);
    }

    /** Which device that is nobody knows before the kernel is asked. */
    @Test
    void theDeviceThatTheRouteLeadsByIsLookedAtToo() throws IOException {
        var crossing = new Crossing(
                "billing", true, DUTY.exits().getFirst().destinations(), Set.of(), Set.of(), Set.of("tombolo-eg1"));
        var carried = new Duty(
                List.of(),
                List.of(),
                new Crossings(List.of(crossing), Set.of("v0")),
                Optional.empty(),
                List.of(),
                List.of());
        var file = settings.resolve("ipv4/conf/v0/forwarding");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "0\n");
        Files.writeString(settings.resolve("ipv4/ip_forward"), "1\n");
        var sight = reader.look(LegsPlan.questions(carried));
        assertThat(LegsPlan.legs(carried, sight).checked())
                .filteredOn(leg -> leg.state() != State.Holds)
                .extracting(Leg::read)
                .containsExactly("net.ipv4.conf.v0.forwarding is 0");
    }

    @Test
    void aDeviceWithoutWireGuardHasNobodyBehindIt() throws IOException {
        var gateway = new Duty(
                List.of(),
                List.of(),
                Crossings.NONE,
                Optional.of(new Duty.GatewayDevice("v0", Set.of())),
                List.of(),
                List.of());
        assertThat(reader.look(LegsPlan.questions(gateway)).tunnels()).containsEntry("v0", Tunnel.NOBODY);
    }
}
