package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.status.Problems;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ClusterWeights;
import dev.tombolo.model.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnerPlanTest {
    private static final Frontend PLACE =
            new Frontend(new SocketEndpoint(IpAddress.parse("198.51.100.7"), 80), Protocol.TCP);
    private static final ServedService OLD = service("old", 1, Reach.OUTSIDE);
    private static final ServedService A_YOUNG = service("a-young", 2, Reach.OUTSIDE);
    private static final ServedService A_TWIN = service("a-twin", 1, Reach.OUTSIDE);
    private static final ServedService OF_CLUSTER = service("of-cluster", 3, Reach.CLUSTER);

    @Test
    void theOldestOwnsAnAddressAndOfTwinsTheFirstByName() {
        assertThat(OwnerPlan.owner(Stream.of(A_YOUNG, OLD), PLACE)).contains(OLD);
        assertThat(OwnerPlan.owner(Stream.of(OLD, A_YOUNG), PLACE)).contains(OLD);
        assertThat(OwnerPlan.owner(Stream.of(OLD, A_TWIN), PLACE)).contains(A_TWIN);
    }

    @Test
    void whoHasItInTheClusterOwnsItHoweverYoung() {
        assertThat(OwnerPlan.owner(Stream.of(OLD, OF_CLUSTER), PLACE)).contains(OF_CLUSTER);
    }

    @Test
    void whoIsNotReachedIsTold() {
        assertThat(OwnerPlan.contests(List.of(OLD))).isEmpty();
        var contests = OwnerPlan.contests(List.of(A_YOUNG, OLD));
        assertThat(contests).containsExactly(new OwnerPlan.Contest(A_YOUNG, PLACE, OLD));
        assertThat(Problems.ofContests(contests))
                .singleElement()
                .asString()
                .contains("service shop/a-young")
                .contains("198.51.100.7:80/TCP, which service shop/old has");
    }

    private static ServedService service(String name, int second, Reach reach) {
        var set = new BackendSet(List.of(), List.of(), List.of(), Clients.of(reach), ClusterWeights.NONE);
        var ports = Map.of(PLACE, set, PLACE.in(ServiceScope.INSIDE), set);
        var created = Optional.of(Instant.ofEpochSecond(second));
        return new ServedService(new ServiceName("shop", name), created, true, Affinity.NONE, true, ports, 0);
    }
}
