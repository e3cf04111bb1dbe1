package dev.tombolo.agent.egress.attachment;

import dev.tombolo.bpf.EgressDatapath;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The egress programs on devices. After a start none counts as attached, so that those of the agent before are swapped;
 * a program stays on a device that needs it no more, where it finds nothing to do.
 */
public final class AttachedPrograms implements Target<Attachment, Integer> {
    private final EgressDatapath datapath;
    private final Netlink netlink;
    private final Map<Attachment, Integer> attached = new HashMap<>();

    public AttachedPrograms(EgressDatapath datapath, Netlink netlink) {
        this.datapath = datapath;
        this.netlink = netlink;
    }

    /** A device that was made anew has another index, and nothing on it. */
    @Override
    public Map<Attachment, Integer> observe() throws IOException {
        var indexes = new HashMap<String, Integer>();
        netlink.links().list().forEach(link -> indexes.put(link.name(), link.index()));
        attached.entrySet()
                .removeIf(row -> !row.getValue().equals(indexes.get(row.getKey().device())));
        return Map.copyOf(attached);
    }

    @Override
    public Map<Attachment, IOException> putAll(Map<Attachment, Integer> rows) {
        var failures = new LinkedHashMap<Attachment, IOException>();
        new TreeMap<>(rows).forEach((attachment, index) -> {
            try {
                put(attachment, index);
            } catch (IOException failure) {
                failures.put(attachment, failure);
            }
        });
        return failures;
    }

    @Override
    public void put(Attachment attachment, Integer index) throws IOException {
        String device = attachment.device();
        switch (attachment.role()) {
            case UPLINK -> datapath.attachUplink(device, "");
            case GATEWAY_CARRIER -> datapath.attachGatewayCarrier(device, "");
            case SOURCE_CARRIER -> datapath.attachSourceCarrier(device, "");
            case PODS -> datapath.attachPods(device, "");
        }
        attached.put(attachment, index);
    }

    @Override
    public void remove(Attachment attachment) {
        attached.remove(attachment);
    }
}
