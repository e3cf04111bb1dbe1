package dev.tombolo.agent.egress.legs;

import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node is to do for egress policies, as far as a leg of it can be broken.
 *
 * @param exits by which it lets pods out
 * @param ways by which its own pods reach their gateways
 * @param crossings of its stack, by what its own pods send to either
 * @param gatewayDevice by which pods of other nodes come; empty where none do
 * @param held all addresses of egress on its devices
 * @param works what the agent itself has to have done
 */
public record Duty(
        List<Exit> exits,
        List<Way> ways,
        Crossings crossings,
        Optional<GatewayDevice> gatewayDevice,
        List<NodeLegs.Held> held,
        List<Work> works) {
    public Duty {
        exits = List.copyOf(exits);
        ways = List.copyOf(ways);
        held = List.copyOf(held);
        works = List.copyOf(works);
    }

    /**
     * An address that pods leave under here.
     *
     * @param wanted what policies ask for: an address, a device, that of the default route
     * @param on where the node has it; empty where it has not
     * @param owner of one that floats
     * @param ownPods whether pods of this very node leave here, whose answers are let into the stack
     */
    public record Exit(
            String wanted,
            boolean v4,
            Optional<Place> on,
            Optional<Owner> owner,
            Set<String> policies,
            Set<Prefix> destinations,
            boolean ownPods) {
        public Exit {
            policies = Set.copyOf(policies);
            destinations = Set.copyOf(destinations);
        }
    }

    /** Where an address is. */
    public record Place(IpAddress address, String device) {}

    /**
     * Who owns an address that floats, as etcd has it.
     *
     * @param node empty where nobody does
     * @param isSelf whether that is this node
     * @param known whether etcd can be asked now
     */
    public record Owner(String node, boolean isSelf, boolean known) {}

    /**
     * To a gateway.
     *
     * @param device that leads there
     * @param answers whether the gateway does, by that device; empty before its first answer
     * @param size the largest packet that arrives, where that is less than the device takes
     */
    public record Way(
            String gateway, String device, Optional<Boolean> answers, Optional<Integer> size, Set<String> policies) {
        public Way {
            policies = Set.copyOf(policies);
        }
    }

    /** The device by which pods of other nodes come. */
    public record GatewayDevice(String name, Set<String> policies) {
        public GatewayDevice {
            policies = Set.copyOf(policies);
        }
    }

    /**
     * Something that is done or not.
     *
     * @param failure why not
     * @param cause what that means
     */
    public record Work(String leg, String of, String done, Optional<String> failure, String cause, String fix) {}
}
