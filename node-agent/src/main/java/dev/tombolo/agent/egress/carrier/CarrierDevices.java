package dev.tombolo.agent.egress.carrier;

import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.Rule;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.wireguard.DeviceState;
import dev.tombolo.wireguard.KernelWireGuard;
import dev.tombolo.wireguard.PrivateKey;
import dev.tombolo.wireguard.WireGuardBackend;
import dev.tombolo.wireguard.WireGuardDevice;
import dev.tombolo.wireguard.WireGuardPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The carriers that are there. The kernel makes them at once; in user space the node's pod of tombolo-wireguard does for
 * each file {@code DEVICE.wanted} beside the sockets.
 */
public final class CarrierDevices implements Target<String, Carrier> {
    private static final Logger LOG = LoggerFactory.getLogger(CarrierDevices.class);

    /** Where the routes to the addresses are by which gateways are asked. */
    public static final int TABLE = 7_101;

    /** Ends the name of the file that asks for a device in user space. */
    public static final String WANTED = ".wanted";

    private static final Rule PROBES = Rule.to(ProbeAddress.RANGE, TABLE, TABLE);

    private final Netlink netlink;
    private final WireGuardBackend backend;
    private final PrivateKey key;

    public CarrierDevices(Netlink netlink, WireGuardBackend backend, PrivateKey key) {
        this.netlink = netlink;
        this.backend = backend;
        this.key = key;
    }

    @Override
    public Map<String, Carrier> observe() throws IOException {
        var links = netlink.links().list().stream()
                .filter(link -> Carrier.isName(link.name()))
                .toList();
        if (!links.isEmpty()) {
            ensureRule();
        }
        var sources = sources(netlink.routes().list(TABLE));
        var carriers = new HashMap<String, Carrier>();
        for (Link link : links) {
            carriers.put(link.name(), observed(link, Optional.ofNullable(sources.get(link.name()))));
        }
        return carriers;
    }

    private static Map<String, IpAddress> sources(List<Route> routes) {
        var sources = new HashMap<String, IpAddress>();
        for (Route route : routes) {
            if (route.hop() instanceof Hop.Device(var device)
                    && route.destination().isHost()) {
                route.source().ifPresent(source -> sources.put(device, source));
            }
        }
        return sources;
    }

    /** One that is down or lacks our key is no carrier yet; it shows, so that it is put again or removed. */
    private Carrier observed(Link link, Optional<IpAddress> source) {
        var state = state(link).filter(found -> link.isUp() && found.publicKey().equals(Optional.of(key.publicKey())));
        boolean gateway = link.name().equals(Carrier.GATEWAY_DEVICE);
        var peers = new HashMap<WireGuardKey, WireGuardPeer>();
        state.map(DeviceState::peers)
                .orElse(Map.of())
                .forEach((name, peer) -> peers.put(name, gateway ? anywhere(peer.peer()) : peer.peer()));
        int port = gateway ? state.map(DeviceState::port).orElse(0) : 0;
        return new Carrier(port, link.mtu(), peers, source);
    }

    /** One that does not answer must not hide the others. */
    private Optional<DeviceState> state(Link link) {
        try {
            return backend.device(link.name()).read();
        } catch (IOException silent) {
            LOG.debug("{} does not answer: {}", link.name(), silent.getMessage());
            return Optional.empty();
        }
    }

    /** A gateway learns where its callers are. */
    private static WireGuardPeer anywhere(WireGuardPeer peer) {
        return new WireGuardPeer(peer.publicKey(), Optional.empty(), peer.allowedIps(), peer.keepalive());
    }

    @Override
    public void put(String name, Carrier carrier) throws IOException {
        var device = backend.device(name);
        var state = made(device);
        device.configure(key, carrier.port() == 0 ? state.port() : carrier.port());
        for (var peer : carrier.peers().values()) {
            device.put(peer);
        }
        var gone = new HashSet<>(state.peers().keySet());
        gone.removeAll(carrier.peers().keySet());
        for (var peer : gone) {
            device.remove(peer);
        }
        netlink.links().setMtu(name, carrier.mtu());
        netlink.links().setUp(name);
        if (!name.equals(Carrier.GATEWAY_DEVICE)) {
            ensureRule();
            routeProbe(name, carrier);
        }
    }

    private DeviceState made(WireGuardDevice device) throws IOException {
        var state = device.read();
        if (state.isEmpty()) {
            if (device instanceof KernelWireGuard kernel) {
                kernel.create();
            } else {
                ask(device.name());
            }
            state = device.read();
        }
        return state.orElseThrow(() -> new IOException("device " + device.name()
                + " has no WireGuard behind it yet: this node's pod of tombolo-wireguard makes it"));
    }

    private void ask(String name) throws IOException {
        var wanted = wanted(name);
        if (wanted.isPresent() && !Files.exists(wanted.get())) {
            Files.createFile(wanted.get());
        }
    }

    private Optional<Path> wanted(String name) {
        return backend instanceof WireGuardBackend.Userspace(var sockets, var _)
                ? Optional.of(sockets.resolve(name + WANTED))
                : Optional.empty();
    }

    private void ensureRule() throws IOException {
        if (!netlink.rules().list().contains(PROBES)) {
            netlink.rules().add(PROBES);
        }
    }

    /** A tunnel that is not there yet must not keep packets of pods from their gateway; the next pass puts it again. */
    private void routeProbe(String name, Carrier carrier) throws IOException {
        var probe = Prefix.host(ProbeAddress.of(Carrier.gatewayNumber(name)));
        var route = Route.device(probe, name, TABLE);
        if (carrier.source().isEmpty()) {
            for (Route old : netlink.routes().list(TABLE)) {
                if (old.destination().equals(probe)) {
                    netlink.routes().delete(old);
                }
            }
            return;
        }
        try {
            netlink.routes().replace(route.withSource(carrier.source().get()));
        } catch (IOException noSource) {
            LOG.debug("{} cannot be asked yet: {}", name, noSource.getMessage());
        }
    }

    @Override
    public void remove(String name) throws IOException {
        var wanted = wanted(name);
        if (wanted.isPresent()) {
            Files.deleteIfExists(wanted.get());
        }
        netlink.links().delete(name);
    }
}
