package dev.tombolo.kvstore.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.service.AnsweredServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code cilium/state/nodes/v1/<cluster>/<node>}: JSON with Go's capitalised field names. */
public final class NodeCodec {
    private static final String INTERNAL = "InternalIP";
    private static final String EXTERNAL = "ExternalIP";
    private static final String TUNNEL = "CiliumInternalIP";
    private static final int WIREGUARD_ENCRYPTION_KEY = 255;

    private NodeCodec() {}

    public static Value encode(MeshNode node) {
        var json = WireJson.object();
        json.put("Name", node.id().name());
        json.put("Cluster", node.id().cluster().value());
        var addresses = json.putArray("IPAddresses");
        node.internalAddresses().forEach(ip -> addresses.add(address(INTERNAL, ip)));
        node.externalAddresses().forEach(ip -> addresses.add(address(EXTERNAL, ip)));
        node.tunnelAddresses().forEach(ip -> addresses.add(address(TUNNEL, ip)));
        putRanges(json, "IPv4", node.podRanges().stream().filter(Prefix::isV4).toList());
        putRanges(
                json,
                "IPv6",
                node.podRanges().stream().filter(range -> !range.isV4()).toList());
        List.of("IPv4HealthIP", "IPv6HealthIP", "IPv4IngressIP", "IPv6IngressIP")
                .forEach(name -> json.put(name, ""));
        json.put("ClusterID", node.clusterId().value());
        json.put("Source", "custom-resource");
        json.put("EncryptionKey", node.wireGuardKey().isPresent() ? WIREGUARD_ENCRYPTION_KEY : 0);
        var labels = json.putObject("Labels");
        new TreeMap<>(node.labels()).forEach(labels::put);
        putAnnotations(json, node);
        json.put(
                "WireguardPubKey", node.wireGuardKey().map(WireGuardKey::base64).orElse(""));
        json.put("BootID", node.bootId());
        return WireJson.encode(json);
    }

    private static ObjectNode address(String type, IpAddress address) {
        return WireJson.object().put("Type", type).put("IP", address.toString());
    }

    private static void putRanges(ObjectNode json, String family, List<Prefix> ranges) {
        if (ranges.isEmpty()) {
            json.putNull(family + "AllocCIDR");
        } else {
            json.set(family + "AllocCIDR", WireJson.range(ranges.getFirst()));
        }
        if (ranges.size() < 2) {
            json.putNull(family + "SecondaryAllocCIDRs");
        } else {
            var more = json.putArray(family + "SecondaryAllocCIDRs");
            ranges.stream().skip(1).map(WireJson::range).forEach(more::add);
        }
    }

    private static void putAnnotations(ObjectNode json, MeshNode node) {
        var annotations = new TreeMap<String, String>();
        if (node.wireGuardPort() != MeshNode.DEFAULT_WIREGUARD_PORT) {
            annotations.put(MeshNode.PORT_ANNOTATION, Integer.toString(node.wireGuardPort()));
        }
        if (!node.answers().equals(AnsweredServices.NONE)) {
            annotations.put(AnsweredServices.ANNOTATION, node.answers().toString());
        }
        if (annotations.isEmpty()) {
            json.putNull("Annotations");
        } else {
            annotations.forEach(json.putObject("Annotations")::put);
        }
    }

    /** Reads a node; its name must be the last part of the key. */
    public static Decoded<MeshNode> decode(String key, Value value) {
        var decoded = WireJson.decode(key, value, NodeCodec::read);
        String leaf = key.substring(key.lastIndexOf('/') + 1);
        return decoded.value().filter(node -> !node.id().name().equals(leaf)).isEmpty()
                ? decoded
                : WireJson.refuse(
                        key,
                        Invalid.Reason.WRONG_KEY,
                        decoded.value().get().id().name(),
                        "node name " + leaf);
    }

    private static MeshNode read(WireJson json) {
        String clusterText = json.get("Cluster").text();
        var cluster = ClusterName.tryParse(clusterText)
                .orElseThrow(() -> new WireJson.Malformed(clusterText, "a cluster name"));
        var addresses = json.get("IPAddresses");
        var ranges = new ArrayList<Prefix>();
        readRanges(json, "IPv4", ranges);
        readRanges(json, "IPv6", ranges);
        var annotations = json.get("Annotations").map(name -> name, WireJson::text);
        return new MeshNode(
                new NodeId(cluster, json.get("Name").text()),
                new ClusterId((int) json.get("ClusterID").number(1, 511)),
                ofType(addresses, INTERNAL),
                ofType(addresses, EXTERNAL),
                ofType(addresses, TUNNEL),
                ranges,
                key(json.get("WireguardPubKey").text()),
                port(annotations),
                json.get("Labels").map(name -> name, WireJson::text),
                json.get("BootID").text(),
                AnsweredServices.parse(annotations.getOrDefault(AnsweredServices.ANNOTATION, "")));
    }

    private static void readRanges(WireJson json, String family, List<Prefix> ranges) {
        if (!json.get(family + "AllocCIDR").isAbsent()) {
            ranges.add(json.get(family + "AllocCIDR").range());
        }
        json.get(family + "SecondaryAllocCIDRs").items().forEach(range -> ranges.add(range.range()));
    }

    private static List<IpAddress> ofType(WireJson addresses, String type) {
        var found = new ArrayList<IpAddress>();
        for (WireJson address : addresses.items()) {
            if (address.get("Type").text().equals(type)) {
                found.add(address.get("IP").address());
            }
        }
        return found;
    }

    private static Optional<WireGuardKey> key(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                WireGuardKey.tryParse(text).orElseThrow(() -> new WireJson.Malformed(text, "a WireGuard public key")));
    }

    private static int port(Map<String, String> annotations) {
        String text =
                annotations.getOrDefault(MeshNode.PORT_ANNOTATION, Integer.toString(MeshNode.DEFAULT_WIREGUARD_PORT));
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65_535) {
            throw new WireJson.Malformed(text, "a UDP port in " + MeshNode.PORT_ANNOTATION);
        }
        return Integer.parseInt(text);
    }
}
