package dev.tombolo.bpf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs frames through {@code lb_xdp} as if they came by {@code up0} of a namespace, in which 172.30.1.12 and fd30:1::12
 * are neighbours that are known; the kernel looks them up there.
 */
final class ShortcutRun implements AutoCloseable {
    static final String NEIGHBOUR = "02:00:00:00:01:12";
    /** A neighbour that is known too, at the other device. */
    static final String NODE_ELSEWHERE = "172.30.2.12";

    private static final Map<String, String> VERDICTS = Map.of("2", "pass", "3", "tx");
    private static final Pattern VERDICT = Pattern.compile("\"retval\":(\\d+)");
    private static final int CONTEXT = 24;
    private static final int DATA_END = 4;
    private static final int DEVICE = 12;

    final int device;
    final int otherDevice;
    final String address;
    private final TestNamespace namespace = TestNamespace.create();
    private final Path files = Files.createTempDirectory("tombolo-xdp");
    private final Path bpffs = Files.createTempDirectory("tombolo-bpffs");
    private final Path program;

    ShortcutRun(BpfObject object) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/bpftool")), "skipped: bpftool is not installed");
        namespace.run("ip link add up0 type veth peer name up1");
        namespace.run("ip address add 172.30.1.11/24 dev up0");
        namespace.run("ip address add fd30:1::11/64 dev up0 nodad");
        namespace.run("sysctl -qw net.ipv4.ip_forward=1");
        namespace.run("sysctl -qw net.ipv6.conf.all.forwarding=1");
        namespace.run("ip link set up1 up");
        namespace.run("ip link set up0 mtu 1400 up");
        namespace.run("ip route add 198.51.100.0/24 via 172.30.1.12");
        namespace.run("ip neighbour add 172.30.1.12 lladdr " + NEIGHBOUR + " dev up0");
        namespace.run("ip neighbour add fd30:1::12 lladdr " + NEIGHBOUR + " dev up0");
        device =
                Integer.parseInt(namespace.run("cat /sys/class/net/up0/ifindex").strip());
        namespace.run("ip address add 172.30.2.11/24 dev up1");
        namespace.run("ip neighbour add " + NODE_ELSEWHERE + " lladdr " + NEIGHBOUR + " dev up1");
        otherDevice =
                Integer.parseInt(namespace.run("cat /sys/class/net/up1/ifindex").strip());
        address = namespace.run("cat /sys/class/net/up0/address").strip();
        var pins = PinDirectory.prepare(new DatapathOptions(bpffs, bpffs, Map.of()), 1);
        pins.pin("progs", "lb_xdp", object.programFd("lb_xdp"));
        program = pins.path("progs", "lb_xdp");
    }

    /** The verdict as {@code tx} or {@code pass}, and the frame that is left. */
    record Outcome(String verdict, byte[] frame) {
        String destination() {
            return HexFormat.ofDelimiter(":").formatHex(frame, 0, 6);
        }

        String source() {
            return HexFormat.ofDelimiter(":").formatHex(frame, 6, 12);
        }
    }

    Outcome run(byte[] frame) throws IOException {
        Files.write(files.resolve("in"), frame);
        Files.write(files.resolve("context"), context(frame.length));
        String said = TestNamespace.command(List.of(
                "ip",
                "netns",
                "exec",
                namespace.name(),
                "/usr/sbin/bpftool",
                "-j",
                "prog",
                "run",
                "pinned",
                program.toString(),
                "data_in",
                file("in"),
                "data_out",
                file("out"),
                "ctx_in",
                file("context")));
        var verdict = VERDICT.matcher(said);
        if (!verdict.find()) {
            throw new IOException("no verdict: " + said);
        }
        return new Outcome(VERDICTS.get(verdict.group(1)), Files.readAllBytes(files.resolve("out")));
    }

    /** A {@code struct xdp_md}. */
    private byte[] context(int size) {
        return ByteBuffer.allocate(CONTEXT)
                .order(ByteOrder.nativeOrder())
                .putInt(DATA_END, size)
                .putInt(DEVICE, device)
                .array();
    }

    private String file(String name) {
        return files.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        namespace.close();
        PinDirectory.deleteTree(PinDirectory.top(bpffs));
        TestNamespace.command(List.of("umount", bpffs.toString()));
        Files.deleteIfExists(bpffs);
        PinDirectory.deleteTree(files);
    }
}
