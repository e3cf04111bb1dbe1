package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tombolo.scenarios.ServiceCallers.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A cluster where Tombolo is in kube-proxy's place, with the services of kubernetes-services.yaml, and who calls them. */
abstract class KubernetesServicesScene {
    private static final String NAMESPACE = "services";
    static final String NODE1 = "172.30.1.11";
    static final String NODE2 = "172.30.1.12";
    private static final String ADDRESSES = "192.0.2.112/29";
    static final String ONE = "one of them";
    static final String NOBODY = "nobody";
    private static final String NO_PROXY = "lab.tombolo.dev/no-kube-proxy";

    static ServiceCallers callers;

    @BeforeAll
    static void apply(MeshLab lab) {
        callers = new ServiceCallers(lab, NAMESPACE);
        lab.programs.apply(1, manifest());
        replaceKubeProxy(lab, true);
        lab.programs.kubectl(1, "label", "node", "--all", NO_PROXY + "=");
        lab.in("internet", "ip route replace %s via %s".formatted(ADDRESSES, NODE2));
        kubectl(lab, "wait", "--for=condition=Ready", "pod/here", "pod/there", "pod/other", "pod/leaving");
        kubectl(lab, "delete", "pod", "leaving", "lapsed", "--wait=false");
    }

    @AfterAll
    static void remove(MeshLab lab) {
        lab.in("internet", "ip route del " + ADDRESSES);
        lab.programs.kubectl(1, "label", "node", "--all", NO_PROXY + "-");
        for (String pod : List.of("leaving", "lapsed")) {
            lab.programs.fault("kill", "--context", "cluster1", "-n", NAMESPACE, pod + "/echo");
        }
        lab.programs.kubectl(1, "delete", "namespace", NAMESPACE, "--wait=false");
        lab.programs.kubectl(1, "delete", "ippools", "services");
        replaceKubeProxy(lab, false);
        lab.programs.kubectl(1, "wait", "--for=delete", "namespace/" + NAMESPACE, "--timeout=60s");
        lab.expectWhole();
    }

    /** Calls that are made again until they end as expected. */
    record Calls(Supplier<List<Answer>> again) {
        Calls expect(String... who) {
            MeshLab.await(String.join(", ", who) + " to answer", again, answers -> matches(answers, who));
            return this;
        }

        /** Of all that were answered. */
        void expectSource(String address) {
            assertThat(again.get().stream().flatMap(answer -> answer.sources().stream()))
                    .containsOnly(address);
        }

        private static boolean matches(List<Answer> answers, String... who) {
            return answers.size() == who.length
                    && IntStream.range(0, who.length).allMatch(i -> matches(answers.get(i), who[i]));
        }

        private static boolean matches(Answer answer, String who) {
            return switch (who) {
                case NOBODY -> answer.isNobody();
                case ONE -> Set.of("here", "there").contains(answer.who());
                default -> answer.who().equals(who);
            };
        }
    }

    static Calls fromPod(String pod, String... addresses) {
        return new Calls(() -> callers.fromPod(pod, addresses));
    }

    static Calls outside(String... addresses) {
        return new Calls(() -> callers.outside(addresses));
    }

    static Calls calls(Supplier<List<Answer>> again) {
        return new Calls(again);
    }

    static String at(String service) {
        return service + "." + NAMESPACE + ".svc.cluster.local";
    }

    static String clusterIp(MeshLab lab, String service) {
        return kubectl(lab, "get", "service", service, "-o", "jsonpath={.spec.clusterIP}");
    }

    static String podIp(MeshLab lab, String pod) {
        return kubectl(lab, "get", "pod", pod, "-o", "jsonpath={.status.podIP}");
    }

    static String port(String name, int number, String protocol) {
        return "{'name': '%s', 'port': %d, 'protocol': '%s', 'targetPort': 8080}".formatted(name, number, protocol);
    }

    /** @param spec what is to be changed of it, in single quotes */
    static void patch(MeshLab lab, String service, String spec) {
        kubectl(
                lab,
                "patch",
                "service",
                service,
                "--type=merge",
                "-p",
                "{'spec': {%s}}".formatted(spec).replace('\'', '"'));
    }

    static void expose(MeshLab lab, String service, String pod) {
        kubectl(lab, "create", "service", "clusterip", service, "--tcp=80:8080");
        patch(lab, service, "'selector': {'app': null, 'pod': '%s'}".formatted(pod));
    }

    static String kubectl(MeshLab lab, String... words) {
        return lab.programs.kubectl(
                1, Stream.concat(Stream.of("-n", NAMESPACE), Stream.of(words)).toArray(String[]::new));
    }

    /** As an upgrade with the setting does, of the agents alone: whether services are refused is nothing of these tests. */
    private static void replaceKubeProxy(MeshLab lab, boolean replaced) {
        String file = lab.get(1, "-n", MeshLab.SYSTEM, "configmap", "tombolo-config")
                .at("/data/tombolo.yaml")
                .asText()
                .replaceFirst("kube-proxy-replacement: \\w+", "kube-proxy-replacement: " + replaced);
        var data = JsonNodeFactory.instance.objectNode();
        data.putObject("data").put("tombolo.yaml", file);
        lab.patch(1, "configmap", "tombolo-config", data.toString(), "-n", MeshLab.SYSTEM);
        lab.programs.kubectl(1, "-n", MeshLab.SYSTEM, "rollout", "restart", "daemonset/tombolo-agent");
        lab.programs.kubectl(1, "-n", MeshLab.SYSTEM, "rollout", "status", "daemonset/tombolo-agent", "--timeout=60s");
    }

    private static String manifest() {
        try (InputStream in = KubernetesServicesScene.class.getResourceAsStream("kubernetes-services.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
