package dev.tombolo.lab.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.network.Families;
import dev.tombolo.lab.network.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** What the daemon tells the command line about a lab that is up. */
public record LabFile(
        long daemonPid,
        int clusters,
        int nodes,
        Families families,
        Map<String, Long> etcdPids,
        Map<String, Long> nodePids,
        Map<String, String> servers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static Optional<LabFile> read(LabHome home) throws IOException {
        return Files.exists(home.file())
                ? Optional.of(JSON.readValue(home.file().toFile(), LabFile.class))
                : Optional.empty();
    }

    void write(LabHome home) throws IOException {
        var fresh = home.path("lab.json.new");
        JSON.writeValue(fresh.toFile(), this);
        Files.move(fresh, home.file(), StandardCopyOption.ATOMIC_MOVE);
    }

    public boolean running() {
        return ProcessHandle.of(daemonPid).map(ProcessHandle::isAlive).orElse(false);
    }

    public Topology topology(LabHome home) {
        return Topology.of(home, clusters, nodes, families);
    }

    public long nodePid(Topology.Node node) {
        return nodePids.get(node.clusterName() + "/" + node.name());
    }
}
