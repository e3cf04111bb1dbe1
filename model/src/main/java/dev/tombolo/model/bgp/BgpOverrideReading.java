package dev.tombolo.model.bgp;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpNodeOverride.Instance;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of reading a CiliumBGPNodeConfigOverride. Who writes one says that what holds for other nodes does not for this:
 * where it cannot be meant, the instance has no session here, rather than one with somebody else's address or number.
 *
 * @param unclear the instances that cannot be meant, by name
 * @param refused what is wrong; empty for one that is in force as it was written
 */
public record BgpOverrideReading(BgpNodeOverride override, List<String> unclear, List<Invalid> refused) {
    public static final String KIND = "CiliumBGPNodeConfigOverride";

    public BgpOverrideReading {
        unclear = List.copyOf(unclear);
        refused = List.copyOf(refused);
    }

    public static BgpOverrideReading of(String node, BgpOverrideSpec spec, Map<String, String> annotations) {
        var refused = new ArrayList<Invalid>();
        var fields = new BgpFields(KIND + " " + node, refused);
        var instances = new HashMap<String, Instance>();
        var unclear = new ArrayList<String>();
        for (int i = 0; i < spec.bgpInstances().size(); i++) {
            var text = spec.bgpInstances().get(i);
            String field = "spec.bgpInstances[" + i + "]";
            int before = refused.size();
            var instance = instance(fields, field, text);
            if (instances.putIfAbsent(text.name(), instance) != null) {
                fields.refuse(field + ".name", text.name(), "a name that no other of the list has");
            }
            if (refused.size() > before) {
                unclear.add(text.name());
            }
            reportPorts(fields, field, text);
        }
        new BgpAnnotations(KIND + " " + node, annotations, refused).allow(Set.of());
        unclear.forEach(instances::remove);
        return new BgpOverrideReading(new BgpNodeOverride(node, instances), unclear, refused);
    }

    private static Instance instance(BgpFields fields, String field, BgpOverrideSpec.Instance text) {
        var addresses = new HashMap<String, IpAddress>();
        for (int i = 0; i < text.peers().size(); i++) {
            var peer = text.peers().get(i);
            String at = field + ".peers[" + i + "].localAddress";
            peer.localAddress()
                    .flatMap(address -> fields.address(at, address))
                    .ifPresent(address -> addresses.put(peer.name(), address));
        }
        fields.name(field + ".name", text.name());
        return new Instance(
                text.routerID().flatMap(id -> routerId(fields, field + ".routerID", id)),
                text.localASN().flatMap(asn -> fields.asn(field + ".localASN", asn)),
                addresses);
    }

    private static Optional<IpAddress> routerId(BgpFields fields, String field, String text) {
        var id = IpAddress.tryParse(text).filter(address -> address.isV4() && !address.isUnspecified());
        if (id.isEmpty()) {
            fields.refuse(field, text, "four numbers as of an IPv4 address, not all 0");
        }
        return id;
    }

    private static void reportPorts(BgpFields fields, String field, BgpOverrideSpec.Instance text) {
        fields.without(field + ".localPort", text.localPort(), "nothing: this speaker calls and does not listen");
        for (int i = 0; i < text.peers().size(); i++) {
            fields.without(
                    field + ".peers[" + i + "].localPort",
                    text.peers().get(i).localPort(),
                    "nothing: the system chooses the port that this speaker calls from");
        }
    }

    /** Of a node that has no override. */
    public static BgpOverrideReading none(String node) {
        return new BgpOverrideReading(new BgpNodeOverride(node, Map.of()), List.of(), List.of());
    }
}
