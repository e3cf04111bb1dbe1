package dev.tombolo.agent.egress.address;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which floating addresses are to be on which devices of this node: those that it owns. One that is there stays there
 * while nobody is known to own it, because that may only mean that etcd has lost its data.
 */
public final class FloatingAddressPlan {
    private FloatingAddressPlan() {}

    /** @param wanted the addresses that float and that a policy uses */
    public static Map<IpAddress, String> devices(
            NodeId self, Set<IpAddress> wanted, Map<IpAddress, AddressOwner> owners, NodeNetwork network) {
        var devices = new HashMap<IpAddress, String>();
        for (IpAddress address : wanted) {
            var owner = owners.get(address);
            boolean isOurs = owner != null && owner.node().equals(self.name());
            boolean mayBe = owner == null && network.floating().contains(address);
            if (isOurs || mayBe) {
                network.deviceToward(address).ifPresent(device -> devices.put(address, device));
            }
        }
        return devices;
    }
}
