package dev.tombolo.bgp.plan;

import dev.tombolo.bgp.plan.BgpService.Backends;
import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.bgp.BgpAdvertisementReading;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Attributes;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Communities;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Device;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Service;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What there is to be told by node n1 of cluster west, and what was asked to be told. */
final class Street {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final PlannedPeers peers;
    final List<BgpAdvertisement> advertisements = new ArrayList<>();
    final List<BgpService> services = new ArrayList<>();
    private final List<EgressOffer> egress = new ArrayList<>();
    private final List<Prefix> pods = new ArrayList<>();
    private final Map<String, List<IpAddress>> interfaces = new HashMap<>();
    private final Set<ClusterName> unreachable = new HashSet<>();
    private Optional<BgpDrain> drain = Optional.empty();
    private Instant now = NOW;

    Street(PlannedPeers peers) {
        this.peers = peers;
    }

    /** A router of another system, and one of the same. */
    static Street between(Rack rack) {
        return new Street(
                rack.config("rack0", Rack.at("tor", "192.0.2.1", 64501, "p"), Rack.at("rr", "192.0.2.2", 64500, "p"))
                        .advertising("p")
                        .plan());
    }

    static Street street() {
        return between(new Rack());
    }

    Street advertise(String name, Map<String, String> annotations, Entry... entries) {
        var reading = BgpAdvertisementReading.of(
                name, Map.of("advertise", "bgp"), new BgpAdvertisementSpec(List.of(entries)), annotations);
        advertisements.add(reading.advertisement().orElseThrow());
        return this;
    }

    Street advertise(String name, Entry... entries) {
        return advertise(name, Map.of(), entries);
    }

    Street service(ServiceBuilder service) {
        services.add(service.build());
        return this;
    }

    Street egress(String address, String pool, Map<String, String> labels) {
        egress.add(new EgressOffer(IpAddress.parse(address), Optional.ofNullable(pool), labels, OptionalLong.empty()));
        return this;
    }

    /** One that moves. */
    Street egress(String address, long epoch) {
        egress.add(new EgressOffer(IpAddress.parse(address), Optional.of("blue"), Map.of(), OptionalLong.of(epoch)));
        return this;
    }

    Street pods(String... ranges) {
        for (String range : ranges) {
            pods.add(Prefix.parse(range));
        }
        return this;
    }

    Street device(String name, String... addresses) {
        interfaces.put(name, Rack.addresses(addresses));
        return this;
    }

    Street unreachable(String cluster) {
        unreachable.add(new ClusterName(cluster));
        return this;
    }

    Street draining(String text) {
        drain = Optional.of(BgpDrain.parse(text));
        return this;
    }

    Street at(Instant moment) {
        now = moment;
        return this;
    }

    RouteInput input() {
        return new RouteInput(
                peers,
                advertisements,
                new RouteInput.Node(pods, interfaces),
                new RouteInput.Mesh(new ClusterName("west"), unreachable),
                services,
                egress,
                new RouteInput.Drain(drain, now));
    }

    PlannedRoutes plan() {
        return RoutePlan.plan(input());
    }

    static Entry entry(String type, SelectorSpec selector) {
        return new Entry(type, Optional.empty(), Optional.empty(), Optional.ofNullable(selector), Optional.empty());
    }

    static Entry device(String name) {
        return new Entry(
                "Interface", Optional.empty(), Optional.of(new Device(name)), Optional.empty(), Optional.empty());
    }

    static Entry services(String type, SelectorSpec selector, String... addresses) {
        return new Entry(
                type,
                Optional.of(new Service(List.of(addresses), Optional.empty(), Optional.empty())),
                Optional.empty(),
                Optional.ofNullable(selector),
                Optional.empty());
    }

    static Entry aggregated(int v4, int v6, String... addresses) {
        return new Entry(
                "Service",
                Optional.of(new Service(List.of(addresses), Optional.of(v4), Optional.of(v6))),
                Optional.empty(),
                Optional.of(all()),
                Optional.empty());
    }

    static Entry marked(Entry entry, Long preference, String... communities) {
        var marks = new Communities(List.of(communities), List.of(), List.of());
        return new Entry(
                entry.advertisementType(),
                entry.service(),
                entry.device(),
                entry.selector(),
                Optional.of(new Attributes(Optional.of(marks), Optional.ofNullable(preference))));
    }

    static SelectorSpec all() {
        return new SelectorSpec(Map.of(), List.of());
    }

    static SelectorSpec labelled(String key, String value) {
        return new SelectorSpec(Map.of(key, value), List.of());
    }

    static ServiceBuilder named(String name) {
        return new ServiceBuilder(name);
    }

    /** A service with a backend on this node unless something else is said. */
    static final class ServiceBuilder {
        private final String name;
        private final Map<ServiceAddress, List<IpAddress>> addresses = new EnumMap<>(ServiceAddress.class);
        private Map<String, String> labels = Map.of();
        private Optional<String> loadBalancerClass = Optional.empty();
        private boolean externalLocal;
        private boolean internalLocal;
        private boolean global;
        private boolean proxied = true;
        private Backends backends = new Backends(1, 1, Map.of());
        private final Set<IpAddress> pending = new HashSet<>();

        private ServiceBuilder(String name) {
            this.name = name;
        }

        ServiceBuilder loadBalancer(String... texts) {
            addresses.put(ServiceAddress.LoadBalancerIP, Rack.addresses(texts));
            return this;
        }

        ServiceBuilder cluster(String... texts) {
            addresses.put(ServiceAddress.ClusterIP, Rack.addresses(texts));
            return this;
        }

        ServiceBuilder external(String... texts) {
            addresses.put(ServiceAddress.ExternalIP, Rack.addresses(texts));
            return this;
        }

        ServiceBuilder labelled(Map<String, String> some) {
            labels = some;
            return this;
        }

        ServiceBuilder ofClass(String text) {
            loadBalancerClass = Optional.of(text);
            return this;
        }

        ServiceBuilder externalLocal() {
            externalLocal = true;
            return this;
        }

        ServiceBuilder internalLocal() {
            internalLocal = true;
            return this;
        }

        ServiceBuilder pending(String address) {
            pending.add(IpAddress.parse(address));
            return this;
        }

        ServiceBuilder global() {
            global = true;
            return this;
        }

        ServiceBuilder withoutKubeProxy() {
            proxied = false;
            return this;
        }

        ServiceBuilder backends(int onNode, int inCluster) {
            backends = new Backends(onNode, inCluster, backends.remote());
            return this;
        }

        ServiceBuilder remote(String cluster, int count) {
            var remote = new HashMap<>(backends.remote());
            remote.put(new ClusterName(cluster), count);
            backends = new Backends(backends.onNode(), backends.inCluster(), remote);
            return this;
        }

        BgpService build() {
            return new BgpService(
                    new ServiceName("shop", name),
                    labels,
                    loadBalancerClass,
                    addresses,
                    externalLocal,
                    internalLocal,
                    global,
                    proxied,
                    backends,
                    pending);
        }
    }
}
