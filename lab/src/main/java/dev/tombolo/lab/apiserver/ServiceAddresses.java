package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The cluster addresses and node ports of Services. Writes of Services run one at a time, from choosing an address to
 * having it stored, so that no two get the same; addresses of Services that are gone are learned from the change feed.
 */
final class ServiceAddresses {
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int LAST_NODE_PORT = 32_767;
    /** The first ten are for services with addresses of their own, such as the API server's. */
    private static final int RESERVED = 11;

    /** Not the monitor: the change feed must not wait for a write. */
    private final ReentrantLock writes = new ReentrantLock();

    private final Map<String, String> ownerByAddress = new HashMap<>();
    private final Map<Integer, String> ownerByPort = new HashMap<>();
    private final ResourceKind services;
    private final long base;
    private final long size;

    ServiceAddresses(ResourceKind services, String cidr) {
        this.services = services;
        String[] parts = cidr.split("/");
        this.base = bits(parts[0]);
        this.size = 1L << (32 - Integer.parseInt(parts[1]));
    }

    /** Runs a write of a Service while there is no other. */
    ObjectNode alone(Supplier<ObjectNode> write) {
        writes.lock();
        try {
            return write.get();
        } finally {
            writes.unlock();
        }
    }

    /** Remembers what a stored Service has. */
    synchronized void hold(ObjectNode service) {
        String owner = owner(service);
        String address = Json.at(service, "spec.clusterIP").asText("");
        if (isAddress(address)) {
            ownerByAddress.put(address, owner);
        }
        ports(service).forEach(port -> ownerByPort.put(port, owner));
    }

    /** Follows the change feed: what a Service no longer has is free. */
    synchronized void changed(Change change) {
        if (change.resource().equals(services.resource()) && change.before() != null) {
            String owner = owner(change.before());
            String now = change.after() == null
                    ? ""
                    : Json.at(change.after(), "spec.clusterIP").asText("");
            String address = Json.at(change.before(), "spec.clusterIP").asText("");
            if (!address.equals(now)) {
                ownerByAddress.remove(address, owner);
            }
            var freed = ports(change.before());
            if (change.after() != null) {
                freed.removeAll(ports(change.after()));
            }
            freed.forEach(port -> ownerByPort.remove(port, owner));
        }
    }

    /** Gives a Service what its type needs and it does not have; refuses what another one holds. */
    synchronized void allocate(ObjectNode service) {
        ObjectNode spec = service.withObject("/spec");
        String type = spec.path("type").asText();
        if (type.equals("ExternalName")) {
            return;
        }
        String owner = owner(service);
        if (spec.path("clusterIP").asText("").isEmpty()) {
            spec.put("clusterIP", freeAddress());
        }
        String address = spec.path("clusterIP").asText();
        if (isAddress(address)) {
            check(
                    service,
                    ownerByAddress.getOrDefault(address, owner),
                    "spec.clusterIP",
                    address,
                    "provided IP is already allocated");
        }
        for (JsonNode port : spec.path("ports")) {
            if (type.equals("ClusterIP")) {
                ((ObjectNode) port).remove("nodePort");
            } else {
                nodePort(service, (ObjectNode) port);
            }
        }
        spec.putArray("clusterIPs").add(address);
        spec.putArray("ipFamilies").add("IPv4");
    }

    private void nodePort(ObjectNode service, ObjectNode port) {
        int wanted = port.path("nodePort").asInt(0);
        if (wanted == 0) {
            port.put("nodePort", freePort(ports(service)));
        } else {
            check(
                    service,
                    ownerByPort.getOrDefault(wanted, owner(service)),
                    "spec.ports.nodePort",
                    Integer.toString(wanted),
                    "provided port is already allocated");
        }
    }

    private void check(ObjectNode service, String holder, String field, String value, String message) {
        if (!holder.equals(owner(service))) {
            var cause = new ApiError.Cause("FieldValueInvalid", "Invalid value: \"" + value + "\": " + message, field);
            throw ApiError.invalid(services, Json.name(service), List.of(cause));
        }
    }

    /** An update that does not mention what was allocated keeps it. */
    static void keep(ObjectNode present, ObjectNode next) {
        ObjectNode spec = next.withObject("/spec");
        if (spec.path("clusterIP").asText("").isEmpty()
                && !spec.path("type").asText().equals("ExternalName")) {
            spec.set("clusterIP", Json.at(present, "spec.clusterIP"));
        }
        for (JsonNode port : spec.path("ports")) {
            for (JsonNode old : present.path("spec").path("ports")) {
                if (!port.hasNonNull("nodePort")
                        && old.hasNonNull("nodePort")
                        && old.path("port").equals(port.path("port"))) {
                    ((ObjectNode) port).set("nodePort", old.get("nodePort"));
                }
            }
        }
    }

    private String freeAddress() {
        for (long candidate = base + RESERVED; candidate < base + size - 1; candidate++) {
            String text = "%d.%d.%d.%d"
                    .formatted(candidate >> 24, candidate >> 16 & 255, candidate >> 8 & 255, candidate & 255);
            if (!ownerByAddress.containsKey(text)) {
                return text;
            }
        }
        throw ApiError.of(500, "InternalError", "the range of service addresses is full");
    }

    private int freePort(Set<Integer> ownOnes) {
        for (int candidate = FIRST_NODE_PORT; candidate <= LAST_NODE_PORT; candidate++) {
            if (!ownerByPort.containsKey(candidate) && !ownOnes.contains(candidate)) {
                return candidate;
            }
        }
        throw ApiError.of(500, "InternalError", "the range of node ports is full");
    }

    private static TreeSet<Integer> ports(ObjectNode service) {
        var ports = new TreeSet<Integer>();
        service.path("spec")
                .path("ports")
                .forEach(port -> ports.add(port.path("nodePort").asInt(0)));
        ports.remove(0);
        return ports;
    }

    private static boolean isAddress(String text) {
        return !text.isEmpty() && !text.equals("None");
    }

    private static String owner(ObjectNode service) {
        return Json.meta(service, "uid");
    }

    private static long bits(String address) {
        long bits = 0;
        for (String octet : address.split("\\.")) {
            bits = bits << 8 | Integer.parseInt(octet);
        }
        return bits;
    }
}
