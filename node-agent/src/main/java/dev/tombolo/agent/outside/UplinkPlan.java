package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;

/** By which devices clients outside come, and their answers leave: those of default routes and of the node's addresses. */
final class UplinkPlan {
    private UplinkPlan() {}

    /** The indexes of the devices; those without Ethernet's headers are none that the programs could read. */
    static Map<String, Integer> uplinks(NodeNetwork network, Collection<IpAddress> nodeAddresses) {
        var devices = new HashSet<>(network.uplinks());
        network.addresses().stream()
                .filter(own -> nodeAddresses.contains(own.address()))
                .map(InterfaceAddress::device)
                .forEach(devices::add);
        var uplinks = new TreeMap<String, Integer>();
        devices.stream()
                .flatMap(device -> network.link(device).stream())
                .filter(Link::isEthernet)
                .forEach(link -> uplinks.put(link.name(), link.index()));
        return uplinks;
    }
}
