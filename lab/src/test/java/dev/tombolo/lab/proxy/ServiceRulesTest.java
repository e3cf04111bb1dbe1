package dev.tombolo.lab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.machine.Commands;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {
    private final String namespace = "rules-" + ProcessHandle.current().pid();

    @BeforeEach
    void makeANamespaceWithTwoAddresses() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: network namespaces need root");
        Commands.script("""
                ip netns add %1$s; ip -n %1$s link set lo up
                ip -n %1$s addr add 192.0.2.1/32 dev lo; ip -n %1$s addr add 192.0.2.2/32 dev lo
                ip -n %1$s route add 10.96.0.0/16 dev lo src 192.0.2.2
                """.formatted(namespace));
    }

    @AfterEach
    void removeIt() throws IOException {
        Commands.run("ip", "netns", "del", namespace);
    }

    @Test
    void aServiceAddressLeadsToAReadyEndpointAndIsRefusedWithoutOne() throws IOException {
        load(
                List.of(service("web", "10.96.0.10", 32000), service("gone", "10.96.0.11", null)),
                slice("192.0.2.1", true));
        Process echo = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        Path.of(System.getProperty("tombolo.lab.programs", "target/programs"), "lab-echo")
                                .toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        try {
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(
                            () -> assertThat(ask("10.96.0.10:80").output()).contains("source"));
            assertThat(ask("192.0.2.2:32000").output()).contains("source");
            assertThat(ask("10.96.0.11:80").code())
                    .as("curl: connection refused")
                    .isEqualTo(7);
            load(List.of(service("web", "10.96.0.10", 32000)), slice("192.0.2.1", false));
            assertThat(ask("10.96.0.10:80").code()).isEqualTo(7);
        } finally {
            echo.destroyForcibly();
        }
    }

    private void load(List<Service> services, EndpointSlice slice) throws IOException {
        String rules = ServiceRules.text(
                services, s -> s.getMetadata().getName().equals("web") ? Stream.of(slice) : Stream.of());
        Commands.run(List.of("ip", "netns", "exec", namespace, "nft", "-f", "-"), Map.of(), rules);
    }

    private Commands.Result ask(String address) throws IOException {
        return Commands.attempt(
                List.of("ip", "netns", "exec", namespace, "curl", "-s", "-m", "2", "http://" + address + "/"),
                Map.of(),
                "");
    }

    private static Service service(String name, String address, Integer nodePort) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withClusterIP(address)
                .addNewPort()
                .withName("http")
                .withPort(80)
                .withProtocol("TCP")
                .withNodePort(nodePort)
                .endPort()
                .endSpec()
                .build();
    }

    private static EndpointSlice slice(String address, boolean ready) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("web-1")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses(address)
                .withNewConditions(ready, ready, false)
                .endEndpoint()
                .addNewPort()
                .withName("http")
                .withPort(8080)
                .withProtocol("TCP")
                .endPort()
                .build();
    }
}
