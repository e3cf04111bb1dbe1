package dev.tombolo.agent.egress.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.EgressDatapath;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.testkit.netns.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelEgressTest {
    private static final IpAddress ADDRESS = IpAddress.parse("10.1.1.5");
    private static final EgressKey POD = new EgressKey.Source(ADDRESS);
    private static final EgressRule DROP = new EgressRule(EgressAction.DROP, 0, 1);

    private final HeldPods held = new HeldPods(() -> Instant.EPOCH);
    private Path bpffs;
    private EgressDatapath datapath;
    private KernelEgress kernel;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        datapath = EgressDatapath.open(new DatapathOptions(bpffs, bpffs, Map.of("eg_rule", 2)));
        kernel = new KernelEgress(datapath.maps(), held);
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

    private static EgressKey rule(int set, String range) {
        return new EgressKey.Rule(set, Prefix.parse(range));
    }

    @Test
    void rowsAreReadBackAsTheyWereWritten() throws Exception {
        Map<EgressKey, Packed> rows = Map.of(
                rule(1, "0.0.0.0/0"),
                DROP,
                rule(1, "2001:db8::/32"),
                DROP,
                new EgressKey.Internal(Prefix.parse("10.0.0.0/8")),
                new EgressInternal(0),
                POD,
                EgressSource.ofSet(1));

        assertThat(kernel.change(Set.of(), rows)).isEmpty();

        assertThat(kernel.observe()).isEqualTo(rows);
        assertThat(kernel.change(rows.keySet(), Map.of())).isEmpty();
        assertThat(kernel.observe()).isEmpty();
    }

    @Test
    void aPodIsHeldUntilAllRulesAreWritten() throws Exception {
        assertThat(kernel.change(Set.of(), Map.of(rule(1, "192.0.2.0/24"), DROP, rule(2, "192.0.2.0/24"), DROP)))
                .isEmpty();

        var failures = kernel.change(Set.of(), Map.of(rule(3, "192.0.2.0/24"), DROP, POD, EgressSource.ofSet(3)));

        assertThat(failures).containsOnlyKeys(rule(3, "192.0.2.0/24"), POD);
        assertThat(kernel.change(Set.of(), Map.of(POD, EgressSource.ofSet(3)))).containsOnlyKeys(POD);
        assertThat(kernel.isHeld(ADDRESS)).isTrue();

        assertThat(kernel.change(Set.of(rule(2, "192.0.2.0/24")), Map.of())).isEmpty();
        assertThat(kernel.change(Set.of(), Map.of(rule(3, "192.0.2.0/24"), DROP, POD, EgressSource.ofSet(3))))
                .isEmpty();
        assertThat(kernel.observe()).containsEntry(POD, EgressSource.ofSet(3));
    }

    /** More rows than one call to the kernel reads, so that there is something between. */
    @Test
    void rowsAreWrittenWhileAllAreRead() throws Exception {
        var pods = new HashMap<EgressKey, Packed>();
        IntStream.rangeClosed(1, 2_500)
                .forEach(pod -> pods.put(new EgressKey.Source(ADDRESS.plus(pod)), EgressSource.ofSet(1)));
        assertThat(kernel.change(Set.of(), pods)).isEmpty();
        var gateway = new EgressKey.Gateway(7);
        var gateways = new ArrayList<EgressKey>();

        var read = kernel.observe(() -> {
            var next = new EgressKey.Gateway(8 + gateways.size());
            gateways.add(next);
            assertThat(kernel.change(Set.of(gateway), Map.of(next, EgressGateway.LOCAL)))
                    .isEmpty();
        });

        assertThat(gateways).hasSizeGreaterThan(7);
        assertThat(read).containsAllEntriesOf(pods);
        pods.keySet().forEach(read::remove);
        assertThat(gateways).containsAll(read.keySet());
        assertThat(kernel.observe()).containsAllEntriesOf(pods).containsKeys(gateways.toArray(EgressKey[]::new));
    }

    @Test
    void aPodWhoseRulesAreMissingStaysHeldWhileAllRowsAreRead() throws Exception {
        kernel.change(Set.of(), Map.of(rule(1, "192.0.2.0/24"), DROP, rule(2, "192.0.2.0/24"), DROP));
        kernel.change(Set.of(), Map.of(rule(3, "192.0.2.0/24"), DROP, POD, EgressSource.ofSet(3)));

        kernel.observe(() -> assertThat(kernel.change(Set.of(), Map.of(POD, EgressSource.ofSet(3))))
                .containsOnlyKeys(POD));

        assertThat(kernel.isHeld(ADDRESS)).isTrue();
    }

    /** What runs before a pod writes rows that no plan has: neither a full pass nor a removal may take one away. */
    @Test
    void aPodThatIsNotKnownStaysHeld() throws Exception {
        hold();

        assertThat(kernel.observe()).isEmpty();
        assertThat(kernel.change(Set.of(POD), Map.of())).isEmpty();

        assertThat(kernel.isHeld(ADDRESS)).isTrue();
    }

    @Test
    void aPodThatIsKnownGetsItsSetOrNoRow() throws Exception {
        hold();
        know(TwoNodes.pod("other", "audit", "node1", ADDRESS, false));
        assertThat(kernel.observe()).containsEntry(POD, EgressSource.HELD);
        assertThat(kernel.change(Set.of(POD), Map.of())).isEmpty();
        assertThat(kernel.observe()).isEmpty();
        assertThat(kernel.isHeld(ADDRESS)).isFalse();

        hold();
        know(TwoNodes.pod("one", "billing", "node1", ADDRESS, false));
        assertThat(kernel.change(Set.of(POD), Map.of()))
                .as("its set comes next")
                .isEmpty();
        assertThat(kernel.isHeld(ADDRESS)).isTrue();
        assertThat(kernel.change(Set.of(), Map.of(POD, EgressSource.ofSet(1)))).isEmpty();
        assertThat(kernel.observe()).containsEntry(POD, EgressSource.ofSet(1));
    }

    /** It has given its address back already, while Kubernetes still tells of it. */
    @Test
    void thePodAfterOneThatIsBeingStoppedGetsNothingOfIt() throws Exception {
        know(TwoNodes.pod("one", "billing", "node1", ADDRESS, true));
        assertThat(kernel.change(Set.of(), Map.of(POD, EgressSource.ofSet(1)))).isEmpty();
        assertThat(kernel.observe()).as("it goes on sending").containsEntry(POD, EgressSource.ofSet(1));

        hold();

        assertThat(kernel.change(Set.of(), Map.of(POD, EgressSource.ofSet(1)))).isEmpty();
        assertThat(kernel.isHeld(ADDRESS)).isTrue();
        assertThat(kernel.change(Set.of(POD), Map.of())).isEmpty();
        assertThat(kernel.isHeld(ADDRESS)).isTrue();
    }

    /** As tombolo-cni does. */
    private void hold() throws Exception {
        datapath.maps().sources().put(new EgressSourceKey(ADDRESS), EgressSource.HELD);
    }

    private void know(EgressPod pod) {
        var cluster = new TwoNodes();
        cluster.pods.clear();
        cluster.pods.add(pod);
        var program = cluster.program();
        held.know(program.podsOn(TwoNodes.NODE1), program.rows().sources().keySet());
    }

    @Test
    void aPodThatIsInItsSetAlreadyIsHeldToo() throws Exception {
        assertThat(kernel.change(
                        Set.of(),
                        Map.of(
                                rule(1, "192.0.2.0/24"),
                                DROP,
                                rule(2, "192.0.2.0/24"),
                                DROP,
                                POD,
                                EgressSource.ofSet(1))))
                .isEmpty();

        var failures = kernel.change(Set.of(), Map.of(rule(1, "198.51.100.0/24"), DROP));

        assertThat(failures).containsOnlyKeys(rule(1, "198.51.100.0/24"), POD);
        assertThat(kernel.isHeld(ADDRESS)).isTrue();
        kernel.observe();
        assertThat(kernel.change(Set.of(), Map.of(POD, EgressSource.ofSet(1))))
                .as("after all rows were read, nothing is known to be missing")
                .isEmpty();
    }
}
