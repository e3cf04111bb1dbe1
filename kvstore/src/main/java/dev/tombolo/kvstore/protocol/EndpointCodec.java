package dev.tombolo.kvstore.protocol;

import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.endpoint.MeshEndpoint.NamedPort;
import dev.tombolo.model.endpoint.MeshEndpoint.Pod;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.Optional;

/** {@code cilium/state/ip/v1/default/<ip>}: JSON with Go's capitalised field names. */
public final class EndpointCodec {
    /** The key index that means WireGuard. */
    public static final int WIREGUARD_KEY = 255;

    private EndpointCodec() {}

    /** The last part of the key: the address, with its length where it is a range. */
    public static String leaf(Prefix prefix) {
        return prefix.isHost() ? prefix.address().toString() : prefix.toString();
    }

    public static Value encode(MeshEndpoint endpoint) {
        var json = WireJson.object();
        json.put("IP", endpoint.prefix().address().toString());
        if (!endpoint.prefix().isHost()) {
            json.put("Mask", WireJson.mask(endpoint.prefix()));
        }
        json.put("HostIP", endpoint.hostAddress().map(IpAddress::toString).orElse(""));
        json.put("ID", endpoint.identity().value());
        json.put("Key", endpoint.encryptionKey());
        json.put("Metadata", "");
        putIfPresent(json, "K8sNamespace", endpoint.pod().namespace());
        putIfPresent(json, "K8sPodName", endpoint.pod().name());
        putIfPresent(json, "K8sPodUID", endpoint.pod().uid());
        putIfPresent(json, "K8sServiceAccount", endpoint.pod().serviceAccount());
        if (!endpoint.namedPorts().isEmpty()) {
            var ports = json.putArray("NamedPorts");
            endpoint.namedPorts()
                    .forEach(port -> ports.addObject()
                            .put("Name", port.name())
                            .put("Port", port.port())
                            .put("Protocol", port.protocol().name()));
        }
        return WireJson.encode(json);
    }

    private static void putIfPresent(com.fasterxml.jackson.databind.node.ObjectNode json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }

    /** Reads an endpoint; {@code keyPrefix} is what stands before the address in the key. */
    public static Decoded<MeshEndpoint> decode(String keyPrefix, String key, Value value) {
        var decoded = WireJson.decode(key, value, EndpointCodec::read);
        String leaf = key.substring(keyPrefix.length());
        return decoded.value()
                        .filter(endpoint -> !leaf(endpoint.prefix()).equals(leaf))
                        .isEmpty()
                ? decoded
                : WireJson.refuse(
                        key,
                        Invalid.Reason.WRONG_KEY,
                        leaf(decoded.value().get().prefix()),
                        "address " + leaf);
    }

    private static MeshEndpoint read(WireJson json) {
        var address = json.get("IP").address();
        String host = json.get("HostIP").text();
        var ports = new ArrayList<NamedPort>();
        for (WireJson port : json.get("NamedPorts").items()) {
            ports.add(new NamedPort(
                    port.get("Name").text(),
                    (int) port.get("Port").number(1, 65_535),
                    port.get("Protocol").protocol()));
        }
        return new MeshEndpoint(
                new Prefix(address, WireJson.maskLength(json.get("Mask"), address)),
                host.isEmpty() ? Optional.empty() : Optional.of(WireJson.address(host)),
                new SecurityIdentity(json.get("ID").number(0, 0xFFFFFFFFL)),
                (int) json.get("Key").number(0, 255),
                new Pod(
                        json.get("K8sNamespace").text(),
                        json.get("K8sPodName").text(),
                        json.get("K8sPodUID").text(),
                        json.get("K8sServiceAccount").text()),
                ports);
    }
}
