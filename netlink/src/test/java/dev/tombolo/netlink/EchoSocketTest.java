package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel: two namespaces and a wire between them. */
class EchoSocketTest {
    private static final IpAddress NEAR = IpAddress.parse("192.0.2.1");
    private static final IpAddress FAR = IpAddress.parse("192.0.2.2");

    private TestNamespace near;
    private TestNamespace far;
    private EchoSocket socket;

    @BeforeEach
    void connect() throws IOException {
        near = TestNamespace.create();
        far = TestNamespace.create();
        near.run("ip link add v0 type veth peer name v1 netns " + far.name());
        near.run("ip address add 192.0.2.1/24 dev v0");
        far.run("ip address add 192.0.2.2/24 dev v1");
        near.run("ip link set v0 up");
        far.run("ip link set v1 up");
        socket = EchoSocket.openIn(near.path());
    }

    @AfterEach
    void close() throws IOException {
        if (socket != null) {
            socket.close();
            near.close();
            far.close();
        }
    }

    @Test
    void aHostWithoutAnyProcessAnswersAndOneThatIsCutOffDoesNot() throws IOException {
        await().untilAsserted(() -> assertThat(askBoth()).contains(NEAR, FAR));
        far.run("ip link set v1 down");
        var later = new HashSet<IpAddress>();
        await().until(() -> {
            var answered = askBoth();
            later.clear();
            later.addAll(answered);
            return answered.contains(NEAR) && !answered.contains(FAR);
        });
        assertThat(later).doesNotContain(FAR);
        far.run("ip link set v1 up");
        await().untilAsserted(() -> assertThat(askBoth()).contains(FAR));
    }

    @Test
    void anAnswerIsAsLargeAsTheQuestion() throws IOException {
        await().untilAsserted(() -> {
            assertThat(socket.ask(FAR, "v0", NEAR, 1_216)).isEqualTo(EchoSocket.Asked.SENT);
            assertThat(socket.ask(FAR, "v0", NEAR, 576)).isEqualTo(EchoSocket.Asked.SENT);
            assertThat(socket.answeredSizes()).containsExactly(Map.entry(FAR, 1_216));
        });
        assertThat(socket.ask(FAR, "v0", NEAR)).isEqualTo(EchoSocket.Asked.SENT);
        await().untilAsserted(() -> assertThat(socket.answeredSizes()).containsExactly(Map.entry(FAR, 36)));
    }

    @Test
    void answersToSomebodyElseAreNotOurs() throws IOException {
        near.run("ping -c 1 -W 2 192.0.2.2");
        assertThat(socket.answered()).isEmpty();
    }

    @Test
    void noRouteIsNoAnswerAndNoFailureOfOurs() {
        assertThat(socket.ask(IpAddress.parse("203.0.113.1"))).isTrue();
        socket.close();
        assertThatThrownBy(() -> socket.ask(FAR)).isInstanceOf(IllegalStateException.class);
    }

    /** Another device may lead to somebody who answers; what is asked is whether this one does. */
    @Test
    void whoIsAskedByADeviceIsAskedByNoOther() throws IOException {
        near.run("ip link add v2 type veth peer name v3");
        near.run("ip link set v2 up");
        near.run("ip link set v3 up");
        await().untilAsserted(() -> {
            assertThat(socket.ask(FAR, "v0", NEAR)).isEqualTo(EchoSocket.Asked.SENT);
            assertThat(socket.answered()).containsExactly(FAR);
        });
        for (int i = 0; i < 3; i++) {
            assertThat(socket.ask(FAR, "v2", NEAR)).isEqualTo(EchoSocket.Asked.SENT);
        }
        far.run("ping -c 1 -W 2 192.0.2.1");
        assertThat(socket.answered()).isEmpty();
        near.run("ip link set v2 down");
        assertThat(socket.ask(FAR, "v2", NEAR)).isEqualTo(EchoSocket.Asked.NO_WAY);
        near.run("ip link delete v2");
        assertThat(socket.ask(FAR, "v2", NEAR)).isEqualTo(EchoSocket.Asked.NO_WAY);
        assertThat(socket.ask(FAR, "v0", IpAddress.parse("192.0.2.9"))).isEqualTo(EchoSocket.Asked.NO_WAY);
    }

    private Set<IpAddress> askBoth() {
        assertThat(socket.ask(NEAR)).isTrue();
        assertThat(socket.ask(FAR)).isTrue();
        return socket.answered();
    }
}
