package dev.tombolo.agent.wiring;

import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import io.micronaut.context.env.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The agent's configuration, read once.
 *
 * @param cgroup the cgroup v2 directory whose processes are served
 */
record Settings(
        ServicePlan.Self self,
        Prefix tunnelRange,
        String device,
        int port,
        Duration heartbeat,
        String version,
        String node,
        Path state,
        Path run,
        Path tls,
        Path bpffs,
        Path cgroup) {

    static Settings read(Environment configuration, Map<String, String> environment) throws IOException {
        String name = text(configuration, "cluster.name", "");
        int id = configuration.getProperty("tombolo.cluster.id", Integer.class).orElse(0);
        int width = configuration.getProperty("tombolo.max-connected-clusters", Integer.class).orElse(255);
        ClusterName.check("tombolo.cluster.name", name).ifPresent(wrong -> {
            throw new IllegalArgumentException("configuration refused: " + wrong);
        });
        var numbering = MeshNumbering.of(width);
        if (!numbering.admits(id)) {
            throw new IllegalArgumentException(
                    "configuration refused: tombolo.cluster.id: read " + id + ", expected 1–" + width);
        }
        var cluster = new ClusterId(id);
        String range = text(configuration, "tunnel.cidr", "");
        return new Settings(
                new ServicePlan.Self(new ClusterName(name), cluster),
                range.isEmpty() ? numbering.defaultTunnelRange(cluster) : Prefix.parse(range),
                text(configuration, "tunnel.device", "tombolo-wg0"),
                configuration.getProperty("tombolo.tunnel.port", Integer.class).orElse(51_871),
                configuration
                        .getProperty("tombolo.kvstore.heartbeat", Duration.class)
                        .orElse(Duration.ofSeconds(60)),
                text(configuration, "image-version", ""),
                environment.getOrDefault("NODE_NAME", ""),
                path(environment, "TOMBOLO_STATE_DIR", "/var/lib/tombolo"),
                path(environment, "TOMBOLO_RUN_DIR", "/run/tombolo"),
                path(environment, "TOMBOLO_TLS_DIR", "/etc/tombolo-tls"),
                path(environment, "TOMBOLO_BPFFS", "/sys/fs/bpf"),
                environment.containsKey("TOMBOLO_CGROUP")
                        ? Path.of(environment.get("TOMBOLO_CGROUP"))
                        : cgroup(Files.readString(Path.of("/proc/self/mountinfo"))));
    }

    /** The cgroup2 mount that shows the hierarchy from its root; a container's own view would serve only itself. */
    static Path cgroup(String mountinfo) throws IOException {
        return mountinfo.lines()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> line.split(" "))
                .filter(fields -> fields[3].equals("/"))
                .map(fields -> Path.of(fields[4]))
                .findFirst()
                .orElseThrow(() -> new IOException("no cgroup v2 is mounted from its root; "
                        + "give the pod hostPath /sys/fs/cgroup or set TOMBOLO_CGROUP"));
    }

    private static String text(Environment configuration, String key, String absent) {
        return configuration.getProperty("tombolo." + key, String.class).orElse(absent);
    }

    private static Path path(Map<String, String> environment, String key, String absent) {
        return Path.of(environment.getOrDefault(key, absent));
    }
}
