package dev.tombolo.agent.egress.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.kernel.HeldPods;
import dev.tombolo.agent.egress.kernel.KernelEgress;
import dev.tombolo.agent.path.NftPlan;
import dev.tombolo.agent.path.NftTable;
import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressFlow;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Conntrack;
import dev.tombolo.netlink.Errno;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.netlink.NoConntrackException;
import dev.tombolo.netlink.TrackedConnection;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A pod that always sends from the same port, its node with a masquerading CNI and our table, and the world. What the
 * program at the pod's device does, a chain does here.
 */
class ConnectionWatchTest {
    private static final IpAddress POD = IpAddress.parse("10.1.0.2");
    private static final Set<IpAddress> NODES = Set.of(IpAddress.parse("10.1.0.1"), IpAddress.parse("192.0.2.1"));
    private static final String STEERED = "192.0.2.2";
    private static final String NOT_STEERED = "192.0.2.130";
    private static final EgressKey RULE = new EgressKey.Rule(1, Prefix.parse("192.0.2.0/25"));
    private static final EgressKey SOURCE = new EgressKey.Source(POD);
    private static final int PORT = 4_000;

    @AutoClose
    private TestNamespace pod;

    @AutoClose
    private TestNamespace node;

    @AutoClose
    private TestNamespace world;

    @AutoClose
    private BpfObject object;

    private final Table<EgressKey, Packed> applied = new Table<>("rows");
    private final AtomicReference<Set<IpAddress>> nodes = new AtomicReference<>(NODES);
    private final AtomicInteger asked = new AtomicInteger();
    private EgressMaps maps;
    private KernelEgress kernel;
    private ConnectionSweep sweep;

    @BeforeEach
    void connect() throws IOException {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("egress")
                .maxEntries("eg_nat", 64)
                .maxEntries("eg_flow", 64)
                .load();
        maps = EgressMaps.of(object);
        kernel = new KernelEgress(maps, new HeldPods(Clock.systemUTC()));
        pod = TestNamespace.create();
        node = TestNamespace.create();
        world = TestNamespace.create();
        wire(pod, "eth0", "10.1.0.2/24", node, "cni0", "10.1.0.1/24");
        wire(node, "out0", "192.0.2.1/24", world, "in0", "192.0.2.2/24");
        world.run("ip addr add " + NOT_STEERED + "/24 dev in0");
        pod.run("ip route add default via 10.1.0.1");
        world.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        node.run("sysctl -qw net.ipv4.ip_forward=1");
        node.run("iptables-nft -t nat -A POSTROUTING -s 10.1.0.0/24 ! -d 10.1.0.0/24 -j MASQUERADE");
        var own = new OwnTunnel("wg0", Optional.empty(), 1_380);
        new NftTable(HostCommand.in(node.name())).put(NftPlan.V4, NftPlan.rules(List.of(), own));
        world.run("nft add table ip see");
        world.run("nft add chain ip see in { type filter hook prerouting priority 0 ; }");
        world.run("nft add rule ip see in ip saddr 10.1.0.2 counter comment pod");
        world.run("nft add rule ip see in ip saddr 192.0.2.1 counter comment node");
        sweep = new ConnectionSweep(maps, () -> Conntrack.openIn(node.path()));
    }

    private static void wire(
            TestNamespace left,
            String leftName,
            String leftAddress,
            TestNamespace right,
            String rightName,
            String rightAddress)
            throws IOException {
        left.run("ip link add " + leftName + " type veth peer name " + rightName + " netns " + right.name());
        left.run("ip addr add " + leftAddress + " dev " + leftName);
        right.run("ip addr add " + rightAddress + " dev " + rightName);
        left.run("ip link set " + leftName + " up");
        right.run("ip link set " + rightName + " up");
    }

    private ConnectionWatch watch() {
        return new ConnectionWatch(applied, () -> Set.of(POD), this::nodes, sweep).start();
    }

    private Set<IpAddress> nodes() {
        asked.incrementAndGet();
        return nodes.get();
    }

    /** As the loop does it: a row is known to be applied after it is. */
    private void put(EgressKey key, Packed row) throws IOException {
        kernel.put(key, row);
        applied.put(key, row);
    }

    private void policyComes() throws IOException {
        put(RULE, new EgressRule(EgressAction.GATEWAY, 1, 1));
        put(SOURCE, EgressSource.ofSet(1));
        node.run("nft add table ip program");
        node.run("nft add chain ip program pre { type filter hook prerouting priority -150 ; }");
        node.run("nft add rule ip program pre iifname cni0 ip daddr 192.0.2.0/25 meta mark set 0x1000");
    }

    private void policyGoes() throws IOException {
        node.run("nft delete table ip program");
        kernel.remove(SOURCE);
        applied.remove(SOURCE);
    }

    private static void send(TestNamespace from, int port, String to) throws IOException {
        from.run("perl -MSocket -e socket(S,PF_INET,SOCK_DGRAM,0);bind(S,sockaddr_in(" + port
                + ",INADDR_ANY));send(S,'x',0,sockaddr_in(9,inet_aton('" + to + "')))");
    }

    private void awaitLeavingFrom(String whom) throws IOException {
        long before = seen(whom);
        await().untilAsserted(() -> {
            send(pod, PORT, STEERED);
            assertThat(seen(whom)).isGreaterThan(before);
        });
    }

    private long seen(String whom) throws IOException {
        String line = world.run("nft list table ip see")
                .lines()
                .filter(text -> text.contains("\"" + whom + "\""))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll(".*packets (\\d+) .*", "$1"));
    }

    /** That are marked or translated. */
    private Set<TrackedConnection> tracked() throws IOException {
        var tracked = new HashSet<TrackedConnection>();
        try (var conntrack = Conntrack.openIn(node.path())) {
            conntrack.visit(0x1000, tracked::add);
        }
        return tracked;
    }

    @Test
    void aSenderOfDatagramsGetsThroughWhenItsPolicyComesAndWhenItGoes() throws IOException {
        send(pod, PORT, STEERED);
        assertThat(seen("node")).isEqualTo(1);
        try (var watch = watch()) {
            policyComes();
            awaitLeavingFrom("pod");
            var flow = new EgressTuple(POD, IpAddress.parse(STEERED), PORT, 9, 17, 0);
            maps.flows().put(flow, new EgressFlow(1, 1, 2, 3, 0, 2));
            policyGoes();
            awaitLeavingFrom("node");
            assertThat(maps.flows().lookup(flow))
                    .as("what an answer still finds its way by")
                    .isEmpty();
            assertThat(watch.forgotten()).isEqualTo(Map.of("steered_now", 1L, "steered_no_more", 1L));
        }
    }

    @Test
    void whatBeganBeforeTheAgentGetsThroughToo() throws IOException {
        send(pod, PORT, STEERED);
        policyComes();
        try (var _ = watch()) {
            awaitLeavingFrom("pod");
        }
    }

    @Test
    void nothingIsForgottenWhileItIsNotKnownWhatTheDataPathDoes() throws IOException {
        send(pod, PORT, STEERED);
        nodes.set(Set.of());
        policyComes();
        var before = tracked();
        try (var watch = watch()) {
            // When it asks again, it has done what it would do after it asked first.
            await().untilAsserted(() -> assertThat(asked.get()).isGreaterThan(1));
            assertThat(tracked()).isEqualTo(before).hasSize(1);
            nodes.set(NODES);
            awaitLeavingFrom("pod");
            assertThat(watch.forgotten()).containsEntry("steered_now", 1L);
        }
    }

    @Test
    void whatIsInOrderStays() throws IOException {
        policyComes();
        send(pod, PORT, STEERED);
        send(pod, PORT, NOT_STEERED);
        node.run("nft add table ip others");
        node.run("nft add chain ip others out { type filter hook output priority 0 ; }");
        node.run("nft add rule ip others out ct mark set 0x1000");
        send(node, PORT, STEERED);
        var before = tracked();
        assertThat(before).hasSize(3);
        assertThat(sweep.sweep(NODES)).isTrue();
        assertThat(tracked()).isEqualTo(before);
        put(SOURCE, EgressSource.HELD);
        assertThat(sweep.sweep(NODES)).isTrue();
        assertThat(tracked()).isEqualTo(before);
        assertThat(sweep.forgotten()).isEqualTo(Map.of("steered_now", 0L, "steered_no_more", 0L));
    }

    @Test
    void aKernelThatTracksNothingIsInOrder() throws IOException {
        var refused = new NetlinkException("listing", "tracked connections", Errno.EINVAL, "");
        var without = new ConnectionSweep(maps, () -> {
            throw new NoConntrackException(refused);
        });
        assertThat(without.sweep(NODES)).isTrue();
        assertThat(without.sweep(NODES)).isTrue();
    }
}
