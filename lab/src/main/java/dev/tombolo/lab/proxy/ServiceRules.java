package dev.tombolo.lab.proxy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The nft table that does what kube-proxy does: verdict maps by address and port, a random ready endpoint behind each. */
final class ServiceRules {
    /** No table at all. */
    static final String NONE = """
            table ip kube-proxy-lab
            delete table ip kube-proxy-lab
            """;

    private final List<String> services = new ArrayList<>();
    private final List<String> nodePorts = new ArrayList<>();
    private final List<String> empty = new ArrayList<>();
    private final List<String> chains = new ArrayList<>();
    private final Set<String> hairpins = new TreeSet<>();

    private ServiceRules() {}

    static String text(List<Service> all, Function<Service, Stream<EndpointSlice>> slices) {
        ServiceRules rules = new ServiceRules();
        all.stream()
                .sorted((a, b) ->
                        a.getMetadata().getUid().compareTo(b.getMetadata().getUid()))
                .filter(s -> s.getSpec().getClusterIP() != null
                        && !s.getSpec().getClusterIP().isEmpty()
                        && !s.getSpec().getClusterIP().equals("None"))
                .filter(ServiceRules::isOurs)
                .forEach(s -> s.getSpec()
                        .getPorts()
                        .forEach(p -> rules.port(s, p, slices.apply(s).toList())));
        return rules.table();
    }

    /** By these labels a service is left to another proxy, or to none. */
    private static boolean isOurs(Service service) {
        var labels = Objects.requireNonNullElse(service.getMetadata().getLabels(), Map.<String, String>of());
        return !labels.containsKey("service.kubernetes.io/service-proxy-name")
                && !labels.containsKey("service.kubernetes.io/headless");
    }

    private void port(Service service, ServicePort port, List<EndpointSlice> slices) {
        String protocol =
                port.getProtocol() == null ? "tcp" : port.getProtocol().toLowerCase(Locale.ROOT);
        String key = service.getSpec().getClusterIP() + " . " + protocol + " . " + port.getPort();
        List<String> endpoints = slices.stream()
                .flatMap(s -> endpoints(s, port))
                .distinct()
                .sorted()
                .toList();
        if (endpoints.isEmpty()) {
            empty.add(key);
            return;
        }
        String chain = "s" + chains.size();
        List<String> choices = IntStream.range(0, endpoints.size())
                .mapToObj(i -> i + " : " + endpoints.get(i))
                .toList();
        chains.add("chain %s { meta l4proto %s dnat ip to numgen random mod %d map { %s }; }"
                .formatted(chain, protocol, endpoints.size(), String.join(", ", choices)));
        endpoints.forEach(e -> hairpins.add(e.substring(0, e.indexOf(' ')) + " . " + e.substring(0, e.indexOf(' '))));
        services.add(key + " : goto " + chain);
        if (port.getNodePort() != null && port.getNodePort() > 0) {
            nodePorts.add(protocol + " . " + port.getNodePort() + " : goto " + chain);
        }
    }

    private static Stream<String> endpoints(EndpointSlice slice, ServicePort port) {
        String name = Objects.requireNonNullElse(port.getName(), "");
        return slice.getPorts().stream()
                .filter(p -> name.equals(Objects.requireNonNullElse(p.getName(), "")))
                .map(EndpointPort::getPort)
                .flatMap(number -> slice.getEndpoints().stream()
                        .filter(e -> e.getConditions() == null
                                || !Boolean.FALSE.equals(e.getConditions().getReady()))
                        .flatMap(e -> e.getAddresses().stream())
                        .map(address -> address + " . " + number));
    }

    private String table() {
        return """
                table ip kube-proxy-lab
                delete table ip kube-proxy-lab
                table ip kube-proxy-lab {
                %s
                map services { type ipv4_addr . inet_proto . inet_service : verdict; %s }
                map nodeports { type inet_proto . inet_service : verdict; %s }
                set noendpoints { type ipv4_addr . inet_proto . inet_service; %s }
                set hairpins { type ipv4_addr . ipv4_addr; %s }
                chain translate {
                  ip daddr . meta l4proto . th dport vmap @services
                  fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto { tcp, udp } jump nodeport
                }
                chain nodeport { meta mark set meta mark | 0x4000; meta l4proto . th dport vmap @nodeports; meta mark set meta mark & 0xffffbfff; }
                chain prerouting { type nat hook prerouting priority dstnat; goto translate; }
                chain output { type nat hook output priority -100; goto translate; }
                chain postrouting { type nat hook postrouting priority srcnat; meta mark & 0x4000 == 0x4000 masquerade; ct status dnat ip saddr . ip daddr @hairpins masquerade; }
                chain refused { meta l4proto tcp reject with tcp reset; reject; }
                chain refuse { ip daddr . meta l4proto . th dport @noendpoints jump refused; }
                chain filterin { type filter hook input priority 0; jump refuse; }
                chain filterout { type filter hook output priority 0; jump refuse; }
                chain forward { type filter hook forward priority 0; ct state invalid drop; jump refuse; }
                }
                """.formatted(
                        String.join("\n", chains),
                        elements(services),
                        elements(nodePorts),
                        elements(empty),
                        elements(hairpins));
    }

    private static String elements(Collection<String> items) {
        return items.isEmpty() ? "" : "elements = { " + String.join(", ", items) + " };";
    }
}
