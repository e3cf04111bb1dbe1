package dev.tombolo.bpf;

import dev.tombolo.bpf.PinnedPrograms.Family;
import dev.tombolo.bpf.PinnedPrograms.Place;
import dev.tombolo.bpf.PinnedPrograms.Seat;
import dev.tombolo.bpf.PinnedPrograms.Side;
import dev.tombolo.bpf.outside.Answer;
import dev.tombolo.bpf.outside.AnswerKey;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.bpf.outside.BackendPlaceKey;
import dev.tombolo.bpf.outside.ServiceRoom;
import dev.tombolo.bpf.outside.ServiceTranslation;
import dev.tombolo.bpf.outside.ServiceTuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * The programs that serve clients outside, pinned beside those of {@link Datapath}, by whose service maps they choose.
 * {@link Datapath#removeOtherVersions} waits for these to be attached too.
 */
public final class OutsideDatapath implements AutoCloseable {
    /** The map of connections. */
    public static final String CONNECTIONS = "lb_nat";

    private static final String SHORTCUT = "lb_xdp";

    private static final String FROM_TUNNEL = "lb_from_tunnel";

    private static final Seat COMING = new Seat(Side.INGRESS, Place.LAST, Family.SERVICES);
    private static final Seat LEAVING = new Seat(Side.EGRESS, Place.FIRST, Family.SERVICES);

    private final PinnedPrograms programs;
    private final Layout layout;
    private final BpfObject object;
    private final BpfMap<ServiceTuple, ServiceTranslation> connections;
    private final BpfMap<ArrayIndex, ServiceRoom> room;
    private final BpfMap<BackendPlaceKey, BackendPlace> places;
    private final BpfMap<AnswerKey, Answer> answers;
    private Optional<BpfObject> tunnel = Optional.empty();

    private OutsideDatapath(DatapathOptions options, Layout layout) throws IOException {
        this.layout = layout;
        programs = new PinnedPrograms(PinDirectory.prepare(options, layout.version()), options.mapSizes());
        object = programs.load(BpfObject.open(layout, "packet_lb"));
        connections = object.map(CONNECTIONS, ServiceTuple.class, ServiceTranslation.class);
        room = object.array("lb_room", ServiceRoom.class);
        places = object.map("lb_place", BackendPlaceKey.class, BackendPlace.class);
        answers = object.map("lb_answer", AnswerKey.class, Answer.class);
    }

    public static OutsideDatapath open(DatapathOptions options) throws IOException {
        return new OutsideDatapath(options, Layout.CURRENT);
    }

    /** Whether any version has left its maps in the kernel. */
    public static boolean isThere(Path bpffs) {
        try {
            for (var pins : PinDirectory.all(bpffs)) {
                if (pins.names("maps").contains(CONNECTIONS)) {
                    return true;
                }
            }
        } catch (IOException | UncheckedIOException nothingPinned) {
            return false;
        }
        return false;
    }

    /** An Ethernet device by which clients outside come; what leaves first, so that no answer shows its backend. */
    public void attachUplink(String device, String netns) throws IOException {
        programs.catchUp(object);
        programs.attachDevice("lb_out", object.programFd("lb_out"), netns, device, LEAVING);
        programs.attachDevice("lb_in", object.programFd("lb_in"), netns, device, COMING);
        // What the ones before wrote until they were swapped.
        programs.catchUp(object);
    }

    /**
     * Lets what is handed on to a neighbour turn round before the stack of the device. Refused where the driver cannot or a
     * program of somebody else is; what {@link #attachUplink} has attached serves either way.
     */
    public void shorten(String device, String netns, XdpMode mode) throws IOException {
        programs.attachXdp(SHORTCUT, object.programFd(SHORTCUT), netns, device, mode);
    }

    /** Takes back {@link #shorten}, of any version. */
    public void lengthen(String device) throws IOException {
        programs.detachXdp(SHORTCUT, device);
    }

    /**
     * Devices of which {@link #shorten} was not taken back.
     *
     * @param present the devices that there are; one that is gone is told by a name that need not be its own
     */
    public Set<String> shortened(Collection<String> present) throws IOException {
        return programs.xdpDevices(SHORTCUT, present);
    }

    /**
     * Lets nodes of other clusters hand connections on to this one by the tunnel's device; whose, {@link #answers} says. Again,
     * after the device was made anew.
     */
    public void attachTunnel(String device, String netns) throws IOException {
        if (tunnel.isEmpty()) {
            tunnel = Optional.of(programs.load(BpfObject.open(layout, "lb_tunnel")));
        }
        int program = tunnel.get().programFd(FROM_TUNNEL);
        programs.attachDevice(FROM_TUNNEL, program, netns, device, COMING);
    }

    /** The connections that are translated now. */
    public BpfMap<ServiceTuple, ServiceTranslation> connections() {
        return connections;
    }

    /** How many of their entries a flood may have taken, and what it may take. */
    public BpfMap<ArrayIndex, ServiceRoom> room() {
        return room;
    }

    /** Whether connections begin for known clients only. */
    public boolean isCrowded() throws BpfException {
        return room.lookup(ArrayIndex.ONLY).orElseThrow().isTaken();
    }

    /** Where backends are whose nodes answer clients themselves. */
    public BpfMap<BackendPlaceKey, BackendPlace> places() {
        return places;
    }

    /** At which addresses of services a cluster's nodes answer the clients of another one. */
    public BpfMap<AnswerKey, Answer> answers() {
        return answers;
    }

    /** How full the map of connections is; to count it is to walk through it. */
    public Datapath.Fill fill() throws BpfException {
        return new Datapath.Fill(connections.count(), connections.capacity());
    }

    /** Closes this process's handles; what is attached stays attached. */
    @Override
    public void close() {
        tunnel.ifPresent(BpfObject::close);
        object.close();
    }
}
