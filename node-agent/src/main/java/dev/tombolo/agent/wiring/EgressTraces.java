package dev.tombolo.agent.wiring;

import dev.tombolo.agent.path.KernelRoutes;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What egress gateways leave on a node: devices of their own, the files by which these are carried, and a table of routes. */
final class EgressTraces {
    /** Packets that are marked for a gateway look into it. */
    static final int TABLE = 7_101;

    private static final String DEVICE = "tombolo-eg(w|[0-9]+)";
    private static final Pattern FILE = Pattern.compile(DEVICE + "[.](wanted|sock)");

    private EgressTraces() {}

    /** Before the devices: one that is still wanted would be made again. */
    static void removeFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(
                directory, file -> FILE.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    static void removeDevices(Netlink netlink) throws IOException {
        for (Link link : netlink.links().list()) {
            if (link.name().matches(DEVICE)) {
                netlink.links().delete(link.name());
            }
        }
    }

    static void removeRoutes(Netlink netlink) throws IOException {
        KernelRoutes.removeAll(netlink, TABLE);
    }
}
