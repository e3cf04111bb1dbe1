package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.PinnedSources.Answer;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The devices by which a new pod sends are watched before it does. */
@Timeout(60)
class CniDeviceTest {
    /** As the plugin bridge answers: only the bridge is to be watched, which the pod's own device is a port of. */
    private static final String BRIDGE = result("cni0", "port9", "uplink.7");

    /** As the plugin ptp answers. */
    private static final String PTP = result("veth9");

    @AutoClose
    private TestNamespace devices;

    @AutoClose
    private PinnedSources node;

    @BeforeEach
    void aNodeWithItsDevices() throws Exception {
        node = new PinnedSources();
        devices = TestNamespace.create();
        devices.run("ip link add cni0 type bridge");
        devices.run("ip link add port9 master cni0 type veth peer name pod9");
        devices.run("ip link add veth9 type veth peer name pod10");
        pinProgram();
    }

    private void pinProgram() throws IOException {
        pins().pin("progs", "egress_source", node.egress.object.programFd("egress_source"));
    }

    private PinDirectory pins() throws IOException {
        return PinDirectory.prepare(new DatapathOptions(node.bpffs, node.bpffs, Map.of()), 1);
    }

    /** The pod's own end has a sandbox, and a device that is not there is of no interest. */
    private static String result(String... onTheNode) {
        var interfaces = new StringBuilder("{\"name\":\"eth0\",\"sandbox\":\"/run/netns/pod\"}");
        for (String device : onTheNode) {
            interfaces.append(",{\"name\":\"").append(device).append("\"}");
        }
        return "{\"cniVersion\":\"1.0.0\",\"interfaces\":[" + interfaces + "],\"ips\":[{\"address\":\"10.1.0.9/24\"}]}";
    }

    private void run(String command, String result) throws Exception {
        var answer = node.run(devices, command, node.config("1.0.0", result));
        assertThat(answer).isEqualTo(new Answer(0, command.equals("ADD") ? result : "", ""));
    }

    @Test
    void aPodsOwnDeviceIsWatchedUntilThePodGoes() throws Exception {
        run("ADD", PTP);
        assertThat(pins().names("links")).containsExactly("egress_source_veth9");
        run("ADD", PTP);
        assertThat(pins().names("links")).containsExactly("egress_source_veth9");
        run("DEL", PTP);
        assertThat(pins().names("links")).isEmpty();
    }

    @Test
    void aBridgeIsWatchedAndItsPortsAreNot() throws Exception {
        run("ADD", BRIDGE);
        assertThat(pins().names("links")).containsExactly("egress_source_cni0");
        run("DEL", BRIDGE);
        assertThat(pins().names("links")).as("other pods send by it").containsExactly("egress_source_cni0");
    }

    @Test
    void aDeviceThatWasMadeAnewIsWatchedAgain() throws Exception {
        run("ADD", PTP);
        var before = Files.getAttribute(pins().path("links", "egress_source_veth9"), "unix:ino");
        run("ADD", PTP);
        assertThat(Files.getAttribute(pins().path("links", "egress_source_veth9"), "unix:ino"))
                .isEqualTo(before);
        devices.run("ip link del veth9");
        devices.run("ip link add veth9 type veth peer name pod11");
        run("ADD", PTP);
        assertThat(Files.getAttribute(pins().path("links", "egress_source_veth9"), "unix:ino"))
                .isNotEqualTo(before);
    }

    @Test
    void whereNoProgramIsPinnedThePodStarts() throws Exception {
        node.unpin(1);
        node.pin(1, node.egress.object.mapFd("eg_source"));
        run("ADD", PTP);
        assertThat(pins().names("links")).isEmpty();
    }
}
