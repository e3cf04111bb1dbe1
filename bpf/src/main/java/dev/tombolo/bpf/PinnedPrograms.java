package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Loads objects with the maps that are pinned, and attaches their programs by links that are pinned. */
final class PinnedPrograms {
    /** The side of a device that a program watches. */
    enum Side {
        INGRESS(46, "clsact_"),
        EGRESS(47, "clsactout_");

        private final int tcx;
        private final String clsactPin;

        Side(int tcx, String clsactPin) {
            this.tcx = tcx;
            this.clsactPin = clsactPin;
        }
    }

    /** Where a program stands among the others of its device; {@code enum place} in C. */
    enum Place {
        ANYWHERE,
        FIRST,
        LAST
    }

    /** Programs that are told apart where they share a device by clsact. */
    enum Family {
        OWN(0x746f),
        SERVICES(0x746c);

        private final int handle;

        Family(int handle) {
            this.handle = handle;
        }
    }

    /** Where on a device a program is. */
    record Seat(Side side, Place place, Family family) {
        static final Seat INGRESS = new Seat(Side.INGRESS, Place.ANYWHERE, Family.OWN);
    }

    private final PinDirectory pins;
    private final Map<String, Integer> mapSizes;
    private final TreeSet<String> freshMaps = new TreeSet<>();

    PinnedPrograms(PinDirectory pins, Map<String, Integer> mapSizes) {
        this.pins = pins;
        this.mapSizes = mapSizes;
    }

    BpfObject load(BpfObject object) throws IOException {
        try (var carrier = new MapCarrier(object, pins, mapSizes)) {
            carrier.prepare();
            object.load();
            freshMaps.addAll(carrier.finish());
        } catch (IOException | RuntimeException failure) {
            object.close();
            throw failure;
        }
        return object;
    }

    /** What the programs of other versions have written since {@link #load}. */
    void catchUp(BpfObject object) throws IOException {
        CarriedRows.catchUp(object, pins);
    }

    /** Maps that did not exist before, or whose struct changed. */
    Set<String> freshMaps() {
        return Collections.unmodifiableSet(freshMaps);
    }

    /** Whether another version's programs are attached. */
    boolean othersServe() throws IOException {
        boolean others = false;
        for (var other : pins.others()) {
            others |= !other.names("links").isEmpty();
        }
        return others;
    }

    /** Pins a program for others, whether it is attached or not. */
    void keepProgram(String name, int program) throws IOException {
        pins.pin("progs", name, program);
    }

    /** A program that is attached already under that name is swapped without a gap. */
    void attachCgroup(String name, int program, Path cgroup, int type) throws IOException {
        if (!takeOver(name, program)) {
            int link = LibBpf.attachCgroup(program, cgroup.toString(), type);
            keep(name, BpfException.check(link, "attaching " + name, cgroup.toString()));
        }
        pins.pin("progs", name, program);
    }

    /** The same for a device, in the network namespace of that file; empty is this one. */
    void attachDevice(String name, int program, String netns, String device, Seat seat) throws IOException {
        pins.pin("progs", name, program);
        String linkName = name + "_" + device;
        if (takeOver(linkName, program)) {
            return;
        }
        int link = attach(LibBpf.TCX, program, netns, device, seat);
        if (link == -Errno.EINVAL) {
            int result = attach(LibBpf.CLSACT, program, netns, device, seat);
            BpfException.check(result, "attaching " + name + " by clsact", "device " + device);
            pins.pin("progs", seat.side().clsactPin + device, program);
            return;
        }
        keep(linkName, BpfException.check(link, "attaching " + name, "device " + device));
    }

    private static int attach(int command, int program, String netns, String device, Seat seat) {
        return LibBpf.device(
                command, program, netns, device, seat.side().tcx, seat.place().ordinal(), seat.family().handle);
    }

    /** Before the stack of a device. Where a program of somebody else is, that one stays and this is refused. */
    void attachXdp(String name, int program, String netns, String device, XdpMode mode) throws IOException {
        for (var other : XdpMode.values()) {
            if (other != mode) {
                detachLink(other.pins(name) + device);
            }
        }
        pins.pin("progs", name, program);
        String linkName = mode.pins(name) + device;
        if (takeOver(linkName, program)) {
            return;
        }
        int link = LibBpf.device(LibBpf.XDP, program, netns, device, mode.flag(), 0, 0);
        if (link < 0) {
            throw new BpfException("attaching " + name, "device " + device, -link, mode.refusal(-link));
        }
        keep(linkName, link);
    }

    void detachXdp(String name, String device) throws IOException {
        for (var mode : XdpMode.values()) {
            detachLink(mode.pins(name) + device);
        }
    }

    /**
     * Devices that a program was attached to before their stack, by any version.
     *
     * @param present the devices that there are; one that is gone is told as its name was pinned, with another letter for
     *     a dot
     */
    Set<String> xdpDevices(String name, Collection<String> present) throws IOException {
        var pinned = pinnedXdpDevices(name);
        var devices = new TreeSet<String>();
        for (String device : present) {
            if (pinned.remove(PinDirectory.pinned(device))) {
                devices.add(device);
            }
        }
        devices.addAll(pinned);
        return devices;
    }

    private Set<String> pinnedXdpDevices(String name) throws IOException {
        var devices = new TreeSet<String>();
        for (var place : PinDirectory.all(pins.bpffs())) {
            for (String link : place.names("links")) {
                for (var mode : XdpMode.values()) {
                    if (link.startsWith(mode.pins(name))) {
                        devices.add(link.substring(mode.pins(name).length()));
                    }
                }
            }
        }
        return devices;
    }

    /** A link that loses its last name goes too, but only some time later, and until then its device takes no other mode. */
    private void detachLink(String name) throws IOException {
        for (var place : PinDirectory.all(pins.bpffs())) {
            var link = place.open("links", name);
            if (link.isPresent()) {
                LibBpf.linkDetach(link.getAsInt());
                LibBpf.closeFd(link.getAsInt());
                Files.delete(place.path("links", name));
            }
        }
    }

    /** Swaps the program of a link that is pinned, here or by another version. False: there is no live one. */
    private boolean takeOver(String name, int program) throws IOException {
        var places = new ArrayList<PinDirectory>();
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
    void removeOtherVersions() throws IOException {
        for (var other : pins.others()) {
            other.remove();
        }
    }

    /** Detaches and unpins everything, of every version. What is attached by clsact is freed by the device's name. */
    static void removeAll(Path bpffs) throws IOException {
        var top = PinDirectory.top(bpffs);
        if (!Files.exists(top)) {
            return;
        }
        for (var layout : PinDirectory.all(bpffs)) {
            detachClsact(layout.names("progs"));
        }
        PinDirectory.deleteTree(top);
    }

    private static void detachClsact(List<String> programs) {
        for (String name : programs) {
            for (var side : Side.values()) {
                if (name.startsWith(side.clsactPin)) {
                    String device = name.substring(side.clsactPin.length());
                    for (var family : Family.values()) {
                        attach(LibBpf.CLSACT_DETACH, 0, "", device, new Seat(side, Place.ANYWHERE, family));
                    }
                }
            }
        }
    }
}
