package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of our kinds as kubectl users meet them: each refuses what it is there for, and nothing beside it. */
class KindRulesTest {
    private static final Path FOLDER = Path.of("../deploy/src/main/resources/dev/tombolo/deploy");
    private static final List<Path> KINDS = Stream.of("crds.yaml", "cilium-kinds.yaml", "cilium-bgp-kinds.yaml")
            .map(FOLDER::resolve)
            .toList();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
        for (Path file : KINDS) {
            ok(server.kubectlWith(Files.readString(file), "apply", "-f", "-"));
        }
        ok(server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=10s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** A rule by its message, and two objects that differ in what it is about. */
    private record Case(String kind, String path, String message, String refused, String accepted) {
        @Override
        public String toString() {
            return message;
        }
    }

    private static List<Case> cases() {
        return List.of(
                new Case(
                        "CiliumBGPClusterConfig",
                        "spec.bgpInstances[0].peers[1].autoDiscovery",
                        "defaultGateway is needed for mode DefaultGateway",
                        discovering("mode: DefaultGateway, unnumbered: {interface: eth1}"),
                        discovering("mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}")),
                new Case(
                        "CiliumBGPClusterConfig",
                        "spec.bgpInstances[0].peers[1].autoDiscovery",
                        "unnumbered is needed for mode Unnumbered",
                        discovering("mode: Unnumbered, defaultGateway: {addressFamily: ipv4}"),
                        discovering("mode: Unnumbered, unnumbered: {interface: eth1}")),
                new Case(
                        "CiliumBGPPeerConfig",
                        "spec.timers",
                        "keepAliveTimeSeconds can not be larger than holdTimeSeconds",
                        "{timers: {holdTimeSeconds: 9, keepAliveTimeSeconds: 10}}",
                        "{timers: {holdTimeSeconds: 9, keepAliveTimeSeconds: 9}}"),
                new Case(
                        "CiliumBGPAdvertisement",
                        "spec.advertisements[1]",
                        "service is needed for types Service and MeshService",
                        advertising("advertisementType: Service, selector: {}"),
                        advertising("advertisementType: Service, service: {addresses: [ClusterIP]}")),
                new Case(
                        "CiliumBGPAdvertisement",
                        "spec.advertisements[1]",
                        "interface is needed for type Interface",
                        advertising("advertisementType: Interface, service: {addresses: [ClusterIP]}"),
                        advertising("advertisementType: Interface, interface: {name: lo}")));
    }

    private static String discovering(String how) {
        return "{bgpInstances: [{name: a, peers: [{name: p}, {name: q, autoDiscovery: {" + how + "}}]}]}";
    }

    private static String advertising(String what) {
        return "{advertisements: [{advertisementType: PodCIDR}, {" + what + "}]}";
    }

    @Test
    void everyRuleHasItsCase() throws Exception {
        var messages = new ArrayList<String>();
        for (Path file : KINDS) {
            for (JsonNode rules : rules(file)) {
                rules.forEach(rule -> messages.add(rule.path("message").asText()));
            }
        }
        assertThat(cases()).extracting(Case::message).containsExactlyInAnyOrderElementsOf(messages);
    }

    private static List<JsonNode> rules(Path file) throws IOException {
        var found = new ArrayList<JsonNode>();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            documents.forEachRemaining(document -> found.addAll(document.findValues("x-kubernetes-validations")));
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refusesWhatItIsThereFor(Case rule) throws Exception {
        assertThat(create(rule.kind, rule.refused))
                .isEqualTo(new Printed(
                        1,
                        "The " + rule.kind + " \"x\" is invalid: " + rule.path + ": Invalid value: \"object\": "
                                + rule.message));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void acceptsWhatIsRight(Case rule) throws Exception {
        assertThat(ok(create(rule.kind, rule.accepted))).endsWith("created (server dry run)");
    }

    private static Printed create(String kind, String spec) throws Exception {
        return server.kubectlWith(manifest(kind, "x", spec), "create", "--dry-run=server", "-f", "-");
    }

    private static String manifest(String kind, String name, String spec) {
        return """
                apiVersion: cilium.io/v2
                kind: %s
                metadata: {name: %s}
                spec: %s
                """.formatted(kind, name, spec);
    }

    @Test
    void rulesSeeDefaults() throws Exception {
        String peer = "CiliumBGPPeerConfig";
        assertThat(create(peer, "{timers: {keepAliveTimeSeconds: 91}}").text()).contains("can not be larger");
        ok(create(peer, "{timers: {keepAliveTimeSeconds: 90}}"));
    }

    @Test
    void aChangeIsAskedAsWell() throws Exception {
        String slow = manifest("CiliumBGPPeerConfig", "slow", "{timers: {keepAliveTimeSeconds: 30}}");
        ok(server.kubectlWith(slow, "apply", "-f", "-"));
        assertThat(server.kubectl(
                                "patch",
                                "cbgppeer",
                                "slow",
                                "--type=merge",
                                "-p",
                                "{\"spec\":{\"timers\":{\"holdTimeSeconds\":29}}}")
                        .text())
                .isEqualTo(
                        "The CiliumBGPPeerConfig \"slow\" is invalid: spec.timers: Invalid value: \"object\": keepAliveTimeSeconds can not be larger than holdTimeSeconds");
        assertThat(ok(server.kubectl("get", "cbgppeer", "slow", "-o", "jsonpath={.spec.timers.holdTimeSeconds}")))
                .isEqualTo("90");
    }

    @Test
    void rulesWaitForWhatTheyRelyOn() throws Exception {
        assertThat(create("CiliumBGPClusterConfig", discovering("unnumbered: {interface: eth1}"))
                        .text())
                .contains("spec.bgpInstances[0].peers[1].autoDiscovery.mode: Required value")
                .contains("some validation rules were not checked because the object was invalid");
    }

    @Test
    void aKindWhoseRuleDoesNotCompileIsRefused() throws Exception {
        String misspelt = Files.readString(FOLDER.resolve("cilium-bgp-kinds.yaml"))
                .replace("self.keepAliveTimeSeconds <=", "self.keepaliveTimeSeconds <=");
        assertThat(server.kubectlWith(misspelt, "apply", "-f", "-").text())
                .contains(
                        "The CustomResourceDefinition \"ciliumbgppeerconfigs.cilium.io\" is invalid: "
                                + "spec.validation.openAPIV3Schema.properties[spec].properties[timers].x-kubernetes-validations[0].rule: Invalid value: ")
                .contains("compilation failed: ERROR: <input>:1:40: undefined field 'keepaliveTimeSeconds'");
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }
}
