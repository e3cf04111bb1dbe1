package dev.tombolo.bpf;

import dev.tombolo.bpf.PinnedPrograms.Family;
import dev.tombolo.bpf.PinnedPrograms.Place;
import dev.tombolo.bpf.PinnedPrograms.Seat;
import dev.tombolo.bpf.PinnedPrograms.Side;
import dev.tombolo.bpf.egress.EgressEvents;
import dev.tombolo.bpf.egress.EgressMaps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The programs of the egress gateway, pinned beside those of {@link Datapath}. Fill the maps, then attach; of a node's
 * devices the uplinks first, whose guard holds what is not steered yet. {@link Datapath#removeOtherVersions} waits for
 * these to be attached too.
 */
public final class EgressDatapath implements AutoCloseable {
    private static final String SOURCES = "eg_source";
    private static final String PODS = "egress_source";

    /** What comes for an egress address is no service's, and what a service answers is no pod's own any more. */
    private static final Seat COMING = new Seat(Side.INGRESS, Place.FIRST, Family.OWN);

    private static final Seat LEAVING = new Seat(Side.EGRESS, Place.LAST, Family.OWN);

    private final PinnedPrograms programs;
    private final BpfObject object;
    private final EgressMaps maps;

    private EgressDatapath(DatapathOptions options, Layout layout) throws IOException {
        programs = new PinnedPrograms(PinDirectory.prepare(options, layout.version()), options.mapSizes());
        object = programs.load(BpfObject.open(layout, "egress"));
        maps = EgressMaps.of(object);
        // What runs before a pod attaches it to devices that are made with the pod.
        programs.keepProgram(PODS, object.programFd(PODS));
    }

    public static EgressDatapath open(DatapathOptions options) throws IOException {
        return open(options, Layout.CURRENT);
    }

    /** Pins of another layout are taken over where the structs agree, or rows are the programs'. */
    static EgressDatapath open(DatapathOptions options, Layout layout) throws IOException {
        return new EgressDatapath(options, layout);
    }

    /** Whether any version has left its maps in the kernel. */
    public static boolean isThere(Path bpffs) {
        try {
            for (var pins : PinDirectory.all(bpffs)) {
                if (pins.names("maps").contains(SOURCES)) {
                    return true;
                }
            }
        } catch (IOException | UncheckedIOException nothingPinned) {
            return false;
        }
        return false;
    }

    /** Maps that did not exist before, or whose struct changed: their rows must be written before attaching. */
    public Set<String> freshMaps() {
        return programs.freshMaps();
    }

    public EgressMaps maps() {
        return maps;
    }

    /** What the programs tell of flows from now on; to be closed before this. */
    public EgressEvents events() throws BpfException {
        return EgressEvents.of(object);
    }

    /** A device that has an egress address, or by which the node reaches the outside. */
    public void attachUplink(String device, String netns) throws IOException {
        attach("egress_local", device, netns, LEAVING);
        attach("egress_reply", device, netns, COMING);
    }

    /** At a gateway, the device by which pods of other nodes come. */
    public void attachGatewayCarrier(String device, String netns) throws IOException {
        attach("egress_gateway", device, netns, Seat.INGRESS);
    }

    /** At a pod's node, the device that leads to a gateway. */
    public void attachSourceCarrier(String device, String netns) throws IOException {
        attach("egress_return", device, netns, Seat.INGRESS);
    }

    /** The device by which pods send: their bridge, or a pod's own. */
    public void attachPods(String device, String netns) throws IOException {
        attach(PODS, device, netns, Seat.INGRESS);
    }

    private void attach(String program, String device, String netns, Seat seat) throws IOException {
        programs.catchUp(object);
        programs.attachDevice(program, object.programFd(program), netns, device, seat);
        // What the one before wrote until it was swapped.
        programs.catchUp(object);
    }

    /** What the programs counted, under the names of C; the same counters as those of {@link Datapath}. */
    Counters counters() throws BpfException {
        return new Counters(object);
    }

    /** Closes this process's handles; what is attached stays attached. */
    @Override
    public void close() {
        object.close();
    }
}
