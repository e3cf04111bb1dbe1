package dev.tombolo.agent.outside;

import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The programs at the uplinks. After a start none counts as attached, so that those of the agent before are swapped; a
 * program stays on a device that is no uplink any more, for the connections that it has there.
 */
final class UplinkPrograms implements Target<String, Integer> {
    private final OutsideDatapath datapath;
    private final Netlink netlink;
    private final Map<String, Integer> attached = new HashMap<>();

    UplinkPrograms(OutsideDatapath datapath, Netlink netlink) {
        this.datapath = datapath;
        this.netlink = netlink;
    }

    /** A device that was made anew has another index, and nothing on it. */
    @Override
    public Map<String, Integer> observe() throws IOException {
        var indexes = new HashMap<String, Integer>();
        netlink.links().list().forEach(link -> indexes.put(link.name(), link.index()));
        attached.entrySet().removeIf(row -> !row.getValue().equals(indexes.get(row.getKey())));
        return Map.copyOf(attached);
    }

    @Override
    public void put(String device, Integer index) throws IOException {
        datapath.attachUplink(device, "");
        attached.put(device, index);
    }

    @Override
    public void remove(String device) {
        attached.remove(device);
    }
}
