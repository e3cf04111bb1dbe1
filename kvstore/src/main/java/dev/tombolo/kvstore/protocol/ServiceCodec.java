package dev.tombolo.kvstore.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import java.util.Map;

/** {@code cilium/state/services/v1/<cluster>/<ns>/<name>}: lower camel case outside, capitalised ports inside. */
public final class ServiceCodec {
    private ServiceCodec() {}

    public static Value encode(MeshService service) {
        var json = WireJson.object();
        json.put("cluster", service.cluster().value());
        json.put("namespace", service.name().namespace());
        json.put("name", service.name().name());
        putPorts(json.putObject("frontends"), service.frontends());
        putPorts(json.putObject("backends"), service.backends());
        if (!service.hostnames().isEmpty()) {
            var hostnames = json.putObject("hostnames");
            service.hostnames().forEach((address, hostname) -> hostnames.put(address.toString(), hostname));
        }
        if (!service.zones().isEmpty()) {
            var zones = json.putObject("zones");
            service.zones()
                    .forEach((address, zone) ->
                            zones.putObject(address.toString()).put("zone", zone));
        }
        service.labels().forEach(json.putObject("labels")::put);
        service.selector().forEach(json.putObject("selector")::put);
        json.put("includeExternal", true);
        json.put("shared", true);
        json.put("clusterID", service.clusterId().value());
        return WireJson.encode(json);
    }

    private static void putPorts(ObjectNode json, Map<IpAddress, Map<String, ServicePort>> ports) {
        ports.forEach((address, byName) -> {
            var inner = json.putObject(address.toString());
            new java.util.TreeMap<>(byName)
                    .forEach((name, port) -> inner.putObject(name)
                            .put("Protocol", port.protocol().name())
                            .put("Port", port.port()));
        });
    }

    /** Reads a service; namespace and name must be the last two parts of the key. */
    public static Decoded<MeshService> decode(String key, Value value) {
        var decoded = WireJson.decode(key, value, ServiceCodec::read);
        var name = decoded.value().map(service -> service.name().toString());
        return name.filter(read -> !key.endsWith("/" + read)).isEmpty()
                ? decoded
                : WireJson.refuse(key, Invalid.Reason.WRONG_KEY, name.get(), "the namespace and name of its key");
    }

    private static MeshService read(WireJson json) {
        String cluster = json.get("cluster").text();
        return new MeshService(
                ClusterName.tryParse(cluster).orElseThrow(() -> new WireJson.Malformed(cluster, "a cluster name")),
                new ClusterId((int) json.get("clusterID").number(1, 511)),
                new ServiceName(required(json, "namespace"), required(json, "name")),
                json.get("frontends").map(WireJson::address, ServiceCodec::ports),
                json.get("backends").map(WireJson::address, ServiceCodec::ports),
                json.get("hostnames").map(WireJson::address, WireJson::text),
                json.get("zones")
                        .map(WireJson::address, zone -> zone.get("zone").text()),
                json.get("labels").map(name -> name, WireJson::text),
                json.get("selector").map(name -> name, WireJson::text));
    }

    private static String required(WireJson json, String name) {
        String text = json.get(name).text();
        if (text.isEmpty() || text.indexOf('/') >= 0) {
            throw new WireJson.Malformed(text, "a " + name);
        }
        return text;
    }

    private static Map<String, ServicePort> ports(WireJson json) {
        return json.map(
                name -> name,
                port -> new ServicePort(
                        port.get("Protocol").protocol(), (int) port.get("Port").number(1, 65_535)));
    }
}
