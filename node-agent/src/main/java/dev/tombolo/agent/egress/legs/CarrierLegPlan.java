package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Way;
import dev.tombolo.agent.egress.legs.Sight.Tunnel;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.netlink.Link;
import java.util.Optional;
import java.util.Set;

/** A gateway answers by the very device that packets of pods take: what goes there also comes back. */
final class CarrierLegPlan {
    private static final String SEE_WIREGUARD =
            "see that this node's pod of tombolo-wireguard runs: kubectl -n tombolo-system get pods -o wide";

    private CarrierLegPlan() {}

    static Leg gateway(Way way, Sight sight) {
        var note = new LegNote("gateway", way.gateway(), way.policies());
        var fault = fault(way.device(), sight);
        String expected = "an answer of the gateway's data path by " + way.device();
        if (fault.isPresent()) {
            return note.broken(fault.get(), expected, "nothing carries packets to the gateway", SEE_WIREGUARD);
        }
        if (way.answers().equals(Optional.of(true))) {
            return note.holds("answers by " + way.device());
        }
        var tunnel = sight.tunnels().getOrDefault(way.device(), Tunnel.NOBODY);
        String read = "no answer by " + way.device() + ", " + handshake(tunnel);
        return way.answers().isPresent()
                ? note.broken(read, expected, cause(tunnel), fix(way, tunnel))
                : note.unknown(
                        read + ", since the agent started",
                        expected,
                        cause(tunnel)
                                + "; or it was not asked: a node asks from its tunnel address, which the mesh gives it",
                        fix(way, tunnel) + "; without a mesh: tombolo clustermesh enable");
    }

    private static Optional<String> fault(String device, Sight sight) {
        var link = sight.link(device);
        if (link.isEmpty()) {
            return Optional.of("there is no device " + device);
        }
        if (!link.filter(Link::isUp).isPresent()) {
            return Optional.of(device + " is down");
        }
        return sight.tunnels().getOrDefault(device, Tunnel.NOBODY).isBehind()
                ? Optional.empty()
                : Optional.of("no WireGuard is behind " + device);
    }

    private static String handshake(Tunnel tunnel) {
        if (tunnel.isRecent()) {
            return "though its WireGuard shook hands lately";
        }
        return tunnel.lastHandshake()
                .map(when -> "last handshake at " + when)
                .orElse("and there never was a handshake");
    }

    private static String cause(Tunnel tunnel) {
        if (tunnel.isRecent()) {
            return "the tunnel works, or did until now: the gateway's programs are not attached, its WireGuard stopped, "
                    + "or the way between the nodes broke just now";
        }
        return "the gateway is down, its WireGuard has stopped, or UDP between the nodes is dropped";
    }

    private static String fix(Way way, Tunnel tunnel) {
        return tunnel.isRecent()
                ? "see the legs of " + way.gateway() + " here, and its pods of tombolo-agent and tombolo-wireguard"
                : "see that " + way.gateway() + " runs with its pod of tombolo-wireguard, and that UDP ports of Tombolo"
                        + " are open between the nodes";
    }

    /** At the gateway, the end of all those tunnels. */
    static Leg device(String device, Set<String> policies, Sight sight) {
        var note = new LegNote("carrier", device, policies);
        return fault(device, sight)
                .map(fault -> note.broken(
                        fault,
                        device + " up, with a WireGuard behind it",
                        "pods of other nodes cannot be carried here",
                        SEE_WIREGUARD))
                .orElseGet(() -> note.holds("up, with a WireGuard behind it"));
    }
}
