package dev.tombolo.agent.outside;

import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Programs at devices. After a start none counts as attached, so that those of the agent before are swapped; a program
 * stays on a device that needs none any more, for the connections that it has there.
 */
final class DevicePrograms implements Target<String, Integer> {
    private final Attachment attachment;
    private final Netlink netlink;
    private final Map<String, Integer> attached = new HashMap<>();

    /** Puts the programs of this version at a device, in place of those that it may have. */
    @FunctionalInterface
    interface Attachment {
        void to(String device) throws IOException;
    }

    DevicePrograms(Attachment attachment, Netlink netlink) {
        this.attachment = attachment;
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
        attachment.to(device);
        attached.put(device, index);
    }

    @Override
    public void remove(String device) {
        attached.remove(device);
    }
}
