package dev.tombolo.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.cli.CommandRun;
import dev.tombolo.cli.output.Console;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.object.ObjectKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code --dry-run} prints is what would be applied, and printing it changes nothing. */
@Timeout(120)
final class DryRunTest {
    private static final String[] INSTALL = {"install", "--set", "cluster.name=west", "--set", "cluster.id=1"};
    private LivingCluster cluster;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        cluster = new LivingCluster("west");
    }

    @AfterEach
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void whatIsPrintedIsWhatIsAppliedAndHoldsNoKey() throws Exception {
        String installed = run(true, INSTALL);
        assertThat(cluster.api().writes().manifests().present(installed)).isEmpty();
        cluster.api().writes().manifests().apply(installed);
        cluster.live();
        assertThat(run(false, INSTALL)).isEqualTo("no change\n");

        run(false, "clustermesh", "enable");
        String secret = "-----BEGIN PRIVATE KEY-----";
        cluster.api()
                .writes()
                .secrets()
                .put(
                        new ObjectKey("tombolo-system", "clustermesh-apiserver-ca"),
                        Map.of("ca.key", secret.getBytes(StandardCharsets.UTF_8)));
        String upgraded = run(true, "upgrade", "--set", "tunnel.port=51999");
        assertThat(upgraded)
                .contains("port: 51999", "kind: Deployment", "kind: ClusterMesh")
                .doesNotContain("PRIVATE KEY", "kind: Secret\n");
        assertThat(run(false, "upgrade")).isEqualTo("no change\n");
        assertThat(installed).doesNotContain("PRIVATE KEY", "kind: Secret\n");
    }

    /** An upgrade asks the cluster, so what it prints is good for a cluster of Cilium's too. */
    @Test
    void aKindOfCiliumsIsNeitherPrintedNorTakenAwayWithItsPolicies() throws Exception {
        var kinds = Manifests.CILIUM_KINDS.stream().map(kind -> "name: " + kind).toList();
        assertThat(run(true, INSTALL))
                .contains(kinds)
                .contains("Where Cilium has defined its kinds,")
                .contains(Manifests.CILIUM_KINDS)
                .contains("leave their CustomResourceDefinitions out");
        cluster.cilium().defineKinds();
        cluster.cilium().writePolicy("theirs");
        run(false, INSTALL);
        assertThat(run(true, "upgrade")).doesNotContain(kinds).doesNotContain("Where Cilium has defined");
        run(false, "uninstall", "--yes");
        assertThat(cluster.cilium().policyNames()).containsExactly("theirs");
        assertThat(cluster.api().writes().manifests().labels(Manifests.CILIUM_KINDS.getFirst()))
                .hasValueSatisfying(labels -> assertThat(labels).doesNotContainKey(Manifests.PART_OF));
    }

    private String run(boolean dry, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--kubeconfig", cluster.kubeconfig().toString()));
        if (dry) {
            all.add("--dry-run");
        }
        var out = new StringWriter();
        var err = new StringWriter();
        int code = CommandRun.of(new Console(new PrintWriter(out), new PrintWriter(err, true), false), all);
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }
}
