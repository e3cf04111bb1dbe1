package dev.tombolo.agent.node;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The tunnel's device itself: key and port, address, MTU, loose reverse-path filter, up. Observing it configures what
 * does not need a decision, so that a user-space WireGuard that was restarted empty is itself again within one pass.
 */
public final class DeviceTarget implements Target<String, OwnTunnel> {
    private final Netlink netlink;
    private final TunnelDevice device;
    private final String name;
    private final Runnable ready;
    private boolean configured;

    /** @param ready called after the device came back, because its peers and the programs on it are gone then */
    public DeviceTarget(Netlink netlink, TunnelDevice device, String name, Runnable ready) {
        this.netlink = netlink;
        this.device = device;
        this.name = name;
        this.ready = ready;
    }

    @Override
    public Map<String, OwnTunnel> observe() throws IOException {
        boolean before = configured;
        configured = false;
        boolean empty = device.configure();
        Link link = netlink.links()
                .find(name)
                .orElseThrow(
                        () -> new IOException(
                                "device " + name
                                        + " is not there: the kernel has no WireGuard and this node's pod of tombolo-wireguard has not made it"));
        if (!link.isUp()) {
            netlink.links().setUp(name);
        }
        configured = true;
        if (empty || !before) {
            ready.run();
        }
        var address = netlink.addresses().list(name).stream()
                .map(InterfaceAddress::address)
                .filter(IpAddress::isV4)
                .findFirst();
        return Map.of(dev.tombolo.agent.mesh.MeshTables.OWN, new OwnTunnel(name, address, link.mtu()));
    }

    @Override
    public void put(String row, OwnTunnel wanted) throws IOException {
        netlink.links().setMtu(name, wanted.mtu());
        // Replies of host-network clients and of remote nodes may take another way than our table's.
        Files.writeString(Path.of("/proc/sys/net/ipv4/conf", name, "rp_filter"), "2");
        for (var held : netlink.addresses().list(name)) {
            if (held.address().isV4() && !wanted.address().equals(java.util.Optional.of(held.address()))) {
                netlink.addresses().delete(held);
            }
        }
        if (wanted.address().isPresent()) {
            var own = InterfaceAddress.host(name, wanted.address().get());
            if (!netlink.addresses().list(name).contains(own)) {
                netlink.addresses().add(own);
            }
        }
        netlink.links().setUp(name);
    }

    /** The device stays: what goes through it must not leave in another way. */
    @Override
    public void remove(String row) {}
}
