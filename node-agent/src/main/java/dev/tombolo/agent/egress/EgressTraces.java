package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.address.FloatingAddresses;
import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.carrier.CarrierDevices;
import dev.tombolo.agent.path.KernelRoutes;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What carriers leave on a node: devices, the files by which these are kept, and a table of routes. */
public final class EgressTraces {
    private EgressTraces() {}

    /** Before the devices: one that is still wanted would be made again. */
    public static void removeFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(directory, EgressTraces::isOurs)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        boolean kept = name.endsWith(CarrierDevices.WANTED) || name.endsWith(".sock");
        return kept && Carrier.isName(name.substring(0, dot));
    }

    public static void removeDevices(Netlink netlink) throws IOException {
        for (Link link : netlink.links().list()) {
            if (Carrier.isName(link.name())) {
                netlink.links().delete(link.name());
            }
        }
    }

    /** The addresses that float, so that their next owner does not share them with this node. */
    public static void removeAddresses(Netlink netlink) throws IOException {
        FloatingAddresses.removeAll(netlink);
    }

    public static void removeRoutes(Netlink netlink) throws IOException {
        KernelRoutes.removeAll(netlink, CarrierDevices.TABLE);
    }
}
