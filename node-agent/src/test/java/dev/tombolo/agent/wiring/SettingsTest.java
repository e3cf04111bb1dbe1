package dev.tombolo.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Map<String, Object> LEAST = Map.of("tombolo.cluster.name", "east", "tombolo.cluster.id", 1);

    @Test
    void theLeastThatIsNeededIsNameAndId() throws IOException {
        var settings = read(Map.of());
        assertThat(settings.device()).isEqualTo("tombolo-wg0");
        assertThat(settings.port()).isEqualTo(51_871);
        assertThat(settings.tunnelRange()).hasToString("100.64.64.0/18");
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.mapSizes()).isEmpty();
        assertThat(settings.self().namespaces()).isEqualTo(GlobalNamespaces.DEFAULT);
    }

    @Test
    void namespacesMayHaveToSayThatTheyTakePart() throws IOException {
        assertThat(read(Map.of("tombolo.default-global-namespace", false))
                        .self()
                        .namespaces())
                .isEqualTo(new GlobalNamespaces(false));
    }

    @Test
    void sizesOfMapsCanBeConfigured() throws IOException {
        assertThat(read(Map.of("tombolo.maps.backends", 1_000, "tombolo.maps.service-slots", "2000"))
                        .mapSizes())
                .isEqualTo(Map.of("svc_backend", 1_000, "svc_slot", 2_000));
        assertThat(MapSizes.setting("svc_backend")).isEqualTo("maps.backends");
    }

    @Test
    void oldWordsForTheReplacementOfKubeProxyAreUnderstood() throws Exception {
        assertThat(read(Map.of()).self().served()).isEqualTo(ServedServices.GLOBAL);
        assertThat(read(Map.of("tombolo.kube-proxy-replacement", true)).self().served())
                .isEqualTo(ServedServices.ALL);
        assertThat(read(Map.of("tombolo.kube-proxy-replacement", "strict"))
                        .self()
                        .served())
                .isEqualTo(ServedServices.ALL);
        assertThat(read(Map.of("tombolo.kube-proxy-replacement", "partial"))
                        .self()
                        .served())
                .isEqualTo(ServedServices.GLOBAL);
    }

    @Test
    void whereWhatIsHandedOnTurnsRoundIsReadInCiliumsWords() throws Exception {
        assertThat(read(Map.of()).acceleration()).isEqualTo(Acceleration.DISABLED);
        for (var acceleration : Acceleration.values()) {
            assertThat(read(Map.of("tombolo.load-balancer-acceleration", acceleration.setting()))
                            .acceleration())
                    .isEqualTo(acceleration);
        }
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnceAndValuesOfUnknownKeysAreNot() {
        Map<String, Object> wrong = Map.of(
                "tombolo.cluster.id", "300",
                "tombolo.tunnel.port", "many",
                "tombolo.tunnel.cidr", "100.64.0.0",
                "tombolo.kvstore.heartbeat", "1s",
                "tombolo.maps.backends", 3,
                "tombolo.default-global-namespace", "no",
                "tombolo.kube-proxy-replacement", "probe",
                "tombolo.load-balancer-acceleration", "xdp",
                "tombolo.tunel.device", "hidden");
        assertThatThrownBy(() -> read(wrong))
                .hasMessageContaining("tombolo.cluster.id: read 300, expected a number within 1–255")
                .hasMessageContaining("tombolo.tunnel.port: read many")
                .hasMessageContaining("tombolo.tunnel.cidr: read 100.64.0.0")
                .hasMessageContaining("tombolo.kvstore.heartbeat: read 1s")
                .hasMessageContaining("tombolo.maps.backends: read 3")
                .hasMessageContaining("tombolo.default-global-namespace: read no, expected true or false")
                .hasMessageContaining("tombolo.kube-proxy-replacement: read probe, expected true or false; strict is")
                .hasMessageContaining(
                        "tombolo.load-balancer-acceleration: read xdp, expected disabled, native, best-effort or")
                .hasMessageContaining("read tombolo.tunel.device, expected perhaps tombolo.tunnel.device")
                .hasMessageNotContaining("hidden");
    }

    private static Settings read(Map<String, Object> more) throws IOException {
        var values = new HashMap<>(LEAST);
        values.putAll(more);
        try (var context = ApplicationContext.builder()
                .banner(false)
                .bootstrapEnvironment(false)
                .properties(values)
                .build()) {
            context.getEnvironment().start();
            return Settings.read(context.getEnvironment(), Map.of("TOMBOLO_CGROUP", "/cgroup"));
        }
    }
}
