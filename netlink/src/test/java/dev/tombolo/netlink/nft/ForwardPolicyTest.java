package dev.tombolo.netlink.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwardPolicyTest {
    private TestNamespace namespace;

    @BeforeEach
    void open() throws IOException {
        namespace = TestNamespace.create();
    }

    @AfterEach
    void close() throws IOException {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void aForwardPolicyOfDropIsNamedWithItsFix() throws IOException {
        var host = HostCommand.in(namespace.name());
        assertThat(ForwardPolicy.check(host, "wg0")).isEqualTo(new ForwardPolicy.Accept());
        namespace.run("iptables-nft -P FORWARD DROP");
        var drop = (ForwardPolicy.Drop) ForwardPolicy.check(host, "wg0");
        assertThat(drop.where()).isEqualTo("nftables ip filter FORWARD");
        for (String command : drop.fix().split("; ")) {
            namespace.run(command);
        }
        assertThat(ForwardPolicy.check(host, "wg0")).isEqualTo(new ForwardPolicy.Accept());
    }

    @Test
    void aLegacyForwardPolicyOfDropIsNamedToo() throws IOException {
        namespace.run("iptables-legacy -P FORWARD DROP");
        assertThat(ForwardPolicy.check(HostCommand.in(namespace.name()), "wg0"))
                .isEqualTo(new ForwardPolicy.Drop(
                        "iptables-legacy filter FORWARD",
                        "iptables-legacy -I FORWARD -i wg0 -j ACCEPT; iptables-legacy -I FORWARD -o wg0 -j ACCEPT"));
    }
}
