package dev.tombolo.lab.network;

import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node as its programs see it: own root (the machine's, copy on write), /run, /proc, /sys, bpffs and cgroup tree. One
 * sleeping process holds the mount and cgroup namespaces, which all containers of the node enter.
 */
public final class NodeSandbox {
    private static final String ENTER = """
            echo $$ > "$CGROUP/cgroup.procs"
            exec nsenter --net="$NETNS" unshare --mount --uts --cgroup --propagation private sh -e\s""";

    /** The root is pivoted, not chrooted: nsenter then lands in it, and the machine's mounts are out of reach. */
    private static final String SCRIPT = """
            root="$DIR/root"
            mkdir -p "$root" "$DIR/upper" "$DIR/work"
            mount -t overlay overlay -o lowerdir=/,upperdir="$DIR/upper",workdir="$DIR/work" "$root"
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -t sysfs sysfs "$root/sys"
            mount -t bpf bpf "$root/sys/fs/bpf"
            mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
            mount -t tmpfs -o mode=755 tmpfs "$root/run"
            mkdir -p "$root/var/lib/kubelet" "$root/run/lock" "$root/opt/tombolo" "$root$DIST"
            mount --bind "$DIR/kubelet" "$root/var/lib/kubelet"
            for dir in net.d:etc/cni/net.d bin:opt/cni/bin; do
                mkdir -p "$root/${dir#*:}"
                mount --bind "$DIR/cni/${dir%:*}" "$root/${dir#*:}"
            done
            mount --bind "$DIST" "$root$DIST"
            mount -o remount,bind,ro "$root$DIST"
            rm -f "$root/etc/resolv.conf" "$root/etc/hostname"
            touch "$root/etc/resolv.conf" "$root/etc/hostname"
            mkdir -p "$root/run/lab-old"
            cd "$root"
            pivot_root . run/lab-old
            umount -l /run/lab-old
            rmdir /run/lab-old
            hostname "$NODE"
            echo $$ > /sys/fs/cgroup/pause/cgroup.procs
            echo ready
            exec sleep infinity > /dev/null 2>&1 < /dev/null
            """;

    private final Topology.Node node;
    private final long pid;
    private final Path cgroup;

    private NodeSandbox(Topology.Node node, long pid, Path cgroup) {
        this.node = node;
        this.pid = pid;
        this.cgroup = cgroup;
    }

    public static NodeSandbox start(Topology.Node node, Path distributions) throws IOException {
        Path cgroup = node.home().cgroup().resolve(node.clusterName()).resolve(node.name());
        Files.createDirectories(cgroup.resolve("pause"));
        Files.createDirectories(cgroup.resolve("pods"));
        Files.createDirectories(node.directory().resolve("kubelet"));
        new NodeCni(node).write();
        Path script = node.directory().resolve("node.sh");
        Files.writeString(script, SCRIPT);
        Process process = builder(node, cgroup, script, distributions).start();
        return new NodeSandbox(node, ready(process, node), cgroup);
    }

    private static ProcessBuilder builder(Topology.Node node, Path cgroup, Path script, Path distributions) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", ENTER + script).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "CGROUP", cgroup.toString(),
                        "NETNS", LabHome.namespacePath(node.namespace()).toString(),
                        "DIR", node.directory().toString(),
                        "NODE", node.name(),
                        "DIST", distributions.toString()));
        return builder;
    }

    private static long ready(Process process, Topology.Node node) throws IOException {
        StringBuilder said = new StringBuilder();
        try (var reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.equals("ready")) {
                    return process.pid();
                }
                said.append(line).append('\n');
            }
        }
        throw new IOException("node " + node.namespace() + " did not start: " + said);
    }

    public Topology.Node node() {
        return node;
    }

    public long pid() {
        return pid;
    }

    public Path cgroup() {
        return cgroup;
    }

    /** Arguments that put a program where the node's own programs run. */
    public List<String> enter(Path netns) {
        return List.of(
                "nsenter",
                "--mount=/proc/" + pid + "/ns/mnt",
                "--cgroup=/proc/" + pid + "/ns/cgroup",
                "--uts=/proc/" + pid + "/ns/uts",
                "--net=" + netns);
    }
}
