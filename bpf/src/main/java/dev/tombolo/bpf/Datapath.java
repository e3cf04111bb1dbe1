package dev.tombolo.bpf;

import dev.tombolo.bpf.ipcache.IpcacheCidrKey;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.ipcache.IpcacheHostKey;
import dev.tombolo.bpf.service.BackendKey;
import dev.tombolo.bpf.service.BackendRow;
import dev.tombolo.bpf.service.ServiceFrontend;
import dev.tombolo.bpf.service.ServiceFrontendKey;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.bpf.service.ServiceSlot;
import dev.tombolo.bpf.service.ServiceSlotKey;
import dev.tombolo.bpf.service.UdpReverse;
import dev.tombolo.bpf.service.UdpReverseKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Programs, maps and links of a node, pinned: they go on working when this process ends. {@link #open} loads and keeps
 * the maps that are there; fill them, then attach, so that a program never meets a map that is still empty.
 */
public final class Datapath implements AutoCloseable {
    private static final String SOCKET_LB = "socket_lb";
    private static final String FROM_TUNNEL = "from_tunnel";
    private static final String SERVICES = "svc_fe";
    private static final int TCX_INGRESS = 46;
    private static final Map<String, Integer> SOCKET_HOOKS = Map.of(
            "connect4",
            10,
            "connect6",
            11,
            "sendmsg4",
            14,
            "sendmsg6",
            15,
            "recvmsg4",
            19,
            "recvmsg6",
            20,
            "getpeername4",
            29,
            "getpeername6",
            30);

    /** How full a map is. */
    public record Fill(int entries, int capacity) {}

    private final DatapathOptions options;
    private final PinDirectory pins;
    private final BpfObject sockets;
    private final BpfObject tunnel;
    private final TreeSet<String> freshMaps = new TreeSet<>();

    private Datapath(DatapathOptions options, Layout layout) throws IOException {
        this.options = options;
        this.pins = PinDirectory.prepare(options, layout.version());
        boolean retval = BpfSupport.check() instanceof BpfSupport.Available(boolean yes) && yes;
        sockets = load(BpfObject.open(layout, SOCKET_LB).constant("has_set_retval", retval ? 1 : 0));
        tunnel = load(BpfObject.open(layout, FROM_TUNNEL)
                .constant("drop_unknown_source", options.dropUnknownSource() ? 1 : 0));
    }

    public static Datapath open(DatapathOptions options) throws IOException {
        return open(options, Layout.CURRENT);
    }

    /** Pins of another layout are taken over where the structs agree. */
    static Datapath open(DatapathOptions options, Layout layout) throws IOException {
        return new Datapath(options, layout);
    }

    /** Maps that did not exist before, or whose struct changed: their rows must be written before attaching. */
    public java.util.Set<String> freshMaps() {
        return java.util.Collections.unmodifiableSet(freshMaps);
    }

    /** Whether another version's programs serve, by rows that this version cannot read: nothing less may replace them. */
    public boolean servedByOthers() throws IOException {
        boolean others = false;
        for (var other : pins.others()) {
            others |= !other.names("links").isEmpty();
        }
        return others && freshMaps.contains(SERVICES);
    }

    private BpfObject load(BpfObject object) throws IOException {
        try (var carrier = new MapCarrier(object, pins, options.mapSizes())) {
            carrier.prepare();
            object.load();
            freshMaps.addAll(carrier.finish());
        }
        return object;
    }

    /** Serves the processes of the cgroup; programs that are attached already are swapped without a gap. */
    public void attachServices() throws IOException {
        for (var hook : SOCKET_HOOKS.entrySet()) {
            int program = sockets.programFd(hook.getKey());
            if (!takeOver(hook.getKey(), program)) {
                int link = LibBpf.attachCgroup(program, options.cgroup().toString(), hook.getValue());
                keep(hook.getKey(), BpfException.check(link, "attaching " + hook.getKey(), "" + options.cgroup()));
            }
            pins.pin("progs", hook.getKey(), program);
        }
    }

    /** Watches what the tunnel device delivers; again, after the device was made anew. */
    public void attachTunnel(String device) throws IOException {
        attachTunnel(device, "");
    }

    /** The same for a device in another network namespace, named by the path of its file; empty is this one. */
    public void attachTunnel(String device, String netns) throws IOException {
        int program = tunnel.programFd(FROM_TUNNEL);
        pins.pin("progs", FROM_TUNNEL, program);
        String name = FROM_TUNNEL + "_" + device;
        if (takeOver(name, program)) {
            return;
        }
        int link = LibBpf.device(LibBpf.TCX, program, netns, device, TCX_INGRESS);
        if (link == -Errno.EINVAL) {
            int result = LibBpf.device(LibBpf.CLSACT, program, netns, device, 0);
            BpfException.check(result, "attaching from_tunnel by clsact", "device " + device);
            pins.pin("progs", "clsact_" + device, program);
            return;
        }
        keep(name, BpfException.check(link, "attaching from_tunnel", "device " + device));
    }

    /** Swaps the program of a link that is pinned, here or by another version. False: there is no live one. */
    private boolean takeOver(String name, int program) throws IOException {
        var places = new java.util.ArrayList<PinDirectory>();
        places.add(pins);
        places.addAll(pins.others());
        for (var place : places) {
            var link = place.open("links", name);
            if (link.isEmpty()) {
                continue;
            }
            int result = LibBpf.linkUpdate(link.getAsInt(), program);
            if (result == 0 && !place.equals(pins)) {
                pins.pin("links", name, link.getAsInt());
            }
            LibBpf.closeFd(link.getAsInt());
            if (result == 0) {
                return true;
            }
            // The cgroup or device that it hung on is gone.
            Files.delete(place.path("links", name));
        }
        return false;
    }

    private void keep(String name, int link) throws IOException {
        try {
            pins.pin("links", name, link);
        } finally {
            LibBpf.closeFd(link);
        }
    }

    /** To be called when everything is attached: what another version left is then of no use. */
    public void removeOtherVersions() throws IOException {
        for (var other : pins.others()) {
            other.remove();
        }
    }

    public ServiceMaps services() throws BpfException {
        return new ServiceMaps(
                sockets.map(SERVICES, ServiceFrontendKey.class, ServiceFrontend.class),
                sockets.map("svc_slot", ServiceSlotKey.class, ServiceSlot.class),
                sockets.map("svc_backend", BackendKey.class, BackendRow.class));
    }

    public BpfMap<IpcacheHostKey, IpcacheEntry> ipcacheHosts() throws BpfException {
        return tunnel.map("ipc_host", IpcacheHostKey.class, IpcacheEntry.class);
    }

    public BpfMap<IpcacheCidrKey, IpcacheEntry> ipcacheCidrs() throws BpfException {
        return tunnel.map("ipc_cidr", IpcacheCidrKey.class, IpcacheEntry.class);
    }

    /** For sockets whose service has their backend no more. */
    public SocketDestroyer socketDestroyer() throws BpfException {
        return new SocketDestroyer(sockets.map("udp_reverse", UdpReverseKey.class, UdpReverse.class));
    }

    public Counters counters() throws BpfException {
        return new Counters(tunnel);
    }

    public Map<String, Fill> fill() throws BpfException {
        var fill = new LinkedHashMap<String, Fill>();
        for (var object : java.util.List.of(sockets, tunnel)) {
            for (String map : object.btf().maps()) {
                int capacity = MapInfo.of(object.mapFd(map)).maxEntries();
                if (capacity > 0 && !map.equals("metrics")) {
                    fill.put(map, new Fill(RawMap.of(object.mapFd(map)).count(), capacity));
                }
            }
        }
        return fill;
    }

    /** Detaches and unpins everything, of every version. A tunnel device attached by clsact is freed by its name. */
    public static void removeAll(Path bpffs) throws IOException {
        var top = PinDirectory.top(bpffs);
        if (!Files.exists(top)) {
            return;
        }
        for (var layout : PinDirectory.all(bpffs)) {
            for (String name : layout.names("progs")) {
                if (name.startsWith("clsact_")) {
                    LibBpf.device(LibBpf.CLSACT_DETACH, 0, "", name.substring("clsact_".length()), 0);
                }
            }
        }
        PinDirectory.deleteTree(top);
    }

    /** Closes this process's handles; what is attached stays attached. */
    @Override
    public void close() {
        sockets.close();
        tunnel.close();
    }
}
