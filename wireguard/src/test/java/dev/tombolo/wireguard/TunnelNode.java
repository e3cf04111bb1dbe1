package dev.tombolo.wireguard;

import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.testkit.netns.TestNamespace;
import dev.tombolo.testkit.netns.TunnelProcess;
import java.io.IOException;
import java.util.List;

/** A node of a test: a namespace with an uplink, and the user-space tunnel as the image runs it. */
final class TunnelNode implements AutoCloseable {
    static final int PORT = 51_871;

    final String device;
    final PrivateKey key = PrivateKey.generate();
    final UserspaceWireGuard wireGuard;
    private final TestNamespace namespace;
    private final TunnelProcess process;
    private final String underlay;

    private TunnelNode(TestNamespace namespace, int number) throws IOException {
        this.namespace = namespace;
        underlay = "172.31.0." + number;
        run("ip addr add " + underlay + "/24 dev up0");
        run("ip link set up0 up");
        process = TunnelProcess.in(namespace);
        device = process.device();
        wireGuard = new UserspaceWireGuard(UserspaceWireGuard.SOCKETS, device);
        run("ip addr add 100.64.0." + number + "/32 dev " + device);
        run("ip link set " + device + " mtu 1380 up");
    }

    /** Two nodes on one wire, 172.31.0.1 and 172.31.0.2, with the tunnel up and no peers. */
    static List<TunnelNode> pair() throws IOException {
        TunnelProcess.assumeThere();
        var left = TestNamespace.create();
        var right = TestNamespace.create();
        left.run("ip link add up0 type veth peer name up0 netns " + right.name());
        return List.of(new TunnelNode(left, 1), new TunnelNode(right, 2));
    }

    void startProcess() throws IOException {
        process.start();
    }

    /** As kill -9 does. */
    void killProcess() {
        process.kill();
    }

    SocketEndpoint endpoint() {
        return SocketEndpoint.parse(underlay + ":" + PORT);
    }

    boolean pings(String address) {
        try {
            run("busybox ping -c 1 -W 1 " + address);
            return true;
        } catch (AssertionError | IOException lost) {
            return false;
        }
    }

    String run(String words) throws IOException {
        return namespace.run(words);
    }

    @Override
    public void close() throws IOException {
        process.close();
        namespace.close();
    }
}
