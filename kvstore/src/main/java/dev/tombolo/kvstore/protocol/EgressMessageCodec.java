package dev.tombolo.kvstore.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressMessage.Part;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPreferences;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.label.LabelRequirement;
import dev.tombolo.model.label.LabelRequirement.Operator;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code tombolo/egress-messages/v1/<writer>/<reader>/…}: JSON, a message each. */
public final class EgressMessageCodec {
    /** Longer names of devices than Linux has are nobody's. */
    private static final int LONGEST_DEVICE = 15;

    /** The writer has selected the pods, and says which. */
    private static final List<EgressSource> CHOSEN_ELSEWHERE =
            List.of(new EgressSource(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, LabelSelector.EVERYTHING));

    private EgressMessageCodec() {}

    public static Value encode(EgressMessage message) {
        var json = WireJson.object();
        json.put("cluster", message.from().value());
        switch (message) {
            case EgressMessage.Request(var _, var policy) -> put(json, policy);
            case EgressMessage.Pod pod -> {
                json.put("address", pod.address().toString());
                pod.entries().forEach(json.putObject("policies")::put);
            }
            case EgressMessage.Offer(var node) -> put(json, node);
        }
        return WireJson.encode(json);
    }

    private static void put(ObjectNode json, EgressNode node) {
        json.put("name", node.id().name());
        new TreeMap<>(node.labels()).forEach(json.putObject("labels")::put);
        json.put("ready", node.ready());
        json.put("draining", node.draining());
        if (!node.holds().isEmpty()) {
            var held = json.putArray("holds");
            new TreeSet<>(node.holds()).forEach(address -> held.add(address.toString()));
        }
    }

    private static void put(ObjectNode json, EgressPolicy policy) {
        json.put("name", policy.name());
        if (!policy.created().equals(Instant.MAX)) {
            json.put("created", policy.created().toString());
        }
        json.put("priority", policy.preferences().priority());
        policy.preferences().maxGateways().ifPresent(most -> json.put("maxGateways", most));
        json.put("failover", policy.preferences().failover());
        policy.preferences().rateLimit().ifPresent(rate -> json.put("rateLimit", rate));
        put(json.putArray("destinations"), policy.destinations());
        put(json.putArray("excluded"), policy.excluded());
        var gateways = json.putArray("gateways");
        policy.gateways().forEach(gateway -> put(gateways.addObject(), gateway));
    }

    private static void put(ArrayNode json, List<Prefix> ranges) {
        ranges.forEach(range -> json.add(range.toString()));
    }

    private static void put(ObjectNode json, EgressGateway gateway) {
        switch (gateway.address()) {
            case EgressAddress.Fixed(var address) -> json.put("egressIP", address.toString());
            case EgressAddress.OfPool(var pool) -> json.put("pool", pool);
            case EgressAddress.OfInterface(var device) -> json.put("interface", device);
            case EgressAddress.OfDefaultRoute() -> {}
        }
        var nodes = json.putArray("nodes");
        gateway.nodes().requirements().forEach(requirement -> {
            var written = nodes.addObject()
                    .put("key", requirement.key())
                    .put("operator", requirement.operator().name());
            new TreeSet<>(requirement.values()).forEach(written.putArray("values")::add);
        });
    }

    /** Reads a message; {@code prefix} is what stands before the name of what it is about in the key. */
    public static Decoded<EgressMessage> decode(Part part, String prefix, String key, Value value) {
        var decoded = WireJson.decode(key, value, json -> read(part, json));
        String leaf = key.substring(prefix.length());
        var said = decoded.value().map(message -> message.key().leaf());
        return said.filter(name -> !name.equals(leaf)).isEmpty()
                ? decoded
                : WireJson.refuse(key, Invalid.Reason.WRONG_KEY, said.get(), "what its key says: " + leaf);
    }

    private static EgressMessage read(Part part, WireJson json) {
        String text = json.get("cluster").text();
        var from = ClusterName.tryParse(text).orElseThrow(() -> new WireJson.Malformed(text, "a cluster name"));
        return switch (part) {
            case POLICIES -> new EgressMessage.Request(from, policy(json));
            case PODS ->
                new EgressMessage.Pod(
                        from,
                        json.get("address").address(),
                        json.get("policies").map(name -> name, entry -> (int) entry.number(0, 1_000)));
            case NODES ->
                new EgressMessage.Offer(new EgressNode(
                        new NodeId(from, json.get("name").text()),
                        json.get("labels").map(name -> name, WireJson::text),
                        json.get("ready").flag(),
                        json.get("draining").flag(),
                        addresses(json.get("holds"))));
        };
    }

    private static Set<IpAddress> addresses(WireJson json) {
        var addresses = new HashSet<IpAddress>();
        json.items().forEach(address -> addresses.add(address.address()));
        return addresses;
    }

    private static EgressPolicy policy(WireJson json) {
        var destinations = ranges(json.get("destinations"));
        if (destinations.isEmpty()) {
            throw new WireJson.Malformed("no destinations", "at least one");
        }
        var gateways = new ArrayList<EgressGateway>();
        json.get("gateways").items().forEach(gateway -> gateways.add(gateway(gateway)));
        return new EgressPolicy(
                json.get("name").text(),
                created(json.get("created").text()),
                CHOSEN_ELSEWHERE,
                destinations,
                ranges(json.get("excluded")),
                gateways,
                preferences(json));
    }

    private static EgressPreferences preferences(WireJson json) {
        var most = json.get("maxGateways");
        var rate = json.get("rateLimit");
        return new EgressPreferences(
                (int) json.get("priority").number(-1_000, 1_000),
                most.isAbsent()
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) most.number(1, EgressPreferences.MOST_GATEWAYS)),
                json.get("failover").flag(),
                false,
                Optional.empty(),
                rate.isAbsent()
                        ? OptionalLong.empty()
                        : OptionalLong.of(rate.number(EgressPreferences.LOWEST_RATE, EgressPreferences.HIGHEST_RATE)));
    }

    private static Instant created(String text) {
        try {
            return text.isEmpty() ? Instant.MAX : Instant.parse(text);
        } catch (DateTimeParseException notATime) {
            throw new WireJson.Malformed(text, "a time");
        }
    }

    private static List<Prefix> ranges(WireJson json) {
        var ranges = new ArrayList<Prefix>();
        for (WireJson range : json.items()) {
            ranges.add(Prefix.tryParse(range.text())
                    .orElseThrow(() -> new WireJson.Malformed(range.text(), "a CIDR, for instance 192.0.2.0/24")));
        }
        return ranges;
    }

    private static EgressGateway gateway(WireJson json) {
        var requirements = new ArrayList<LabelRequirement>();
        json.get("nodes").items().forEach(requirement -> requirements.add(requirement(requirement)));
        return new EgressGateway(new LabelSelector(requirements), address(json));
    }

    private static EgressAddress address(WireJson json) {
        if (!json.get("egressIP").isAbsent()) {
            return new EgressAddress.Fixed(json.get("egressIP").address());
        }
        if (!json.get("pool").isAbsent()) {
            return new EgressAddress.OfPool(json.get("pool").text());
        }
        String device = json.get("interface").text();
        if (device.length() > LONGEST_DEVICE) {
            throw new WireJson.Malformed(device, "the name of a network device");
        }
        return device.isEmpty() ? new EgressAddress.OfDefaultRoute() : new EgressAddress.OfInterface(device);
    }

    private static LabelRequirement requirement(WireJson json) {
        String word = json.get("operator").text();
        var operator = Arrays.stream(Operator.values())
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new WireJson.Malformed(word, "IN, NOT_IN, EXISTS or DOES_NOT_EXIST"));
        var values = new HashSet<String>();
        json.get("values").items().forEach(value -> values.add(value.text()));
        return new LabelRequirement(json.get("key").text(), operator, values);
    }
}
