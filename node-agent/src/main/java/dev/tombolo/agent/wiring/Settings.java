package dev.tombolo.agent.wiring;

import dev.tombolo.agent.egress.podstart.PodStartHook;
import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.Acceleration;
import io.micronaut.context.env.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The agent's configuration, read once.
 *
 * @param heartbeat how often the own mesh server writes one
 * @param acceleration of what this node hands on to others
 * @param mapSizes entries by the name of the eBPF map, where the default does not fit
 * @param cgroup the cgroup v2 directory whose processes are served
 */
record Settings(
        ServicePlan.Self self,
        Prefix tunnelRange,
        String device,
        int port,
        Duration heartbeat,
        Acceleration acceleration,
        Map<String, Integer> mapSizes,
        String version,
        String node,
        Path state,
        Path run,
        Path tls,
        Path bpffs,
        Path cgroup,
        Cni cni) {

    /**
     * Where the node has its CNI.
     *
     * @param configurations of the container runtime
     * @param programs its plugins
     * @param plugin ours, which is to be copied there
     */
    record Cni(Path configurations, Path programs, Path plugin) {
        PodStartHook hook(Path bpffs) {
            return new PodStartHook(configurations, programs, plugin, bpffs);
        }
    }

    static Settings read(Environment configuration, Map<String, String> environment) throws IOException {
        var read = new ConfigurationReader(configuration);
        var name = read.clusterName();
        int width = read.width();
        var numbering = MeshNumbering.of(width);
        var cluster = new ClusterId(read.number("cluster.id", 0, 1, width));
        var range = read.range("tunnel.cidr").orElseGet(() -> numbering.defaultTunnelRange(cluster));
        String device = read.device("tunnel.device", "tombolo-wg0");
        int port = read.number("tunnel.port", 51_871, 1, 65_535);
        var heartbeat = FollowPace.beat(
                read.duration("kvstore.heartbeat", Duration.ofSeconds(60)),
                read.duration("kvstore.lease", Duration.ofMinutes(15)));
        var namespaces = read.namespaces();
        var served = read.served();
        var forwarding = read.forwarding();
        var acceleration = read.acceleration();
        var mapSizes = read.mapSizes();
        read.refuseProblems();
        return new Settings(
                new ServicePlan.Self(
                        name, cluster, namespaces, served, forwarding, environment.getOrDefault("NODE_NAME", "")),
                range,
                device,
                port,
                heartbeat,
                acceleration,
                mapSizes,
                read.text("image-version", ""),
                environment.getOrDefault("NODE_NAME", ""),
                path(environment, "TOMBOLO_STATE_DIR", "/var/lib/tombolo"),
                path(environment, "TOMBOLO_RUN_DIR", "/run/tombolo"),
                path(environment, "TOMBOLO_TLS_DIR", "/etc/tombolo-tls"),
                path(environment, "TOMBOLO_BPFFS", "/sys/fs/bpf"),
                environment.containsKey("TOMBOLO_CGROUP")
                        ? Path.of(environment.get("TOMBOLO_CGROUP"))
                        : cgroup(Files.readString(Path.of("/proc/self/mountinfo"))),
                new Cni(
                        path(environment, "TOMBOLO_CNI_CONF_DIR", "/etc/cni/net.d"),
                        path(environment, "TOMBOLO_CNI_BIN_DIR", "/opt/cni/bin"),
                        path(environment, "TOMBOLO_CNI_PLUGIN", "/opt/tombolo/bin/tombolo-cni")));
    }

    /** The cgroup2 mount that shows the hierarchy from its root; a container's own view would serve only itself. */
    static Path cgroup(String mountinfo) throws IOException {
        return mountinfo
                .lines()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> line.split(" "))
                .filter(fields -> fields[3].equals("/"))
                .map(fields -> Path.of(fields[4]))
                .findFirst()
                .orElseThrow(() -> new IOException("no cgroup v2 is mounted from its root; "
                        + "give the pod hostPath /sys/fs/cgroup or set TOMBOLO_CGROUP"));
    }

    private static Path path(Map<String, String> environment, String key, String absent) {
        return Path.of(environment.getOrDefault(key, absent));
    }
}
