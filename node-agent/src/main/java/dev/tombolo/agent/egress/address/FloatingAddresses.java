package dev.tombolo.agent.egress.address;

import dev.tombolo.agent.egress.network.FloatingMark;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The addresses that Tombolo has put on devices of this node, by the devices' names. Those of the
 * administrator are never touched.
 */
public final class FloatingAddresses implements Target<IpAddress, String> {
    private final Netlink netlink;
    private final Ownership ownership;
    private final Runnable changed;

    /** What goes with having an address. */
    interface Ownership {
        /** Asks etcd itself: what was read before may be over. */
        boolean isMine(IpAddress address) throws IOException;

        /** The same; neither is true while nobody owns the address. */
        boolean isAnothers(IpAddress address) throws IOException;

        /** Before the address is on a device; refuses where it is another node's when that is done. */
        void gain(IpAddress address) throws IOException;

        /** When it is. */
        void announce(IpAddress address, String device);

        /** The same, of those that have been there for a time. */
        void remind(Map<IpAddress, String> devices);

        /** Before it is taken off. */
        void lose(IpAddress address) throws IOException;
    }

    /** @param changed told that the node has other addresses now */
    public FloatingAddresses(Netlink netlink, Ownership ownership, Runnable changed) {
        this.netlink = netlink;
        this.ownership = ownership;
        this.changed = changed;
    }

    @Override
    public Map<IpAddress, String> observe() throws IOException {
        var devices = new HashMap<IpAddress, String>();
        ours().forEach(own -> devices.put(own.address(), own.device()));
        return devices;
    }

    private List<InterfaceAddress> ours() throws IOException {
        return netlink.addresses().list().stream().filter(FloatingMark::isOn).toList();
    }

    /** Addresses that the administrator has put on devices of this node. */
    Set<IpAddress> administrators() throws IOException {
        return netlink.addresses().list().stream()
                .filter(address -> !FloatingMark.isOn(address))
                .map(InterfaceAddress::address)
                .collect(Collectors.toSet());
    }

    @Override
    public void put(IpAddress address, String device) throws IOException {
        if (!ownership.isMine(address)) {
            throw new IOException(address + " is another node's by now");
        }
        for (InterfaceAddress elsewhere : ours()) {
            if (elsewhere.address().equals(address) && !elsewhere.device().equals(device)) {
                netlink.addresses().delete(elsewhere);
            }
        }
        ownership.gain(address);
        netlink.addresses().add(FloatingMark.marked(address, device));
        ownership.announce(address, device);
        changed.run();
    }

    @Override
    public void remove(IpAddress address) throws IOException {
        ownership.lose(address);
        for (InterfaceAddress own : ours()) {
            if (own.address().equals(address)) {
                netlink.addresses().delete(own);
            }
        }
        changed.run();
    }

    /** Takes all of them off this node, whoever owns them. */
    public static void removeAll(Netlink netlink) throws IOException {
        for (InterfaceAddress address : netlink.addresses().list()) {
            if (FloatingMark.isOn(address)) {
                netlink.addresses().delete(address);
            }
        }
    }
}
