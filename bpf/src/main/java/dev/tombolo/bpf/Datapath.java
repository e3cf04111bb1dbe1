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
import dev.tombolo.bpf.service.ServiceSource;
import dev.tombolo.bpf.service.ServiceSourceKey;
import dev.tombolo.bpf.service.UdpReverse;
import dev.tombolo.bpf.service.UdpReverseKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Programs, maps and links of a node, pinned: they go on working when this process ends. {@link #open} loads and keeps
 * the maps that are there; fill them, then attach, so that a program never meets a map that is still empty.
 */
public final class Datapath implements AutoCloseable {
    private static final String SOCKET_LB = "socket_lb";
    private static final String FROM_TUNNEL = "from_tunnel";
    private static final String SERVICES = "svc_fe";
    private static final Map<String, Integer> SOCKET_HOOKS = Map.of(
            "connect4",
            10,
            "connect6",
            11,
            "post_bind4",
            12,
            "post_bind6",
            13,
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
    private final PinnedPrograms programs;
    private final BpfObject sockets;
    private final BpfObject tunnel;

    private Datapath(DatapathOptions options, Layout layout) throws IOException {
        this.options = options;
        this.programs = new PinnedPrograms(PinDirectory.prepare(options, layout.version()), options.mapSizes());
        boolean retval = BpfSupport.check() instanceof BpfSupport.Available(boolean yes) && yes;
        sockets = programs.load(BpfObject.open(layout, SOCKET_LB)
                .constant("has_set_retval", retval ? 1 : 0)
                .constant("host_netns", Math.max(0, LibBpf.netnsCookie())));
        tunnel = programs.load(BpfObject.open(layout, FROM_TUNNEL)
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
        return programs.freshMaps();
    }

    /** Whether another version's programs serve, by rows that this version cannot read: nothing less may replace them. */
    public boolean servedByOthers() throws IOException {
        return programs.othersServe() && freshMaps().contains(SERVICES);
    }

    /** Serves the processes of the cgroup; programs that are attached already are swapped without a gap. */
    public void attachServices() throws IOException {
        for (var hook : SOCKET_HOOKS.entrySet()) {
            int program = sockets.programFd(hook.getKey());
            programs.attachCgroup(hook.getKey(), program, options.cgroup(), hook.getValue());
        }
    }

    /** Watches what the tunnel device delivers; again, after the device was made anew. */
    public void attachTunnel(String device) throws IOException {
        attachTunnel(device, "");
    }

    /** The same for a device in another network namespace, named by the path of its file; empty is this one. */
    public void attachTunnel(String device, String netns) throws IOException {
        programs.attachDevice(FROM_TUNNEL, tunnel.programFd(FROM_TUNNEL), netns, device, PinnedPrograms.Seat.INGRESS);
    }

    /** To be called when everything is attached: what another version left is then of no use. */
    public void removeOtherVersions() throws IOException {
        programs.removeOtherVersions();
    }

    public ServiceMaps services() throws BpfException {
        return new ServiceMaps(
                frontends(),
                sockets.map("svc_slot", ServiceSlotKey.class, ServiceSlot.class),
                sockets.map("svc_backend", BackendKey.class, BackendRow.class),
                sockets.map("svc_source", ServiceSourceKey.class, ServiceSource.class));
    }

    BpfMap<ServiceFrontendKey, ServiceFrontend> frontends() throws BpfException {
        return sockets.map(SERVICES, ServiceFrontendKey.class, ServiceFrontend.class);
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
        PinnedPrograms.removeAll(bpffs);
    }

    /** Closes this process's handles; what is attached stays attached. */
    @Override
    public void close() {
        sockets.close();
        tunnel.close();
    }
}
