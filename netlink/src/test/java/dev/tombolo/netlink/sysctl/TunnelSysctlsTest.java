package dev.tombolo.netlink.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelSysctlsTest {
    @TempDir
    Path base;

    private TunnelSysctls sysctls;

    @BeforeEach
    void settings() throws IOException {
        sysctls = new TunnelSysctls(new Sysctl(base), "wg.0");
        set("net/ipv4/ip_forward", "1");
        set("net/ipv4/conf/all/rp_filter", "1");
        set("net/ipv4/conf/wg.0/rp_filter", "0");
    }

    @Test
    void aStrictFilterForAllIsLoosenedForOurDevice() throws IOException {
        assertThat(sysctls.check())
                .extracting(TunnelSysctls.Wrong::name)
                .containsExactly("net/ipv4/conf/wg.0/rp_filter");
        sysctls.apply();
        assertThat(Files.readString(base.resolve("net/ipv4/conf/wg.0/rp_filter")))
                .isEqualTo("2");
        assertThat(sysctls.check()).isEmpty();
    }

    @Test
    void missingForwardingIsNamedWithItsFix() throws IOException {
        sysctls.apply();
        set("net/ipv4/ip_forward", "0");
        assertThat(sysctls.check())
                .containsExactly(
                        new TunnelSysctls.Wrong("net/ipv4/ip_forward", "0", "1", "sysctl -w net/ipv4/ip_forward=1"));
    }

    private void set(String name, String value) throws IOException {
        Files.createDirectories(base.resolve(name).getParent());
        Files.writeString(base.resolve(name), value + "\n");
    }
}
