package dev.tombolo.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.testkit.netns.CarrierProcesses;
import dev.tombolo.testkit.netns.TestNamespace;
import dev.tombolo.testkit.netns.TunnelProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices of egress gateways come and go as they are wanted; real wireguard-go, started as the image starts it. */
@Timeout(60)
class CarriersTest {
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private TestNamespace namespace;
    private CarrierProcesses carriers;
    private String first;
    private String second;

    @BeforeEach
    void start() throws IOException {
        TunnelProcess.assumeThere();
        namespace = TestNamespace.create();
        carriers = CarrierProcesses.in(namespace);
        first = carriers.device(1);
        second = carriers.device(2);
    }

    @AfterEach
    void close() throws IOException {
        if (carriers != null) {
            carriers.close();
            namespace.close();
        }
    }

    @Test
    void aDeviceIsThereForAsLongAsItIsWanted() throws IOException {
        carriers.want(first, second);
        awaitAnswer(first);
        awaitAnswer(second);
        carriers.unwant(first);
        awaitGone(first);
        assertThat(answers(second)).isTrue();
        carriers.want(first);
        awaitAnswer(first);
    }

    /** It is the same device with its addresses and routes, so that nothing finds another way meanwhile. */
    @Test
    void aProcessThatDiesIsReplacedAndItsDeviceStays() throws IOException {
        carriers.want(first, second);
        awaitAnswer(first);
        awaitAnswer(second);
        String index = index(first);
        configure(second);
        carriers.kill(first);
        assertThat(answers(first)).isFalse();
        assertThat(index(first)).isEqualTo(index);
        awaitAnswer(first);
        assertThat(index(first)).isEqualTo(index);
        assertThat(isConfigured(second)).isTrue();
    }

    @Test
    void aDeviceThatSomebodyDeletesIsMadeAgain() throws IOException {
        carriers.want(first);
        awaitAnswer(first);
        String index = index(first);
        namespace.run("ip link delete " + first);
        await().atMost(LONGEST)
                .until(() -> devices().contains(first) && !index(first).equals(index) && answers(first));
    }

    @Test
    void oneThatCannotBeCarriedStopsNoOther() throws IOException {
        namespace.run("ip link add " + first + " type veth peer name end0");
        carriers.want(first, second);
        awaitAnswer(second);
        carriers.kill(second);
        awaitAnswer(second);
        carriers.unwant(first);
        carriers.unwant(second);
        awaitGone(second);
        // It is of another kind, so somebody else made it.
        assertThat(devices()).contains(first);
    }

    @Test
    void anotherScriptTakesOverWhatOneLeaves() throws IOException {
        String third = carriers.device(3);
        carriers.want(first, second);
        awaitAnswer(first);
        awaitAnswer(second);
        String index = index(first);
        assertThat(carriers.stop()).isEmpty();
        assertThat(devices()).contains(first, second);
        assertThat(answers(first)).isFalse();
        carriers.unwant(second);
        carriers.want(third);
        carriers.start();
        awaitAnswer(first);
        awaitAnswer(third);
        awaitGone(second);
        assertThat(index(first)).isEqualTo(index);
    }

    @Test
    void namesOfOthersAreLeftAlone() throws IOException {
        String other = "o" + first;
        String tooLong = first + "-much-too-long";
        String noName = first + "~";
        namespace.run("ip tuntap add dev " + other + "t mode tun");
        carriers.want(other, tooLong, noName);
        // Wanted last: who carries it has seen the others.
        carriers.want(first);
        awaitAnswer(first);
        assertThat(devices()).contains(first, other + "t").doesNotContain(other, tooLong, noName);
        assertThat(carriers.socket(other)).doesNotExist();
    }

    private void awaitAnswer(String device) {
        await().atMost(LONGEST).until(() -> answers(device));
    }

    private void awaitGone(String device) {
        await().atMost(LONGEST).until(() -> !devices().contains(device) && Files.notExists(carriers.socket(device)));
    }

    private boolean answers(String device) throws IOException {
        return wireGuard(device).read().isPresent();
    }

    private void configure(String device) throws IOException {
        wireGuard(device).configure(PrivateKey.generate(), TunnelNode.PORT);
    }

    /** One that was started again knows no key. */
    private boolean isConfigured(String device) throws IOException {
        return wireGuard(device).read().orElseThrow().publicKey().isPresent();
    }

    private static UserspaceWireGuard wireGuard(String device) {
        return new UserspaceWireGuard(UserspaceWireGuard.SOCKETS, device);
    }

    private List<String> devices() throws IOException {
        return List.of(namespace.run("ls /sys/class/net").split("\\s+"));
    }

    private String index(String device) throws IOException {
        return namespace.run("cat /sys/class/net/" + device + "/ifindex").strip();
    }
}
