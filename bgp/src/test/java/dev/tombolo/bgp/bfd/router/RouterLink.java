package dev.tombolo.bgp.bfd.router;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;

/** This node, a router, and a switch between them that can fall silent without either seeing its link go. */
record RouterLink(TestNamespace node, TestNamespace middle, TestNamespace router) implements AutoCloseable {
    static final IpAddress NODE = IpAddress.parse("192.0.2.1");
    static final IpAddress ROUTER = IpAddress.parse("192.0.2.2");
    static final IpAddress NODE_V6 = IpAddress.parse("fe80::1");
    static final IpAddress ROUTER_V6 = IpAddress.parse("fe80::2");
    static final String DEVICE = "v0";

    static RouterLink create() throws IOException {
        var link = new RouterLink(TestNamespace.create(), TestNamespace.create(), TestNamespace.create());
        link.middle.run("ip link add br0 type bridge");
        link.middle.run("ip link set br0 up");
        link.connect(link.node, "port-node", NODE, NODE_V6);
        link.connect(link.router, "port-router", ROUTER, ROUTER_V6);
        return link;
    }

    private void connect(TestNamespace end, String port, IpAddress address, IpAddress addressV6) throws IOException {
        middle.run("ip link add " + port + " type veth peer name " + DEVICE + " netns " + end.name());
        middle.run("ip link set " + port + " master br0 up");
        end.run("ip address add " + address + "/24 dev " + DEVICE);
        end.run("ip link set " + DEVICE + " addrgenmode none");
        end.run("ip link set " + DEVICE + " up");
        end.run("ip address add " + addressV6 + "/64 dev " + DEVICE + " nodad");
    }

    void cutOff() throws IOException {
        middle.run("bridge link set dev port-node state 0");
    }

    void heal() throws IOException {
        middle.run("bridge link set dev port-node state 3");
    }

    @Override
    public void close() throws IOException {
        try (node;
                middle;
                router) {
            // Each is deleted, also when another cannot be.
        }
    }
}
