package dev.tombolo.cli.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressProblemPlanTest {
    @Test
    void poolsAndServicesThatAreWellAreNoProblem() {
        assertThat(AddressProblemPlan.of(
                        List.of(pool("cilium.io/PoolConflict", "False", "")),
                        List.of(service("web", "True", "satisfied", ""))))
                .isEmpty();
    }

    @Test
    void whatIsWrongWithAPoolIsSaidWithWhatToDo() {
        assertThat(AddressProblemPlan.of(
                        List.of(pool("cilium.io/PoolConflict", "True", "range overlaps"), pool("other", "True", "")),
                        List.of()))
                .containsExactly(new Problem(
                        "pool of addresses blue: range overlaps",
                        "correct the pool: kubectl describe ciliumloadbalancerippool blue"));
        assertThat(AddressProblemPlan.of(List.of(pool("tombolo.dev/Invalid", "True", "nonsense")), List.of()))
                .extracting(Problem::what)
                .containsExactly("pool of addresses blue: nonsense");
    }

    @Test
    void servicesThatWaitForTheSameReasonAreOneProblem() {
        var services = List.of(
                service("a", "False", "out_of_ips", "full"),
                service("b", "False", "out_of_ips", "full"),
                service("c", "False", "already_allocated", "192.0.2.1 is allocated to another service"));
        assertThat(AddressProblemPlan.of(List.of(), services))
                .containsExactly(
                        new Problem(
                                "service shop/c has no address that it asks for: already_allocated,"
                                        + " 192.0.2.1 is allocated to another service",
                                "change what it asks for: kubectl -n shop describe service c;"
                                        + " condition cilium.io/IPAMRequestSatisfied"),
                        new Problem(
                                "service shop/a and 1 more has no address that it asks for: out_of_ips, full",
                                "add a block to a pool, or delete services that have an address: kubectl get ippools"));
    }

    private static AddressPoolObject pool(String type, String status, String message) {
        var condition = ObservedCondition.of(type, status, 1, "reason", message);
        return new AddressPoolObject(
                "blue", "u", 1, Optional.empty(), null, null, new AddressPoolObject.Status(List.of(condition)));
    }

    private static KubeService service(String name, String status, String reason, String message) {
        return new KubeService(
                        new ObjectKey("shop", name),
                        "u",
                        Map.of(),
                        Map.of(),
                        KubeService.Type.LOAD_BALANCER,
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        false,
                        false,
                        0,
                        LoadBalancing.NONE)
                .with(
                        List.of(),
                        Optional.of(ObservedCondition.of(LoadBalancing.CONDITION, status, 1, reason, message)));
    }
}
