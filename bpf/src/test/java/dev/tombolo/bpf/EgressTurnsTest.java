package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.egress.EgressNat;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Maps of another size or struct take over: who is held stays held by whatever is attached, and no flow is lost. */
class EgressTurnsTest {
    private static final Layout NEXT = new Layout(2, "META-INF/bpf-next");
    private static final EgressSourceKey POD = new EgressSourceKey(IpAddress.parse("10.1.0.7"));
    private static final EgressSourceKey LATER = new EgressSourceKey(IpAddress.parse("10.1.0.8"));
    private static final EgressNat NAT = new EgressNat(IpAddress.parse("198.51.100.7"), 40_000, 0, 1, 2, 3, 4, 5, 6);

    private Path bpffs;
    private TestNamespace namespace;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        namespace = TestNamespace.create();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (namespace == null) {
            return;
        }
        PinnedPrograms.removeAll(bpffs);
        TestNamespace.command(List.of("umount", bpffs.toString()));
        Files.delete(bpffs);
        namespace.close();
    }

    private EgressDatapath open(Layout layout, int entries) throws Exception {
        var sizes = Map.of("eg_source", entries, "eg_nat", entries, "eg_flow", 1024);
        return EgressDatapath.open(new DatapathOptions(bpffs, bpffs, sizes), layout);
    }

    private static EgressTuple flow(int port) {
        return new EgressTuple(POD.address(), IpAddress.parse("203.0.113.9"), port, 443, 6, 0);
    }

    @Test
    void whoIsHeldWhileMapsAreResizedIsHeldByBoth() throws Exception {
        try (var before = open(Layout.CURRENT, 64)) {
            startPod(POD);
            try (var after = open(Layout.CURRENT, 128)) {
                assertThat(after.maps().sources().capacity()).isEqualTo(128);
                startPod(LATER);
                for (var maps : List.of(before.maps(), after.maps())) {
                    assertThat(maps.sources().entries())
                            .isEqualTo(Map.of(POD, EgressSource.HELD, LATER, EgressSource.HELD));
                }
            }
        }
    }

    @Test
    void aTurnThatWasBrokenOffIsTakenUpAgain() throws Exception {
        open(Layout.CURRENT, 64).close();
        startPod(POD);
        open(Layout.CURRENT, 128).close();
        try (var again = open(Layout.CURRENT, 128)) {
            again.maps().sources().delete(POD);
            try (var third = open(Layout.CURRENT, 128)) {
                assertThat(third.maps().sources().entries()).containsKey(POD);
            }
        }
    }

    @Test
    void whatTheProgramsBeforeTranslateUntilTheyAreSwappedIsNotLost() throws Exception {
        try (var before = open(Layout.CURRENT, 64)) {
            before.maps().translations().put(flow(1), NAT);
            try (var after = open(Layout.CURRENT, 128)) {
                before.maps().translations().put(flow(2), NAT);
                after.maps().translations().put(flow(1), other());
                after.attachPods("lo", namespace.path().toString());
                assertThat(after.maps().translations().entries()).isEqualTo(Map.of(flow(1), other(), flow(2), NAT));
            }
        }
    }

    private static EgressNat other() {
        return new EgressNat(NAT.address(), 50_000, 0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void versionsWithOtherStructsTakeTheTranslationsOverThereAndBack() throws Exception {
        try (var before = open(Layout.CURRENT, 64)) {
            before.maps().translations().put(flow(1), NAT);
            before.maps().sources().put(POD, EgressSource.HELD);
        }
        try (var next = open(NEXT, 64)) {
            assertThat(next.freshMaps()).contains("eg_nat");
            assertThat(next.maps().translations().entries()).isEqualTo(Map.of(flow(1), NAT));
            next.maps().translations().put(flow(2), NAT);
        }
        try (var back = open(Layout.CURRENT, 64)) {
            back.attachPods("lo", namespace.path().toString());
            assertThat(back.maps().translations().entries()).isEqualTo(Map.of(flow(1), NAT, flow(2), NAT));
            assertThat(back.maps().sources().entries()).containsKey(POD);
        }
    }

    /** As a container runtime does. */
    private void startPod(EgressSourceKey pod) throws Exception {
        var input = Files.createTempFile("tombolo-cni", ".json");
        Files.writeString(input, """
                {"cniVersion": "1.0.0", "name": "pods", "type": "tombolo-cni", "bpffs": "%s",
                 "prevResult": {"cniVersion": "1.0.0", "ips": [{"address": "%s/24"}], "dns": {}}}""".formatted(bpffs, pod.address()));
        var builder = new ProcessBuilder("target/cni/tombolo-cni").redirectInput(input.toFile());
        builder.environment().put("CNI_COMMAND", "ADD");
        var process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        Files.delete(input);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
