package dev.tombolo.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutedPlanTest {
    private static final PeerDeclaration WEST = peer("west", 2);
    private static final PeerDeclaration EAST = peer("east", 3);
    private static final ServiceEntry TO_WEST = new ServiceEntry(
            List.of(new ServiceBackend(IpAddress.parse("10.2.1.5"), 8080, 2, BackendState.ACTIVE)), true);

    @Test
    void aPeerThatIsDeclaredNoMoreKeepsItsPathWhileServicesLeadToIt() {
        var routed = RoutedPlan.peers(Map.of(EAST.name(), EAST), both(), Set.of(), List.of(TO_WEST));
        assertThat(routed).isEqualTo(both());
    }

    @Test
    void itsPathGoesWithTheLastOfItsBackends() {
        var routed = RoutedPlan.peers(
                Map.of(EAST.name(), EAST), both(), Set.of(), List.of(new ServiceEntry(List.of(), true)));
        assertThat(routed).isEqualTo(Map.of(EAST.name(), EAST));
    }

    @Test
    void aPeerThatLeftAMomentAgoKeepsItsPathForRequestsUnderWay() {
        var routed = RoutedPlan.peers(Map.of(EAST.name(), EAST), both(), Set.of(WEST.name()), List.of());
        assertThat(routed).isEqualTo(both());
    }

    @Test
    void aPeerThatIsDeclaredAgainIsWhatItIsDeclaredToBeNow() {
        var again = peer("west", 4);
        assertThat(RoutedPlan.peers(Map.of(again.name(), again), both(), Set.of(), List.of(TO_WEST)))
                .isEqualTo(Map.of(again.name(), again));
    }

    private static Map<ClusterName, PeerDeclaration> both() {
        return Map.of(WEST.name(), WEST, EAST.name(), EAST);
    }

    private static PeerDeclaration peer(String name, int id) {
        return new PeerDeclaration(
                new ClusterName(name),
                new ClusterId(id),
                MeshNumbering.of(255),
                List.of(),
                List.of(),
                List.of(),
                PeerQuotas.DEFAULT);
    }
}
