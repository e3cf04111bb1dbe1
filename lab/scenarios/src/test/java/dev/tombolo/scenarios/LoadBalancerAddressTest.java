package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pools as Cilium's guide has them, and Services of type LoadBalancer, as whoever applies them sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadBalancerAddressTest {
    private static final String POOL = """
            apiVersion: cilium.io/v2
            kind: CiliumLoadBalancerIPPool
            metadata: {name: %s}
            spec:
              blocks: [{start: %s, stop: %s}]
              serviceSelector: {matchLabels: {"io.kubernetes.service.namespace": %s}}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: %s
              namespace: %s
              annotations: {%s}
            spec: {type: LoadBalancer, ports: [{port: %d}]}
            """;

    private MeshLab lab;
    private AppliedObjects objects;

    @BeforeAll
    void up() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        lab = MeshLab.bare("l" + ProcessHandle.current().pid(), 1, 1);
        lab.install(1);
        objects = new AppliedObjects(lab);
    }

    @AfterAll
    void down() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void servicesGetAddressesShareThemAskForThemAndGiveThemBack() throws IOException {
        tenant("blue", "192.0.2.10", "192.0.2.12");
        service("blue", "first", "", 80);
        shows("blue", "first", "192.0.2.10");
        service("blue", "asks", "lbipam.cilium.io/ips: 192.0.2.12", 80);
        shows("blue", "asks", "192.0.2.12");
        service("blue", "red", "lbipam.cilium.io/sharing-key: '1234'", 1234);
        service("blue", "green", "lbipam.cilium.io/sharing-key: '1234'", 2345);
        shows("blue", "red", "192.0.2.11");
        shows("blue", "green", "192.0.2.11");
        MeshLab.await("the pool to count", () -> get("get", "ippools", "blue").matches("(?s).* False +0 .*"));
        service("blue", "late", "", 80);
        MeshLab.await(
                "late to hear why it waits", () -> condition("blue", "late").startsWith("False out_of_ips"));
        assertThat(get("-n", "blue", "get", "svc", "late")).contains("<pending>");
        assertThat(lab.programs.attempt("status", "--context", "cluster1").output())
                .contains("service blue/late has no address that it asks for: out_of_ips");
        lab.programs.kubectl(1, "-n", "blue", "delete", "service", "first");
        shows("blue", "late", "192.0.2.10");
        assertThat(condition("blue", "late")).startsWith("True satisfied");
    }

    @Test
    void poolsInConflictSayWhyAndNobodyLosesAnAddressByThemOrByTheServersDeath() throws IOException {
        tenant("old", "198.51.100.1", "198.51.100.9");
        service("old", "web", "", 80);
        shows("old", "web", "198.51.100.1");
        tenant("young", "198.51.100.9", "198.51.100.20");
        service("young", "web", "", 80);
        MeshLab.await(
                "the younger pool to be at fault",
                () -> get("get", "ippools", "young").matches("(?s).* True +12 .*"));
        assertThat(get("describe", "ippools", "young"))
                .contains("range '198.51.100.9 - 198.51.100.20' overlaps range '198.51.100.1 - 198.51.100.9'");
        assertThat(condition("young", "web")).startsWith("False no_pool");
        lab.signal("kill", 1, "clustermesh-apiserver", "apiserver");
        objects.apply(1, pool("young", "198.51.100.10", "198.51.100.20"));
        shows("young", "web", "198.51.100.10");
        shows("old", "web", "198.51.100.1");
        lab.programs.kubectl(1, "delete", "ippools", "old");
        MeshLab.await(
                "the address to go with its pool", () -> addresses("old", "web").isEmpty());
    }

    /** A namespace of its own, whose services have the addresses alone. */
    private void tenant(String name, String first, String last) throws IOException {
        objects.apply(1, "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n");
        objects.apply(1, pool(name, first, last));
    }

    private static String pool(String name, String first, String last) {
        return POOL.formatted(name, first, last, name);
    }

    private void service(String namespace, String name, String annotation, int port) throws IOException {
        objects.apply(1, SERVICE.formatted(name, namespace, annotation, port));
    }

    private void shows(String namespace, String service, String address) {
        MeshLab.await(
                service + " to have " + address,
                () -> addresses(namespace, service).equals(address));
        assertThat(get("-n", namespace, "get", "svc", service)).contains(" " + address + " ");
    }

    private String addresses(String namespace, String service) {
        return texts(lab.get(1, "-n", namespace, "service", service).at("/status/loadBalancer/ingress"), "ip");
    }

    private String condition(String namespace, String service) {
        var condition = lab.get(1, "-n", namespace, "service", service).at("/status/conditions/0");
        return condition.path("status").asText() + " "
                + condition.path("reason").asText();
    }

    private static String texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(entry -> entry.path(field).asText())
                .collect(Collectors.joining(","));
    }

    private String get(String... words) {
        return lab.programs.kubectl(1, words);
    }
}
