package dev.tombolo.egress;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPreferences;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Policies in few words: every pod, everywhere, by the nodes with the label egress=true, unless it is said otherwise. */
public final class PolicyBuilder {
    private final String name;
    private final List<EgressSource> sources = new ArrayList<>();
    private final List<Prefix> destinations = new ArrayList<>();
    private final List<Prefix> excluded = new ArrayList<>();
    private final List<EgressGateway> gateways = new ArrayList<>();
    private int created;
    private int priority;
    private OptionalInt maxGateways = OptionalInt.empty();
    private boolean failover = true;
    private boolean sameZone;
    private Optional<ClusterName> cluster = Optional.empty();

    private PolicyBuilder(String name) {
        this.name = name;
    }

    public static PolicyBuilder policy(String name) {
        return new PolicyBuilder(name);
    }

    /** {@code key=value,…}; empty for all. */
    public PolicyBuilder pods(String labels) {
        return source(labels, "", "");
    }

    public PolicyBuilder source(String pods, String namespaces, String nodes) {
        sources.add(new EgressSource(selector(pods), selector(namespaces), selector(nodes)));
        return this;
    }

    public PolicyBuilder to(String... prefixes) {
        Arrays.stream(prefixes).map(Prefix::parse).forEach(destinations::add);
        return this;
    }

    public PolicyBuilder notTo(String... prefixes) {
        Arrays.stream(prefixes).map(Prefix::parse).forEach(excluded::add);
        return this;
    }

    /** The address is one, or the name of a device, or {@code pool NAME}, or empty for the default route. */
    public PolicyBuilder through(String nodes, String address) {
        gateways.add(new EgressGateway(selector(nodes), address(address)));
        return this;
    }

    private static EgressAddress address(String text) {
        if (text.isEmpty()) {
            return new EgressAddress.OfDefaultRoute();
        }
        return text.startsWith("pool ")
                ? new EgressAddress.OfPool(text.substring(5))
                : IpAddress.tryParse(text)
                        .<EgressAddress>map(EgressAddress.Fixed::new)
                        .orElse(new EgressAddress.OfInterface(text));
    }

    public PolicyBuilder created(int second) {
        created = second;
        return this;
    }

    public PolicyBuilder priority(int higherWins) {
        priority = higherWins;
        return this;
    }

    public PolicyBuilder maxGateways(int most) {
        maxGateways = OptionalInt.of(most);
        return this;
    }

    public PolicyBuilder withoutFailover() {
        failover = false;
        return this;
    }

    public PolicyBuilder sameZone() {
        sameZone = true;
        return this;
    }

    public PolicyBuilder inCluster(String other) {
        cluster = Optional.of(new ClusterName(other));
        return this;
    }

    public EgressPolicy build() {
        if (sources.isEmpty()) {
            pods("");
        }
        if (destinations.isEmpty()) {
            to("0.0.0.0/0");
        }
        if (gateways.isEmpty()) {
            through("egress=true", "");
        }
        return new EgressPolicy(
                name,
                Instant.ofEpochSecond(created),
                sources,
                destinations,
                excluded,
                gateways,
                new EgressPreferences(priority, maxGateways, failover, sameZone, cluster, OptionalLong.empty()));
    }

    static Map<String, String> labels(String text) {
        var labels = new java.util.HashMap<String, String>();
        Arrays.stream(text.split(",")).filter(label -> !label.isEmpty()).forEach(label -> {
            int equals = label.indexOf('=');
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        });
        return labels;
    }

    static LabelSelector selector(String text) {
        return LabelSelector.of(labels(text));
    }
}
