package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stock kubectl against the server. Each test has objects of its own. */
class KubectlTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: a, image: "example/a:1", env: [{name: ONE, value: "1"}, {name: TWO, value: "2"}], ports: [{containerPort: 80}]}
                  - {name: b, image: "example/b:1"}
            """;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }

    private static String namespace(String name) throws Exception {
        ok(server.kubectl("create", "namespace", name));
        return name;
    }

    @Test
    void appliesADeploymentTwiceAndThenChangesIt() throws Exception {
        String ns = namespace("applies");
        assertThat(ok(server.kubectlWith(DEPLOYMENT, "-n", ns, "apply", "-f", "-")))
                .isEqualTo("deployment.apps/web created");
        assertThat(ok(server.kubectlWith(DEPLOYMENT, "-n", ns, "apply", "-f", "-")))
                .isEqualTo("deployment.apps/web unchanged");
        String changed = DEPLOYMENT.replace("{name: ONE, value: \"1\"}, ", "").replace("example/b:1", "example/b:2");
        assertThat(ok(server.kubectlWith(changed, "-n", ns, "apply", "-f", "-")))
                .isEqualTo("deployment.apps/web configured");
        assertThat(
                        ok(
                                server.kubectl(
                                        "-n",
                                        ns,
                                        "get",
                                        "deploy",
                                        "web",
                                        "-o",
                                        "jsonpath={.metadata.generation} {.spec.replicas} {.spec.template.spec.containers[*].image} {.spec.template.spec.containers[0].env[*].name}")))
                .isEqualTo("2 1 example/a:1 example/b:2 TWO");
    }

    @Test
    void createsFromItsImperativeCommandsWhichSendProtobuf() throws Exception {
        String ns = namespace("imperative");
        ok(server.kubectl("-n", ns, "create", "configmap", "c", "--from-literal=key=value"));
        ok(server.kubectl("-n", ns, "create", "secret", "generic", "s", "--from-literal=user=ada"));
        ok(server.kubectl("-n", ns, "create", "serviceaccount", "sa"));
        ok(server.kubectl("-n", ns, "create", "service", "clusterip", "svc", "--tcp=80:8080"));
        ok(server.kubectl("-n", ns, "create", "deployment", "d", "--image=example/a:1", "--replicas=0", "--port=80"));
        assertThat(ok(server.kubectl("-n", ns, "get", "cm/c", "-o", "jsonpath={.data.key}")))
                .isEqualTo("value");
        assertThat(ok(server.kubectl("-n", ns, "get", "secret/s", "-o", "jsonpath={.data.user} {.type}")))
                .isEqualTo("YWRh Opaque");
        assertThat(ok(server.kubectl(
                        "-n",
                        ns,
                        "get",
                        "svc/svc",
                        "-o",
                        "jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort} {.spec.ports[0].protocol}")))
                .isEqualTo("80 8080 TCP");
        assertThat(ok(server.kubectl(
                        "-n",
                        ns,
                        "get",
                        "deploy/d",
                        "-o",
                        "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].ports[0].containerPort}")))
                .isEqualTo("0 80");
    }

    @Test
    void printsTables() throws Exception {
        String ns = namespace("tables");
        ok(server.kubectlWith(DEPLOYMENT, "-n", ns, "create", "-f", "-"));
        assertThat(ok(server.kubectl("-n", ns, "get", "deploy")))
                .matches("(?s)NAME +READY +UP-TO-DATE +AVAILABLE +AGE\\s+web +0/1 +0 +0 +\\d+s");
        assertThat(ok(server.kubectl("get", "ns", ns, "--show-labels")))
                .contains("kubernetes.io/metadata.name=" + ns)
                .contains("Active");
        assertThat(ok(server.kubectl("-n", ns, "get", "all"))).contains("deployment.apps/web");
        assertThat(ok(server.kubectl("get", "deploy", "-A", "-l", "app in (web),missing notin (x)", "--no-headers")))
                .contains(ns);
        assertThat(ok(server.kubectl("get", "deploy", "-n", ns, "-l", "app!=web")))
                .contains("No resources found");
        assertThat(ok(server.kubectl("-n", ns, "get", "deploy", "web", "-o", "yaml")))
                .contains("kind: Deployment");
    }

    @Test
    void showsPodsAsPeopleKnowThem() throws Exception {
        String ns = namespace("pods");
        String pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}
                """;
        ok(server.kubectlWith(pod, "-n", ns, "create", "-f", "-"));
        ok(
                server.kubectl(
                        "-n",
                        ns,
                        "patch",
                        "pod",
                        "p",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.1.1.2\",\"containerStatuses\":[{\"name\":\"c\",\"image\":\"i\",\"imageID\":\"\",\"ready\":true,\"restartCount\":2,\"state\":{\"running\":{}}}]}}"));
        assertThat(ok(server.kubectl("-n", ns, "get", "pods", "-o", "wide")))
                .matches(
                        "(?s)NAME +READY +STATUS +RESTARTS +AGE +IP +NODE.*\\s+p +1/1 +Running +2 +\\d+s +10\\.1\\.1\\.2 +n1.*");
        assertThat(ok(server.kubectl("-n", ns, "logs", "p", "--tail=7"))).isEqualTo("log of pods p c 7");
        assertThat(server.kubectl("-n", ns, "logs", "p", "--previous").text())
                .contains("previous terminated container \"c\" in pod \"p\" not found");
        assertThat(ok(server.kubectl("-n", ns, "describe", "pod", "p")))
                .contains("Node:")
                .contains("10.1.1.2")
                .contains("Events:");
        ok(server.kubectlWith(
                "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\"e\",\"namespace\":\"pods\"},\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p\",\"namespace\":\"pods\"},\"type\":\"Warning\",\"reason\":\"BackOff\",\"message\":\"it fell\"}",
                "-n",
                ns,
                "create",
                "-f",
                "-"));
        assertThat(ok(server.kubectl("-n", ns, "get", "events")))
                .matches("(?s)LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\\s+\\d+s +Warning +BackOff +pod/p +it fell.*");
        assertThat(ok(server.kubectl("-n", ns, "get", "pods", "--field-selector", "spec.nodeName=n1", "-o", "name")))
                .isEqualTo("pod/p");
        assertThat(server.kubectl("-n", ns, "get", "pods", "--field-selector", "bogus=1")
                        .text())
                .contains("field label not supported: bogus");
        ok(server.kubectl("-n", ns, "delete", "pod", "p", "--grace-period=0", "--force"));
        assertThat(server.kubectl("-n", ns, "get", "pod", "p").text())
                .isEqualTo("Error from server (NotFound): pods \"p\" not found");
    }

    @Test
    void patchesLabelsAnnotatesAndScales() throws Exception {
        String ns = namespace("patches");
        ok(server.kubectlWith(DEPLOYMENT, "-n", ns, "apply", "-f", "-"));
        ok(server.kubectl("-n", ns, "label", "deploy", "web", "tier=front"));
        ok(server.kubectl("-n", ns, "annotate", "deploy", "web", "note=one"));
        ok(server.kubectl("-n", ns, "scale", "deploy", "web", "--replicas=3"));
        ok(server.kubectl(
                "-n",
                ns,
                "patch",
                "deploy",
                "web",
                "-p",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"example/b:9\"}]}}}}"));
        ok(server.kubectl(
                "-n",
                ns,
                "patch",
                "deploy",
                "web",
                "--type=json",
                "-p",
                "[{\"op\":\"remove\",\"path\":\"/metadata/labels/app\"}]"));
        ok(server.kubectl("-n", ns, "rollout", "restart", "deploy", "web"));
        assertThat(
                        ok(
                                server.kubectl(
                                        "-n",
                                        ns,
                                        "get",
                                        "deploy",
                                        "web",
                                        "-o",
                                        "jsonpath={.metadata.labels} {.metadata.annotations.note} {.spec.replicas} {.spec.template.spec.containers[*].image}")))
                .isEqualTo("{\"tier\":\"front\"} one 3 example/a:1 example/b:9");
        assertThat(server.kubectl(
                                "-n",
                                ns,
                                "patch",
                                "deploy",
                                "web",
                                "--type=json",
                                "-p",
                                "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":1}]")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void waitsForRolloutsOfDeploymentsAndDaemonSets() throws Exception {
        String ns = namespace("rollouts");
        ok(server.kubectlWith(DEPLOYMENT, "-n", ns, "apply", "-f", "-"));
        ok(server.kubectlWith(DEPLOYMENT.replace("kind: Deployment", "kind: DaemonSet"), "-n", ns, "apply", "-f", "-"));
        Process waiting = server.start("-n", ns, "rollout", "status", "deploy/web", "--timeout=30s");
        ok(
                server.kubectl(
                        "-n",
                        ns,
                        "patch",
                        "deploy",
                        "web",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"observedGeneration\":1,\"replicas\":1,\"updatedReplicas\":1,\"availableReplicas\":1,\"readyReplicas\":1,\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}"));
        assertThat(waiting.waitFor()).isZero();
        ok(server.kubectl("-n", ns, "wait", "--for=condition=Available", "deploy/web", "--timeout=10s"));
        ok(
                server.kubectl(
                        "-n",
                        ns,
                        "patch",
                        "ds",
                        "web",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"observedGeneration\":1,\"desiredNumberScheduled\":2,\"updatedNumberScheduled\":2,\"numberAvailable\":2,\"numberReady\":2}}"));
        assertThat(ok(server.kubectl("-n", ns, "rollout", "status", "ds/web", "--timeout=10s")))
                .contains("successfully rolled out");
        assertThat(ok(server.kubectl("-n", ns, "describe", "deploy", "web"))).contains("example/a:1");
    }

    @Test
    void printsChangesAsTheyCome() throws Exception {
        String ns = namespace("watches");
        ok(server.kubectl("-n", ns, "create", "configmap", "first"));
        Path output = Files.createTempFile("watch", ".txt");
        Process watching = server.start("-n", ns, "get", "cm", "-w", "--no-headers");
        try (var out = Files.newOutputStream(output)) {
            Thread.ofVirtual().start(() -> {
                try {
                    watching.getInputStream().transferTo(out);
                } catch (java.io.IOException ended) {
                    return;
                }
            });
            Awaitility.await().until(() -> Files.readString(output).contains("first"));
            ok(server.kubectl("-n", ns, "create", "configmap", "second"));
            Awaitility.await().until(() -> Files.readString(output).contains("second"));
        } finally {
            watching.destroy();
            watching.waitFor();
            Files.delete(output);
        }
    }

    @Test
    void deletesNamespacesWithAllThatIsInThem() throws Exception {
        String ns = namespace("doomed");
        ok(server.kubectlWith(DEPLOYMENT, "-n", ns, "apply", "-f", "-"));
        ok(server.kubectlWith(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"held\",\"finalizers\":[\"example/hold\"]}}",
                "-n",
                ns,
                "create",
                "-f",
                "-"));
        assertThat(server.kubectl("delete", "ns", ns, "--timeout=1s").code()).isEqualTo(1);
        assertThat(server.kubectl("-n", ns, "create", "configmap", "late").text())
                .contains("being terminated");
        ok(server.kubectl("annotate", "ns", ns, "touched=yes"));
        assertThat(ok(server.kubectl("get", "ns", ns))).contains("Terminating");
        ok(server.kubectl(
                "-n", ns, "patch", "cm", "held", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}"));
        ok(server.kubectl("wait", "--for=delete", "ns/" + ns, "--timeout=10s"));
        assertThat(ok(server.kubectl("get", "deploy,cm", "-A"))).doesNotContain(ns);
    }

    @Test
    void refusesWhatIsNotRight() throws Exception {
        String ns = namespace("refuses");
        assertThat(server.kubectl("-n", "nowhere", "create", "configmap", "c").text())
                .contains("namespaces \"nowhere\" not found");
        ok(server.kubectl("-n", ns, "create", "configmap", "c"));
        assertThat(server.kubectl("-n", ns, "create", "configmap", "c").text()).contains("already exists");
        assertThat(server.kubectl("-n", ns, "create", "configmap", "Bad_Name").text())
                .contains("is invalid")
                .contains("metadata.name");
        assertThat(server.kubectlWith(
                                DEPLOYMENT.replace("selector:", "replica: 3\n  selector:"),
                                "-n",
                                ns,
                                "apply",
                                "-f",
                                "-")
                        .text())
                .contains("unknown field \"spec.replica\"");
        assertThat(server.kubectlWith(
                                DEPLOYMENT.replace("selector:", "replicas: many\n  selector:"),
                                "-n",
                                ns,
                                "create",
                                "-f",
                                "-")
                        .text())
                .contains("BadRequest")
                .contains("replicas");
        assertThat(server.kubectl("-n", ns, "get", "widgets").text())
                .contains("the server doesn't have a resource type \"widgets\"");
    }

    @Test
    void describesNodesWithTheirPods() throws Exception {
        ok(server.kubectlWith(
                "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n7\"}}", "create", "-f", "-"));
        assertThat(ok(server.kubectl("describe", "node", "n7"))).contains("Non-terminated Pods");
        assertThat(ok(server.kubectl("get", "nodes"))).contains("NotReady");
        assertThat(ok(server.kubectl("api-resources")))
                .contains("endpointslices")
                .contains("networkpolicies");
    }

    @Test
    void runsACommandInAContainer() throws Exception {
        String ns = namespace("execs");
        ok(server.kubectlWith(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: example/c}]}\n",
                "-n",
                ns,
                "apply",
                "-f",
                "-"));
        assertThat(ok(server.kubectlWith("both\nways\n", "-n", ns, "exec", "-i", "p", "--", "cat")))
                .isEqualTo("both\nways");
        assertThat(ok(server.kubectl("-n", ns, "exec", "p", "--", "sh", "-c", "seq 1 20000 | tail -n 1; cat")))
                .isEqualTo("20000");
        var failed = server.kubectl("-n", ns, "exec", "p", "--", "sh", "-c", "echo no >&2; exit 7");
        assertThat(failed.code()).isEqualTo(7);
        assertThat(failed.text()).startsWith("no");
    }
}
