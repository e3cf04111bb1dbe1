package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.agent.egress.legs.Sight.Tunnel;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.nft.ForwardPolicy;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.wireguard.DeviceState;
import dev.tombolo.wireguard.PeerState;
import dev.tombolo.wireguard.WireGuardBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what is asked about the node. Confined to one thread. */
public final class LegReader {
    private static final Logger LOG = LoggerFactory.getLogger(LegReader.class);

    /** WireGuard shakes hands anew within this time, while it carries anything. */
    private static final Duration RECENT = Duration.ofSeconds(180);

    private static final Duration FIREWALL_INTERVAL = Duration.ofSeconds(20);

    private final Netlink netlink;
    private final WireGuardBackend backend;
    private final WireGuardKey key;
    private final Path settings;
    private final Clock clock;
    private Map<String, ForwardPolicy> forward = Map.of();
    private Instant forwardRead = Instant.MIN;

    /** @param settings where the kernel shows its network's */
    public LegReader(Netlink netlink, WireGuardBackend backend, WireGuardKey key, Path settings, Clock clock) {
        this.netlink = netlink;
        this.backend = backend;
        this.key = key;
        this.settings = settings;
        this.clock = clock;
    }

    Sight look(Questions questions) throws IOException {
        var links = netlink.links().list();
        var routes = new HashMap<RouteQuestion, Optional<Route>>();
        for (var question : questions.routes()) {
            routes.put(question, netlink.routes().lookup(question.to(), question.by(), links));
        }
        var values = new HashMap<String, Integer>();
        Stream.concat(questions.settings().stream(), Questions.settings(routes))
                .distinct()
                .forEach(name -> setting(name).ifPresent(value -> values.put(name, value)));
        var tunnels = new HashMap<String, Tunnel>();
        for (String device : questions.tunnels()) {
            tunnels.put(device, tunnel(device, links));
        }
        return new Sight(
                links.stream().collect(Collectors.toMap(Link::name, Function.identity(), (first, _) -> first)),
                values,
                routes,
                tunnels,
                forward(questions));
    }

    /** As sysctl reads names: a device's dots are slashes in them. */
    static Path path(Path settings, String name) {
        var path = new StringBuilder();
        name.chars().forEach(c -> path.append((char) (c == '.' ? '/' : c == '/' ? '.' : c)));
        return settings.resolve(path.toString());
    }

    private Optional<Integer> setting(String name) {
        try {
            return Optional.of(
                    Integer.parseInt(Files.readString(path(settings, name)).strip()));
        } catch (IOException | NumberFormatException unreadable) {
            LOG.debug("{} cannot be read: {}", name, unreadable.getMessage());
            return Optional.empty();
        }
    }

    private Tunnel tunnel(String device, List<Link> links) throws IOException {
        Optional<DeviceState> state;
        try {
            state = backend.device(device).read();
        } catch (IOException silent) {
            LOG.debug("{} does not answer: {}", device, silent.getMessage());
            return Tunnel.NOBODY;
        }
        if (state.flatMap(DeviceState::publicKey).filter(key::equals).isEmpty()) {
            return Tunnel.NOBODY;
        }
        var peers = state.get().peers().values();
        var last = peers.stream().flatMap(peer -> peer.lastHandshake().stream()).max(Comparator.naturalOrder());
        var end = peers.stream()
                .map(PeerState::peer)
                .flatMap(peer -> peer.endpoint().stream())
                .findFirst();
        return new Tunnel(
                true,
                last.map(when -> when.truncatedTo(ChronoUnit.SECONDS).toString()),
                last.filter(when -> when.plus(RECENT).isAfter(clock.instant())).isPresent(),
                end.isEmpty()
                        ? Optional.empty()
                        : under(end.map(SocketEndpoint::address).get(), links));
    }

    private Optional<String> under(IpAddress end, List<Link> links) throws IOException {
        return netlink.routes()
                .lookup(end, Optional.empty(), links)
                .map(Route::hop)
                .flatMap(hop -> hop.devices().findFirst());
    }

    /** Asked now and then only, or about another device: it takes processes. */
    private Map<String, ForwardPolicy> forward(Questions questions) {
        Instant now = clock.instant();
        if (!forward.keySet().equals(questions.forwarded())
                || forwardRead.plus(FIREWALL_INTERVAL).isBefore(now)) {
            forwardRead = now;
            forward = questions.forwarded().stream()
                    .collect(Collectors.toMap(
                            Function.identity(), device -> ForwardPolicy.check(HostCommand.here(), device)));
        }
        return forward;
    }
}
