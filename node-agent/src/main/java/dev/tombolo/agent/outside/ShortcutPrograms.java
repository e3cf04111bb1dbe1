package dev.tombolo.agent.outside;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.XdpMode;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs before the stack of the uplinks. Those that an agent before has left are there until they are swapped, or
 * removed where nobody wants them any more.
 */
final class ShortcutPrograms implements Target<String, Shortcut> {
    private static final Logger LOG = LoggerFactory.getLogger(ShortcutPrograms.class);
    private static final String SERVED = "; what is handed on goes through tc as before";

    /** Equal to nothing that is wanted. */
    private static final Shortcut LEFT_OVER = new Shortcut(0, Shortcut.Way.UNSAFE);

    private final OutsideDatapath datapath;
    private final Netlink netlink;
    private final Map<String, Shortcut> attached = new HashMap<>();
    private final Set<String> leftOver;

    ShortcutPrograms(OutsideDatapath datapath, Netlink netlink) throws IOException {
        this.datapath = datapath;
        this.netlink = netlink;
        leftOver = new HashSet<>(datapath.shortened(
                netlink.links().list().stream().map(Link::name).toList()));
    }

    /** A device that was made anew has another index, and nothing on it. */
    @Override
    public Map<String, Shortcut> observe() throws IOException {
        var indexes = new HashMap<String, Integer>();
        netlink.links().list().forEach(link -> indexes.put(link.name(), link.index()));
        attached.entrySet()
                .removeIf(row -> !Integer.valueOf(row.getValue().index()).equals(indexes.get(row.getKey())));
        var all = new HashMap<>(attached);
        leftOver.forEach(device -> all.putIfAbsent(device, LEFT_OVER));
        return all;
    }

    @Override
    public void put(String device, Shortcut shortcut) throws IOException {
        switch (shortcut.way()) {
            case NATIVE -> attach(device, XdpMode.NATIVE);
            case GENERIC -> attach(device, XdpMode.GENERIC);
            case NATIVE_IF_POSSIBLE -> attachIfPossible(device);
            case UNSAFE -> {
                remove(device);
                throw new IOException("a veth device loses what a program of XDP sends back" + SERVED);
            }
        }
        attached.put(device, shortcut);
        leftOver.remove(device);
    }

    private void attach(String device, XdpMode mode) throws IOException {
        try {
            datapath.shorten(device, "", mode);
        } catch (BpfException refused) {
            throw new IOException(refused.getMessage() + SERVED, refused);
        }
    }

    private void attachIfPossible(String device) throws IOException {
        try {
            datapath.shorten(device, "", XdpMode.NATIVE);
        } catch (BpfException refused) {
            LOG.info("no program of XDP at {}: {}{}", device, refused.getMessage(), SERVED);
        }
    }

    @Override
    public void remove(String device) throws IOException {
        datapath.lengthen(device);
        attached.remove(device);
        leftOver.remove(device);
    }
}
