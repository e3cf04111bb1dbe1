package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressRows.RuleKey;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Pods of this node that policies select, by the devices that they send by. */
final class OwnPods {
    private final Map<Senders, Set<String>> devices = new HashMap<>();

    /** Those of a set that have an address of a family. */
    private record Senders(SetId set, boolean v4) {
        static Senders of(RuleKey key) {
            return new Senders(key.set(), key.destination().isV4());
        }
    }

    private OwnPods() {}

    static OwnPods of(NodeId self, EgressProgram program, NodeNetwork network) {
        var own = new OwnPods();
        Stream<IpAddress> addresses = program.podsOn(self).flatMap(pod -> pod.addresses().stream());
        addresses.filter(program.rows().sources()::containsKey).forEach(address -> {
            var senders = new Senders(program.rows().sources().get(address), address.isV4());
            // One without a device yet has its packets cross the stack all the same.
            var by = own.devices.computeIfAbsent(senders, _ -> new HashSet<>());
            network.deviceOf(address).ifPresent(by::add);
        });
        return own;
    }

    /** Whether any sends to the destination of a rule, and by it. */
    boolean sendBy(RuleKey key) {
        return devices.containsKey(Senders.of(key));
    }

    Set<String> devices(RuleKey key) {
        return devices.getOrDefault(Senders.of(key), Set.of());
    }
}
