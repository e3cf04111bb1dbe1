package dev.tombolo.kube.object;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a node's agent finds when it looks at each leg that packets of egress policies take on its node, and at what sessions
 * with routers need.
 *
 * @param addresses the egress addresses on its devices, whoever is to have them
 */
public record NodeLegs(List<Leg> checked, List<Held> addresses) {
    public static final NodeLegs NONE = new NodeLegs(List.of(), List.of());

    /** What legs to routers begin with. */
    public static final String BGP = "bgp ";

    public NodeLegs {
        checked = Text.orEmpty(checked);
        addresses = Text.orEmpty(addresses);
    }

    public NodeLegs with(List<Leg> more) {
        return new NodeLegs(Stream.concat(checked.stream(), more.stream()).toList(), addresses);
    }

    /** Whether a leg carries what it should. */
    public enum State {
        Holds,
        Broken,
        /** It could not be looked at, or what was seen does not say. */
        Unknown
    }

    /**
     * One leg.
     *
     * @param leg its kind: gateway, carrier, address, owner, device, route, reverse path, forwarding, forward policy, mtu,
     *     programs, maps, pod start; with {@link #BGP} before it channel, configuration, secret, peer, tcp, asn, families,
     *     hold time, router id, password, session, routes
     * @param of what it is a leg of: an address, a device, a gateway
     * @param policies that need it; none for one that all of them do
     * @param read what was seen
     * @param expected what should have been; empty where it holds
     */
    public record Leg(
            String leg,
            String of,
            List<String> policies,
            State state,
            String read,
            String expected,
            String cause,
            String fix) {
        public Leg {
            leg = Text.orEmpty(leg);
            of = Text.orEmpty(of);
            policies = Text.orEmpty(policies);
            state = state == null ? State.Unknown : state;
            read = Text.orEmpty(read);
            expected = Text.orEmpty(expected);
            cause = Text.orEmpty(cause);
            fix = Text.orEmpty(fix);
        }

        /** Whether a policy needs it. */
        public boolean isOf(String policy) {
            return !leg.startsWith(BGP) && (policies.isEmpty() || policies.contains(policy));
        }
    }

    /** An address of egress on a device of the node. */
    public record Held(String address, String device) {
        public Held {
            address = Text.orEmpty(address);
            device = Text.orEmpty(device);
        }
    }
}
