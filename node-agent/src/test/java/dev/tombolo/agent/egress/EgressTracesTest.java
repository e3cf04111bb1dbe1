package dev.tombolo.agent.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.netlink.Netlink;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of egress gateways goes from a node, and nothing that only looks like it. */
class EgressTracesTest {
    private TestNamespace node;
    private Netlink netlink;

    @TempDir
    private Path files;

    @BeforeEach
    void open() throws IOException {
        node = TestNamespace.create();
        netlink = Netlink.openIn(node.path());
    }

    @AfterEach
    void close() throws IOException {
        if (netlink != null) {
            netlink.close();
            node.close();
        }
    }

    @Test
    void devicesGoByTheirNames() throws IOException {
        for (String name :
                new String[] {"tombolo-egw", "tombolo-eg1", "tombolo-eg27", "tombolo-egress", "tombolo-wg0"}) {
            node.run("ip tuntap add dev " + name + " mode tun");
        }
        EgressTraces.removeDevices(netlink);
        EgressTraces.removeDevices(netlink);
        assertThat(node.run("ip -o link"))
                .contains("tombolo-egress", "tombolo-wg0")
                .doesNotContain("tombolo-egw", "tombolo-eg1", "tombolo-eg27");
    }

    @Test
    void theTableGoesWithItsRules() throws IOException {
        String rules = node.run("ip rule");
        node.run("ip rule add fwmark 0x2000/0x2000 lookup 7101 priority 7101");
        node.run("ip -6 rule add fwmark 0x2000/0x2000 lookup 7101 priority 7101");
        node.run("ip rule add fwmark 0x2000/0x2000 lookup 7102 priority 7102");
        node.run("ip route add 198.51.100.0/24 dev lo table 7101");
        node.run("ip route add unreachable default metric 4000 table 7101");
        node.run("ip route add 198.51.100.0/24 dev lo table 7102");
        EgressTraces.removeRoutes(netlink);
        EgressTraces.removeRoutes(netlink);
        assertThat(node.run("ip rule").lines().filter(rule -> !rules.contains(rule)))
                .singleElement()
                .asString()
                .contains("fwmark 0x2000/0x2000 lookup 7102");
        assertThat(node.run("ip -6 rule")).doesNotContain("7101");
        assertThat(node.run("ip route show table all")).contains("table 7102").doesNotContain("table 7101");
    }

    @Test
    void filesGoByTheirNames() throws IOException {
        for (String name : new String[] {
            "tombolo-egw.wanted", "tombolo-egw.sock", "tombolo-eg3.wanted", "tombolo-eg3.sock", "tombolo-wg0.sock"
        }) {
            Files.createFile(files.resolve(name));
        }
        EgressTraces.removeFiles(files);
        assertThat(files)
                .isDirectoryContaining("glob:**/tombolo-wg0.sock")
                .isDirectoryNotContaining("glob:**/tombolo-eg*");
        EgressTraces.removeFiles(files.resolve("missing"));
    }
}
