package dev.tombolo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Golden files; {@code -Dgolden.update=true} writes them anew. */
final class ManifestsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/tombolo/deploy");

    @Test
    void agentManifest() throws IOException {
        check("agent.golden.yaml", Manifests.agent(options()));
    }

    @Test
    void meshManifest() throws IOException {
        check("mesh.golden.yaml", Manifests.mesh(options(), Manifests.ServiceType.NodePort));
    }

    @Test
    void cleanupManifest() throws IOException {
        check("cleanup.golden.yaml", Manifests.cleanup(options()));
    }

    @Test
    void onlyANodePortServiceNamesANodePort() {
        assertThat(Manifests.mesh(options(), Manifests.ServiceType.LoadBalancer))
                .contains("type: LoadBalancer")
                .doesNotContain("nodePort:")
                .doesNotContain("${");
    }

    @Test
    void noManifestHoldsASecret() {
        String all = Manifests.customResourceDefinitions()
                + Manifests.ciliumKinds()
                + Manifests.agent(options())
                + Manifests.ownNodePolicy()
                + Manifests.mesh(options(), Manifests.ServiceType.NodePort)
                + Manifests.cleanup(options());
        assertThat(all)
                .doesNotContain("kind: Secret")
                .doesNotContain("PRIVATE KEY")
                .doesNotContain("${");
    }

    @Test
    void bothVersionsOfAPoolAreTheSame() {
        String[] versions = Manifests.ciliumKind(Manifests.CILIUM_POOLS).split("(?m)^    - name: ");
        assertThat(versions).hasSize(3);
        assertThat(versions[1]).startsWith("v2\n      served: true\n      storage: true\n");
        assertThat(versions[2])
                .isEqualTo(
                        versions[1].replaceFirst("v2\n", "v2alpha1\n").replaceFirst("storage: true", "storage: false"));
    }

    /** Agents may ask for a password by name, and for nothing else that is secret. */
    @Test
    void agentsCannotListSecrets() {
        assertThat(Manifests.agent(options()))
                .containsOnlyOnce("resources: [secrets]")
                .contains("- {apiGroups: [''], resources: [secrets], verbs: [get]}");
    }

    @Test
    void everyKindIsDefinedOnceUnderItsName() {
        assertThat(Manifests.ciliumKinds().lines().filter(line -> line.startsWith("  name: ")))
                .containsExactlyElementsOf(Manifests.CILIUM_KINDS.stream()
                        .map(kind -> "  name: " + kind)
                        .toList());
    }

    /** By it the mesh API server tells its own kind from Cilium's. */
    @Test
    void everyKindOfCiliumsIsInOurCategory() {
        assertThat(Manifests.CILIUM_KINDS)
                .allSatisfy(
                        kind -> assertThat(Manifests.ciliumKind(kind)).containsPattern("categories: \\[.*tombolo]"));
    }

    @Test
    void podsAreReplacedWhenAnOptionChangesAndOnlyThen() {
        assertThat(annotation("tunnel.port=1")).isEqualTo(annotation("tunnel.port=1"));
        assertThat(annotation("tunnel.port=1")).isNotEqualTo(annotation("tunnel.port=2"));
    }

    /** Each replacement stops a node's tunnel or sessions for a moment, so an upgrade leaves them alone. */
    @Test
    void onlyTheAgentsPodsAreReplacedByThemselves() {
        String[] sets = Manifests.agent(options()).split("(?m)^kind: DaemonSet$");
        assertThat(sets[1]).contains("name: tombolo-agent", "type: RollingUpdate");
        assertThat(sets[2]).contains("name: tombolo-wireguard", "type: OnDelete");
        assertThat(sets[3]).contains("name: tombolo-bgp", "type: OnDelete");
    }

    /** The first container is the one that kubectl means where none is named. */
    @Test
    void tunnelsOfEgressGatewaysAreCarriedBesideTheNodesOwn() {
        String wireguard = Manifests.agent(options()).split("(?m)^kind: DaemonSet$")[2];
        assertThat(wireguard)
                .containsSubsequence(
                        "- name: wireguard",
                        "command: [/opt/tombolo/bin/wireguard-userspace]",
                        "- name: carriers",
                        "command: [/opt/tombolo/bin/wireguard-carriers]");
    }

    /** They listen to routers, and nothing in there could be used against the node or the cluster. */
    @Test
    void whatSpeaksWithRoutersHasNoRightsButToGoAheadOfOthers() {
        String bgp = Manifests.agent(options()).split("(?m)^kind: DaemonSet$")[3];
        assertThat(bgp)
                .contains("automountServiceAccountToken: false")
                .doesNotContain("privileged")
                .containsSubsequence(
                        "- name: exabgp",
                        "command: [/opt/tombolo/bin/bgp-speaker]",
                        "capabilities: {drop: [ALL]}",
                        "- name: bfd",
                        "command: [/opt/tombolo/bin/bgp-bfd]",
                        "capabilities: {drop: [ALL], add: [SYS_NICE]}");
    }

    @Test
    void sizesOfMapsReachTheAgentsAndOnlyThoseThatWereChosen() {
        assertThat(Manifests.agent(options("maps.services=100000", "maps.ranges=")))
                .contains("      maps:\n        services: 100000\n      image-version:")
                .contains("    maps.services=100000\n");
        assertThat(Manifests.agent(options())).doesNotContain("maps:");
    }

    @Test
    void theHeapOfAgentsIsTheChosenOne() {
        assertThat(Manifests.agent(options("agent.heap=512m")))
                .contains("- {name: TOMBOLO_JAVA_OPTIONS, value: \"-Xmx512m\"}")
                .contains("    agent.heap=512m\n");
    }

    private static String annotation(String setting) {
        return Manifests.agent(options(setting))
                .lines()
                .filter(line -> line.contains("tombolo.dev/configuration"))
                .findFirst()
                .orElseThrow();
    }

    private static InstallOptions options(String... more) {
        var given = new java.util.ArrayList<>(List.of("cluster.name=west", "cluster.id=2"));
        given.addAll(List.of(more));
        return ((InstallSettings.Outcome.Accepted) InstallSettings.read(Map.of(), given)).options();
    }

    private static void check(String name, String text) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file));
    }
}
