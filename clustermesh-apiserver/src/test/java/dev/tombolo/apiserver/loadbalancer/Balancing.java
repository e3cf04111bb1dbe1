package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.loadbalancer.AddressPoolSpec;
import dev.tombolo.model.loadbalancer.AddressPoolSpec.Block;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Short ways to write services and pools of addresses in tests. */
final class Balancing {
    static final String SHARING_KEY = "lbipam.cilium.io/sharing-key";
    static final String SHARING_NAMESPACES = "lbipam.cilium.io/sharing-cross-namespace";
    static final String IPS = "lbipam.cilium.io/ips";

    private Balancing() {}

    /** @param blocks each a CIDR, {@code start-stop} or one address */
    static AddressPoolObject pool(String name, long age, String... blocks) {
        return pool(name, age, Map.of(), false, "Yes", blocks);
    }

    static AddressPoolObject pool(
            String name, long age, Map<String, String> labels, boolean disabled, String ends, String... blocks) {
        var spec = new AddressPoolSpec(
                Arrays.stream(blocks).map(Balancing::block).toList(),
                Optional.of(labels).filter(some -> !some.isEmpty()).map(some -> new SelectorSpec(some, List.of())),
                Optional.of(ends),
                disabled);
        return new AddressPoolObject(name, "uid-" + name, 1, Optional.of(Instant.ofEpochSecond(age)), spec, null, null);
    }

    private static Block block(String text) {
        if (text.contains("/")) {
            return new Block(Optional.of(text), Optional.empty(), Optional.empty());
        }
        String[] ends = text.split("-");
        return new Block(
                Optional.empty(), Optional.of(ends[0]), ends.length > 1 ? Optional.of(ends[1]) : Optional.empty());
    }

    static ServiceBuilder service(String name) {
        return new ServiceBuilder(name);
    }

    static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(IpAddress::parse).toList();
    }

    /** One service of namespace {@code shop}, of type LoadBalancer, with port 80 and IPv4, that nothing was given yet. */
    static final class ServiceBuilder {
        private final String name;
        private final Map<String, String> annotations = new HashMap<>();
        private Map<String, String> labels = Map.of();
        private String namespace = "shop";
        private KubeService.Type type = KubeService.Type.LOAD_BALANCER;
        private List<IpAddress> held = List.of();
        private List<KubeService.Port> ports = List.of(port(Protocol.TCP, 80));
        private Map<String, String> selector = Map.of("app", "web");
        private long created;
        private Optional<String> loadBalancerClass = Optional.empty();
        private Optional<String> loadBalancerIp = Optional.empty();
        private boolean v4 = true;
        private boolean v6;
        private boolean local;
        private boolean hostname;
        private Optional<ObservedCondition> condition = Optional.empty();

        private ServiceBuilder(String name) {
            this.name = name;
        }

        ServiceBuilder in(String namespace) {
            this.namespace = namespace;
            return this;
        }

        ServiceBuilder created(long second) {
            this.created = second;
            return this;
        }

        ServiceBuilder labels(String key, String value) {
            this.labels = Map.of(key, value);
            return this;
        }

        ServiceBuilder type(KubeService.Type type) {
            this.type = type;
            return this;
        }

        /** With the condition that says who gave it. */
        ServiceBuilder holds(String... addresses) {
            this.condition = Optional.of(ObservedCondition.of(LoadBalancing.CONDITION, "True", 0, "satisfied", "")
                    .after(List.of(), Instant.EPOCH));
            return has(addresses);
        }

        /** Of somebody who does not say so. */
        ServiceBuilder has(String... addresses) {
            this.held = addresses(addresses);
            return this;
        }

        ServiceBuilder hasHostname() {
            this.hostname = true;
            return this;
        }

        ServiceBuilder asks(String addresses) {
            annotations.put(IPS, addresses);
            return this;
        }

        ServiceBuilder asksInSpec(String address) {
            this.loadBalancerIp = Optional.of(address);
            return this;
        }

        ServiceBuilder ofClass(String name) {
            this.loadBalancerClass = Optional.of(name);
            return this;
        }

        ServiceBuilder shares(String key, KubeService.Port... ports) {
            annotations.put(SHARING_KEY, key);
            this.ports = List.of(ports);
            return this;
        }

        ServiceBuilder annotated(String key, String value) {
            annotations.put(key, value);
            return this;
        }

        ServiceBuilder localOnly(String app) {
            this.local = true;
            this.selector = app.isEmpty() ? Map.of() : Map.of("app", app);
            return this;
        }

        ServiceBuilder families(boolean v4, boolean v6) {
            this.v4 = v4;
            this.v6 = v6;
            return this;
        }

        KubeService row() {
            return new KubeService(
                    new ObjectKey(namespace, name),
                    "uid-" + name,
                    labels,
                    annotations,
                    type,
                    List.of(),
                    held,
                    ports,
                    selector,
                    false,
                    false,
                    0,
                    new LoadBalancing(
                            Optional.of(Instant.ofEpochSecond(created)),
                            0,
                            loadBalancerClass,
                            loadBalancerIp,
                            v4,
                            v6,
                            local,
                            hostname,
                            condition));
        }
    }

    static KubeService.Port port(Protocol protocol, int number) {
        return new KubeService.Port("", protocol, number, Integer.toString(number), 0);
    }

    static KubeService.Port tcp(int number) {
        return port(Protocol.TCP, number);
    }
}
