package dev.tombolo.cli.egress;

import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Who owns floating addresses, as far as the status of policies says so: not since when, nor for which entry of several. */
final class StatedOwnersPlan {
    private StatedOwnersPlan() {}

    static Map<IpAddress, EgressOwner> owners(ClusterName self, Collection<EgressPolicyObject> policies) {
        var owners = new HashMap<IpAddress, EgressOwner>();
        for (var policy : policies) {
            boolean single = policy.status().gateways().stream()
                            .filter(gateway -> gateway.share() > 0)
                            .count()
                    == 1;
            for (var gateway : policy.status().gateways()) {
                IpAddress.tryParse(gateway.egressIP())
                        .filter(_ -> !gateway.owner().isEmpty())
                        .ifPresent(address -> owners.put(
                                address,
                                new EgressOwner(
                                        new NodeId(self, gateway.owner()),
                                        0,
                                        single ? policy.name() + "#0" : "",
                                        Instant.EPOCH)));
            }
        }
        return owners;
    }
}
