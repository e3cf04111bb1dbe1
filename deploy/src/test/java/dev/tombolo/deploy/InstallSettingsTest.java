package dev.tombolo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InstallSettingsTest {
    @Test
    void nameAndIdAreEnough() {
        assertThat(accepted("cluster.name=west", "cluster.id=2").asSettings())
                .containsEntry("cluster.name", "west")
                .containsEntry("cluster.id", "2")
                .containsEntry("tunnel.cidr", "100.64.128.0/18")
                .containsEntry("max-connected-clusters", "255");
    }

    @Test
    void reportsEveryProblemTogether() {
        assertThat(refused(
                        "cluster.nam=west",
                        "tunnel.port=99999",
                        "nonsense",
                        "kvstore.lease=soon",
                        "default-global-namespace=no"))
                .containsExactly(
                        "--set: read cluster.nam, expected a known key; did you mean cluster.name?",
                        "--set: read nonsense, expected key=value",
                        "--set cluster.name: read nothing, expected lower-case letters, digits and dashes, at most 32"
                                + " characters, and not 'default'",
                        "--set cluster.id: read nothing, expected a number from 1 to max-connected-clusters",
                        "--set tunnel.port: read 99999, expected a port",
                        "--set kvstore.lease: read soon, expected a duration such as 15m or 30s",
                        "--set default-global-namespace: read no, expected true or false");
    }

    @Test
    void anIdBeyondTheNumberingIsRefused() {
        assertThat(refused("cluster.name=a", "cluster.id=300"))
                .containsExactly("--set cluster.id: read 300, expected a number from 1 to 255");
        assertThat(accepted("cluster.name=a", "cluster.id=300", "max-connected-clusters=511")
                        .asSettings())
                .containsEntry("tunnel.cidr", "100.101.128.0/19");
    }

    @Test
    void aKeyFarFromAllIsAnsweredWithTheList() {
        assertThat(refused("cluster.name=a", "cluster.id=1", "hubble.relay.enabled=true"))
                .singleElement()
                .asString()
                .contains("one of [cluster.name, cluster.id");
    }

    /** Whoever carries the devices of egress gateways deletes those that no gateway needs. */
    @Test
    void theTunnelIsNotNamedAsEgressGatewaysAre() {
        assertThat(refused("cluster.name=a", "cluster.id=1", "tunnel.device=tombolo-egress"))
                .containsExactly("--set tunnel.device: read tombolo-egress, expected a device name of at most 15"
                        + " characters, not tombolo-eg…");
    }

    /** A word that Java does not understand, or no heap to speak of, would keep every agent from starting. */
    @Test
    void aHeapIsSoManyMegabytes() {
        assertThat(accepted("cluster.name=west", "cluster.id=2", "agent.heap=65536m")
                        .agentHeap())
                .isEqualTo("65536m");
        for (String wrong : List.of("63m", "65537m", "1g", "256", "256m -version", "")) {
            assertThat(refused("cluster.name=west", "cluster.id=2", "agent.heap=" + wrong))
                    .as(wrong)
                    .hasSize(1);
        }
    }

    @Test
    void valuesCannotBreakOutOfTheManifest() {
        assertThat(refused("cluster.name=a\"\nkind: Pod", "cluster.id=1", "image.repository=x\" y"))
                .hasSize(2);
    }

    @Test
    void whatIsGivenNowGoesBeforeWhatWasChosenEarlier() {
        var earlier = Manifests.settings("cluster.name=west\n cluster.id=2\nimage.version=0.1.0\nforgotten.key=1\n");
        assertThat(InstallSettings.read(earlier, List.of("image.version=0.2.0")))
                .isInstanceOfSatisfying(
                        InstallSettings.Outcome.Accepted.class,
                        outcome -> assertThat(outcome.options().asSettings())
                                .containsEntry("cluster.name", "west")
                                .containsEntry("image.version", "0.2.0"));
    }

    @Test
    void settingsSurviveTheConfigMap() {
        var options =
                accepted("cluster.name=west", "cluster.id=2", "tunnel.port=5000", "default-global-namespace=false");
        assertThat(InstallSettings.read(options.asSettings(), List.of()))
                .isEqualTo(new InstallSettings.Outcome.Accepted(options));
    }

    private static InstallOptions accepted(String... given) {
        return switch (InstallSettings.read(Map.of(), List.of(given))) {
            case InstallSettings.Outcome.Accepted(var options) -> options;
            case InstallSettings.Outcome.Refused(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private static List<String> refused(String... given) {
        return switch (InstallSettings.read(Map.of(), List.of(given))) {
            case InstallSettings.Outcome.Accepted(var options) -> throw new AssertionError(options.toString());
            case InstallSettings.Outcome.Refused(var problems) ->
                problems.stream().map(Invalid::toString).toList();
        };
    }
}
