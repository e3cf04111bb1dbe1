package dev.tombolo.bpf;

import static dev.tombolo.bpf.PinnedSources.allHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.PinnedSources.Answer;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs before a pod does, with nobody else there: neither an agent nor a cluster. */
@Timeout(60)
class CniPluginTest {
    private static final int MOST = 1 << 20;
    private static final String ERROR = "{\"cniVersion\":\"%s\",\"code\":%d,\"msg\":\"%s\",\"details\":\"%s\"}";
    private static final String RUNTIME = "See what the container runtime and the plugins before this one made of it.";

    @AutoClose
    private PinnedSources node;

    @BeforeEach
    void pin() throws Exception {
        node = new PinnedSources();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            IPv4          | 0.3.0 | [{"version":"4","address":"10.1.0.9/24","gateway":"10.1.0.1"}]            | 10.1.0.9
            IPv6          | 0.3.1 | [{"version":"6","address":"2001:db8:1::9/64","interface":2}]              | 2001:db8:1::9
            both          | 0.4.0 | [{"address":"10.1.0.9/32"},{"address":"2001:db8:1::9/128"}]               | 10.1.0.9 2001:db8:1::9
            IPv4 as IPv6  | 1.0.0 | [{"address":"::ffff:10.1.0.9/128"}]                                       | 10.1.0.9
            two of them   | 1.1.0 | [{"address":"10.1.0.9/24","interface":0},{"address":"10.1.0.10/24"}]      | 10.1.0.9 10.1.0.10
            once another's | 1.1.0 | [{"address":"10.1.0.2/24"}]                                              | 10.1.0.2
            """)
    void aNewPodIsHeldByEveryAddress(String name, String version, String ips, String pods) throws Exception {
        String result = """
                {"interfaces":[{"name":"eth0","mac":"02:00:00:00:00:09","sandbox":"/run/netns/a"}],"ips":%s,\
                "routes":[{"dst":"0.0.0.0/0","mtu":1420}],"dns":{"search":["é.example"]}""".formatted(ips);
        var answer = node.run("ADD", node.config(version, result + "}"));
        assertThat(answer).isEqualTo(new Answer(0, result + ",\"cniVersion\":\"" + version + "\"}", ""));
        assertThat(node.rows(pods.split(" "))).isEqualTo(allHeld(pods.split(" ")));
    }

    @Test
    void nothingOfAPodThatWasAddedReachesWhatAnyPolicySteers() throws Exception {
        node.egress.rule(EgressRuleKey.UNION, "2001:db8:9::/48", EgressAction.GATEWAY, 1);
        String v4 = "udp 10.1.0.9:40000 > 203.0.113.9:53";
        String v6 = "udp 2001:db8:1::9#40000 > 2001:db8:9::9#53";
        String elsewhere = "udp 10.1.0.9:40000 > 192.0.2.9:53";
        assertThat(fates(v4, v6, elsewhere)).containsExactly("pass", "pass", "pass");
        node.add("10.1.0.9/24", "2001:db8:1::9/64");
        assertThat(fates(v4, v6, elsewhere)).containsExactly("drop DROP_HELD", "drop DROP_HELD", "pass");
        node.delete("10.1.0.9/24", "2001:db8:1::9/64");
        assertThat(fates(v4, v6, elsewhere)).containsExactly("pass", "pass", "pass");
    }

    private String[] fates(String... packets) throws Exception {
        var fates = new String[packets.length];
        for (int i = 0; i < packets.length; i++) {
            fates[i] = node.egress.outcome(node.egress.run("egress_source", packets[i]));
        }
        return fates;
    }

    @Test
    void aPodThatGoesLeavesNoRowHoweverOftenItIsDeleted() throws Exception {
        node.add("10.1.0.9/24", "2001:db8:1::9/64");
        // Classified meanwhile.
        node.egress.source("10.1.0.9", EgressSource.ofSet(7));
        for (int i = 0; i < 2; i++) {
            assertThat(node.delete("10.1.0.9/24", "not an address", "2001:db8:1::9/64"))
                    .isEqualTo(new Answer(0, "", ""));
            assertThat(node.row("10.1.0.9")).isEmpty();
            assertThat(node.row("2001:db8:1::9")).isEmpty();
        }
        assertThat(node.row("10.1.0.2")).contains(EgressSource.ofSet(7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"cniVersion":"0.3.1","name":"pods","type":"tombolo-cni"} |
            {"cniVersion":"0.2.0","name":"pods","type":"tombolo-cni"} |
            {"cniVersion":"1.0.0","bpffs":"/sys/nowhere","prevResult":{"ips":[{"address":"10.1.0.9/24"}]}} |
            {"cniVersion":"1.0.0","bpffs":7,"prevResult":{}} | tombolo-cni: bpffs is not an absolute path
            {"cniVersion":                                   | tombolo-cni: the configuration is not JSON: line 2, column 0: unexpected token near end of file
            """)
    void deletingNeverFails(String config, String complaint) throws Exception {
        assertThat(node.run("DEL", config + "\n")).isEqualTo(new Answer(0, "", complaint == null ? "" : complaint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHECK", "GC", "STATUS"})
    void aPodWhoseRowTheAgentTookAwayIsWell(String command) throws Exception {
        assertThat(node.run(command, node.config("1.1.0", PinnedSources.result("10.1.0.9/24"))))
                .isEqualTo(new Answer(0, "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"no bpf file system, /sys/nowhere", "nothing of Tombolo in it, empty"})
    void whereTomboloIsNotEveryPodStarts(String name, String bpffs) throws Exception {
        node.unpin(1);
        String result = PinnedSources.result("10.1.0.9/24", "what is this");
        String config = node.config("1.0.0", result);
        var answer = node.run("ADD", bpffs.equals("empty") ? config : config.replace(node.bpffs.toString(), bpffs));
        assertThat(answer).isEqualTo(new Answer(0, result, ""));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ADD  | {"cniVersion":"1.0.0","bpffs":"BPFFS"}                                               | 1.0.0 | 7 | there is no prevResult | List tombolo-cni after the plugin that gives pods their addresses.
            ADD  | {"cniVersion":"1.0.0","bpffs":"BPFFS","prevResult":{"ips":{}}}                       | 1.0.0 | 7 | prevResult.ips is not a list | RUNTIME
            ADD  | {"cniVersion":"1.0.0","bpffs":"BPFFS","prevResult":{"ips":[{"address":"10.1.0/24"}]}} | 1.0.0 | 7 | the pod cannot be held: prevResult.ips[0] has no address | RUNTIME
            ADD  | {"cniVersion":"1.0.0","bpffs":"BPFFS","prevResult":{"ips":["10.1.0.9/24"]}}          | 1.0.0 | 7 | the pod cannot be held: prevResult.ips[0] has no address | RUNTIME
            ADD  | {"cniVersion":"1.0.0","bpffs":"bpf","prevResult":{}}                                 | 1.0.0 | 7 | bpffs is not an absolute path | Correct the CNI configuration of the node.
            ADD  | {"cniVersion":"0.2.0","prevResult":{}}                                               | 1.1.0 | 1 | cniVersion is none of 0.3.0, 0.3.1, 0.4.0, 1.0.0 and 1.1.0 | Correct the CNI configuration of the node.
            CHECK | {"prevResult":{}}                                                                   | 1.1.0 | 1 | cniVersion is none of 0.3.0, 0.3.1, 0.4.0, 1.0.0 and 1.1.0 | Correct the CNI configuration of the node.
            ADD  | {"cniVersion":"1.0.0","cniVersion":"1.0.0"}                                          | 1.1.0 | 6 | the configuration is not JSON: line 1, column 34: duplicate object key near '\\"cniVersion\\"' | RUNTIME
            ADD  | []                                                                                   | 1.1.0 | 6 | the configuration is not a JSON object | RUNTIME
            NEXT | {"cniVersion":"1.0.0"}                                                               | 1.0.0 | 4 | CNI_COMMAND is none of ADD, DEL, CHECK, GC, STATUS and VERSION | RUNTIME
            ``   | {"cniVersion":"1.0.0"}                                                               | 1.0.0 | 4 | CNI_COMMAND is none of ADD, DEL, CHECK, GC, STATUS and VERSION | RUNTIME
            """)
    void saysWhatIsWrongAndWhatToDo(
            String command, String config, String version, int code, String message, String remedy) throws Exception {
        String error = ERROR.formatted(version, code, message, remedy.replace("RUNTIME", RUNTIME));
        assertThat(node.run(command, config.replace("BPFFS", node.bpffs.toString())))
                .isEqualTo(new Answer(1, error, ""));
    }

    @Test
    void inputHasABound() throws Exception {
        String config = node.config("1.0.0", PinnedSources.result("10.1.0.9/24"));
        String most = config + " ".repeat(MOST - config.length());
        assertThat(node.run("ADD", most).code()).isZero();
        String message = "the configuration is larger than " + MOST + " bytes";
        assertThat(node.run("ADD", most + " "))
                .isEqualTo(new Answer(1, ERROR.formatted("1.1.0", 7, message, RUNTIME), ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"cniVersion":"0.4.0"} | 0.4.0
            ``                     | 1.1.0
            """)
    void saysWhichVersionsItKnows(String input, String version) throws Exception {
        String versions =
                "{\"cniVersion\":\"%s\",\"supportedVersions\":[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}";
        assertThat(node.run("VERSION", input)).isEqualTo(new Answer(0, versions.formatted(version), ""));
    }

    @Test
    void aPodThatCannotBeHeldDoesNotStartAndKeepsNoRow() throws Exception {
        try (var other = BpfObject.open("egress").maxEntries("eg_source", 1).load()) {
            node.pin(2, other.mapFd("eg_source"));
            String message = "the pod cannot be held until its egress policies are known: " + node.bpffs
                    + "/tombolo/v2/maps/eg_source is full";
            String remedy =
                    "Delete pods of this node, or give it room: `tombolo upgrade --set maps.egress-pods=NUMBER`.";
            assertThat(node.add("10.1.0.9/24", "2001:db8:1::9/64"))
                    .isEqualTo(new Answer(1, ERROR.formatted("1.0.0", 100, message, remedy), ""));
            assertThat(sources(other).entries()).isEmpty();
            assertThat(node.row("10.1.0.9")).isEmpty();
            assertThat(node.row("2001:db8:1::9")).isEmpty();
        }
    }

    @Test
    void everyVersionThatMayServeHoldsThePod() throws Exception {
        try (var other = BpfObject.open("egress").maxEntries("eg_source", 1).load()) {
            node.pin(2, other.mapFd("eg_source"));
            // Of a version whose rows this plugin cannot write.
            node.pin(3, other.mapFd("eg_group"));
            assertThat(node.add("10.1.0.9/24").code()).isZero();
            assertThat(sources(other).entries())
                    .isEqualTo(Map.of(new EgressSourceKey(IpAddress.parse("10.1.0.9")), EgressSource.HELD));
            assertThat(node.row("10.1.0.9")).contains(EgressSource.HELD);
            node.delete("10.1.0.9/24");
            assertThat(sources(other).entries()).isEmpty();
            assertThat(node.row("10.1.0.9")).isEmpty();
        }
    }

    private static BpfMap<EgressSourceKey, EgressSource> sources(BpfObject object) throws BpfException {
        return object.map("eg_source", EgressSourceKey.class, EgressSource.class);
    }

    @Test
    void whereOnlyAnotherVersionServesAPodDoesNotStart() throws Exception {
        node.unpin(1);
        node.pin(2, node.egress.object.mapFd("eg_group"));
        String message = "the eg_source below " + node.bpffs + "/tombolo has other structs than this tombolo-cni";
        String remedy = "The agent of the node brings the tombolo-cni that belongs to it: wait until it runs.";
        assertThat(node.add("10.1.0.9/24"))
                .isEqualTo(new Answer(1, ERROR.formatted("1.0.0", 100, message, remedy), ""));
    }
}
