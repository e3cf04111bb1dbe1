package dev.tombolo.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.command.LabMain;
import dev.tombolo.lab.daemon.LabFile;
import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LabTest {
    private static final LabHome HOME = LabHome.of("t" + ProcessHandle.current().pid());

    @BeforeAll
    static void up() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        assumeTrue(Files.exists(Path.of("/usr/lib/cni/ptp")), "skipped: the CNI plugins are not installed");
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        Commands.Result result = lab("up");
        assertThat(result.code()).as(result.output()).isZero();
    }

    /** The daemon dies first: what is left must be found without it. */
    @AfterAll
    static void downAfterACrashLeavesNothing() throws IOException {
        LabFile.read(HOME).flatMap(f -> ProcessHandle.of(f.daemonPid())).ifPresent(ProcessHandle::destroyForcibly);
        Path cgroup = HOME.cgroup();
        assertThat(lab("down").code()).isZero();
        assertThat(new Leftovers(HOME).list()).isEmpty();
        assertThat(Cgroups.processes(cgroup)).isEmpty();
    }

    @Test
    void aSecondUpChangesNothing() throws IOException {
        Commands.Result result = lab("up");
        assertThat(result.output()).contains("already up");
        assertThat(result.code()).isZero();
    }

    @Test
    void aServiceAnswersByNameInClustersOfBothPlugins() throws IOException {
        for (String cluster : List.of("cluster1", "cluster2")) {
            try (KubernetesClient client = client(cluster)) {
                client.resource(web()).create();
                client.resource(new ServiceBuilder()
                                .withNewMetadata()
                                .withName("web")
                                .withNamespace("default")
                                .endMetadata()
                                .withNewSpec()
                                .addToSelector("app", "web")
                                .addNewPort()
                                .withPort(80)
                                .withNewTargetPort("http")
                                .endPort()
                                .endSpec()
                                .build())
                        .create();
                client.resource(pod("shell-" + cluster, "busybox")).create();
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    Commands.Result load = lab(
                            "exec",
                            "--context",
                            cluster,
                            "shell-" + cluster,
                            "--",
                            "/var/lib/kubelet/programs/lab-load",
                            "--url",
                            "http://web:80/",
                            "--requests",
                            "50",
                            "--concurrency",
                            "2");
                    assertThat(load.output())
                            .contains("\"ok\":50")
                            .contains(cluster + "/web-")
                            .contains("\"sources\":{\"10." + cluster.substring("cluster".length()) + ".");
                });
            }
        }
    }

    @Test
    void anUnknownImageWithoutCommandSaysSo() {
        try (KubernetesClient client = client("cluster1")) {
            client.resource(pod("bad", "registry.example/unknown:1")).create();
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                var waiting = client.pods()
                        .inNamespace("default")
                        .withName("bad")
                        .get()
                        .getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getWaiting();
                assertThat(waiting.getReason()).isEqualTo("ErrImagePull");
                assertThat(waiting.getMessage()).contains("registry.example/unknown:1");
            });
        }
    }

    /** Its data is what a cluster knows, and a pod that runs after it shows that every part follows again. */
    @Test
    void anEtcdThatIsKilledComesBackWithWhatItHeldUnderAnotherPid() throws IOException {
        try (KubernetesClient client = client("cluster1")) {
            client.resource(pod("before", "alpine")).create();
            long pid = etcdPid("cluster1");
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(10)).until(() -> etcdPid("cluster1") != pid);
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> client.resource(pod("after", "alpine")).create());
            for (String pod : List.of("before", "after")) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> lab("exec", "--context", "cluster1", pod, "--", "sh", "-c", "exit 7")
                                        .code()
                                == 7);
            }
            assertThat(lab("status", "-o", "json").output()).contains("\"pid\" : " + etcdPid("cluster1"));
        }
    }

    /** A directory where the file is to be written first: nothing can be written, until it is gone. */
    @Test
    void anEtcdThatComesBackWhileTheLabsFileCannotBeWrittenIsKnownOnceItCan() throws IOException {
        long pid = etcdPid("cluster2");
        Path inTheWay = Files.createDirectory(HOME.path("lab.json.new"));
        try {
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Files.readString(HOME.path("daemon.log")).contains("etcd of cluster2 is not written"));
        } finally {
            Files.delete(inTheWay);
        }
        await().atMost(Duration.ofSeconds(15)).until(() -> etcdPid("cluster2") != pid);
        assertThat(ProcessHandle.of(etcdPid("cluster2"))).get().matches(ProcessHandle::isAlive);
    }

    private static long etcdPid(String cluster) throws IOException {
        return LabFile.read(HOME).orElseThrow().etcdPids().get(cluster);
    }

    @Test
    void exitCodesPassThroughExec() {
        try (KubernetesClient client = client("cluster2")) {
            client.resource(pod("codes", "alpine")).create();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> lab("exec", "--context", "cluster2", "codes", "--", "sh", "-c", "exit 7")
                                    .code()
                            == 7);
        }
    }

    private static io.fabric8.kubernetes.api.model.Pod pod(String name, String image) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
    }

    private static io.fabric8.kubernetes.api.model.apps.Deployment web() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("tombolo/lab-echo")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/")
                .withNewPort("http")
                .endHttpGet()
                .endReadinessProbe()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static KubernetesClient client(String context) {
        Config config = Config.fromKubeconfig(context, HOME.kubeconfig().toFile());
        config.setOnlyHttpWatches(true);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Commands.Result lab(String command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dtombolo.lab.programs="
                        + Path.of(System.getProperty("tombolo.lab.programs", "target/programs"))
                                .toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                LabMain.class.getName(),
                command,
                "--name",
                HOME.name()));
        words.addAll(List.of(arguments));
        return Commands.attempt(
                words,
                Map.of(
                        "TOMBOLO_DIST",
                        Path.of("../dist/target/tombolo")
                                .toAbsolutePath()
                                .normalize()
                                .toString()),
                "");
    }
}
