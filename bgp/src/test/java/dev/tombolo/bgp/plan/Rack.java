package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.AutoDiscovery;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.DefaultGateway;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Peer;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Reference;
import dev.tombolo.model.bgp.BgpOverrideReading;
import dev.tombolo.model.bgp.BgpOverrideSpec;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import dev.tombolo.model.bgp.BgpPeerConfigSpec;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A node in a rack, and what was declared for it; n1 with eth0 (192.0.2.11, 2001:db8::11) and a default route. */
final class Rack {
    static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    static final SelectorSpec ADVERTISED = new SelectorSpec(Map.of("advertise", "bgp"), List.of());

    private final List<BgpClusterConfigReading> configs = new ArrayList<>();
    private final List<BgpPeerConfigReading> peerConfigs = new ArrayList<>();
    private final Map<String, Optional<Password>> passwords = new HashMap<>();
    private final Map<String, List<IpAddress>> interfaces = new TreeMap<>();
    private final List<NodeNetwork.Route> routes = new ArrayList<>();
    private List<IpAddress> addresses = addresses("192.0.2.11", "2001:db8::11");
    private Optional<BgpOverrideReading> override = Optional.empty();

    Rack() {
        interfaces.put("lo", addresses("127.0.0.1", "::1", "198.51.100.1"));
        interfaces.put("eth0", addresses("192.0.2.11", "fe80::11", "2001:db8::11"));
        route("192.0.2.0/24", null, "eth0", 0);
        route("2001:db8::/64", null, "eth0", 0);
        route("0.0.0.0/0", "192.0.2.1", "eth0", 100);
        route("::/0", "2001:db8::1", "eth0", 100);
    }

    Rack network(String... interfaceAddresses) {
        interfaces.clear();
        routes.clear();
        interfaces.put("eth0", addresses(interfaceAddresses));
        return this;
    }

    Rack device(String name, String... texts) {
        interfaces.put(name, addresses(texts));
        return this;
    }

    Rack nodeAddresses(String... texts) {
        addresses = addresses(texts);
        return this;
    }

    Rack route(String destination, String gateway, String device, int metric) {
        return route(destination, gateway, device, metric, null);
    }

    Rack route(String destination, String gateway, String device, int metric, String source) {
        routes.add(new NodeNetwork.Route(
                Prefix.parse(destination),
                Optional.ofNullable(gateway).map(IpAddress::parse),
                device,
                Optional.ofNullable(source).map(IpAddress::parse),
                metric));
        return this;
    }

    /** One instance "a" of system 64500. */
    Rack config(String name, Peer... peers) {
        return config(name, Map.of(), CREATED, instance("a", 64500L, peers));
    }

    Rack config(String name, Map<String, String> nodes, Instant created, Instance... instances) {
        return config(name, nodes, created, Map.of(), instances);
    }

    Rack config(
            String name,
            Map<String, String> nodes,
            Instant created,
            Map<String, String> annotations,
            Instance... instances) {
        var spec = new BgpClusterConfigSpec(Optional.of(new SelectorSpec(nodes, List.of())), List.of(instances));
        configs.add(BgpClusterConfigReading.of(name, created, spec, annotations));
        return this;
    }

    Rack peerConfig(String name, BgpPeerConfigSpec spec) {
        peerConfigs.add(BgpPeerConfigReading.of(name, spec, Map.of()));
        return this;
    }

    /** Of both families, that tells what is labelled advertise=bgp. */
    Rack advertising(String name) {
        return peerConfig(name, families("ipv4", "ipv6"));
    }

    Rack override(BgpOverrideSpec.Instance... instances) {
        override = Optional.of(BgpOverrideReading.of("n1", new BgpOverrideSpec(List.of(instances)), Map.of()));
        return this;
    }

    Rack password(String secret, String text) {
        passwords.put(secret, Optional.ofNullable(text).map(Password::new));
        return this;
    }

    PeerInput input() {
        return new PeerInput(
                new BgpNode("n1", Map.of("rack", "0"), addresses),
                new NodeNetwork(interfaces, routes),
                configs,
                peerConfigs,
                override,
                passwords);
    }

    PlannedPeers plan() {
        return PeerPlan.plan(input());
    }

    static Instance instance(String name, Long asn, Peer... peers) {
        return new Instance(name, Optional.ofNullable(asn), Optional.empty(), List.of(peers), List.of());
    }

    static Peer at(String name, String address, long asn, String peerConfig) {
        return new Peer(
                name,
                Optional.of(address),
                Optional.of(asn),
                Optional.empty(),
                Optional.ofNullable(peerConfig).map(Reference::new));
    }

    static Peer gateway(String name, String family) {
        var discovery = new AutoDiscovery("DefaultGateway", Optional.of(new DefaultGateway(family)), Optional.empty());
        return new Peer(name, Optional.empty(), Optional.of(64501L), Optional.of(discovery), Optional.empty());
    }

    static BgpPeerConfigSpec families(String... names) {
        var families = new ArrayList<BgpPeerConfigSpec.Family>();
        for (String name : names) {
            families.add(new BgpPeerConfigSpec.Family(name, "unicast", Optional.of(ADVERTISED)));
        }
        return new BgpPeerConfigSpec(null, null, null, null, null, families);
    }

    static List<IpAddress> addresses(String... texts) {
        var addresses = new ArrayList<IpAddress>();
        for (String text : texts) {
            addresses.add(IpAddress.parse(text));
        }
        return List.copyOf(addresses);
    }
}
