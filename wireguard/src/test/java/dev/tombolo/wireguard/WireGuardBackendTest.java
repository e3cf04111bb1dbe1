package dev.tombolo.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireGuardBackendTest {
    @Test
    void theBackendIsAValueWithItsCause() {
        switch (WireGuardBackend.detect()) {
            case WireGuardBackend.Kernel kernel -> assertThat(kernel.name()).isEqualTo("kernel");
            case WireGuardBackend.Userspace userspace ->
                assertThat(userspace.cause()).contains("refused: E");
        }
    }

    @Test
    void anAbsentDeviceIsNoError() throws IOException {
        assertThat(new KernelWireGuard(Optional.empty(), "tmbl-nosuch").read()).isEmpty();
    }
}
