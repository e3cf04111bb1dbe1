package dev.tombolo.apiserver.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServicePlanTest {
    private static final Optional<KubeNamespace> SHOP = Optional.of(new KubeNamespace("shop", Map.of(), Map.of()));

    private static Optional<MeshService> plan(
            Optional<KubeNamespace> namespace, boolean byDefault, Endpoint... endpoints) {
        return ServicePlan.service(
                Rows.service("web", "none"),
                namespace,
                List.of(Rows.slice("web", endpoints)),
                Rows.CLUSTER1,
                new GlobalNamespaces(byDefault));
    }

    private static Set<String> backends(Endpoint... endpoints) {
        return plan(SHOP, true, endpoints).orElseThrow().backends().keySet().stream()
                .map(IpAddress::toString)
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void offersReadyBackendsAndNoDrainingOneBesideThem() {
        assertThat(backends(
                        Rows.endpoint("10.1.1.1", true, true, false),
                        Rows.endpoint("10.1.1.2", false, true, true),
                        Rows.endpoint("10.1.1.3", false, false, false)))
                .containsExactly("10.1.1.1");
    }

    @Test
    void offersDrainingBackendsOnlyWhenNothingElseServes() {
        assertThat(backends(
                        Rows.endpoint("10.1.1.2", false, true, true), Rows.endpoint("10.1.1.3", false, false, true)))
                .containsExactly("10.1.1.2");
    }

    @Test
    void followsTheNamespacesOwnWordBeforeTheDefault() {
        var no = Optional.of(new KubeNamespace("shop", Map.of(), Map.of(GlobalNamespaces.ANNOTATION, "false")));
        var yes = Optional.of(new KubeNamespace("shop", Map.of(), Map.of(GlobalNamespaces.ANNOTATION, "true")));
        assertThat(plan(no, true)).isEmpty();
        assertThat(plan(yes, false)).isPresent();
        assertThat(plan(SHOP, false)).isEmpty();
        assertThat(plan(Optional.empty(), true)).isEmpty();
    }

    @Test
    void oneServicesBadAnnotationTakesNothingAway() {
        assertThat(ServicePlan.service(
                        Rows.service("web", "nonsense"), SHOP, List.of(), Rows.CLUSTER1, GlobalNamespaces.DEFAULT))
                .isPresent();
    }
}
