package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.outside.ConnectionCensus;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packet in, verdict and packet out. The client is 203.0.113.9, services are 192.0.2.0/24, backends 10.1.0.0/16. */
class OutsidePacketTest {
    private static final String WEB = "192.0.2.10:80";
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final int FROM_OUTSIDE = 0x2000;
    private static final int REFUSED = 0x3000;

    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(64);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, "10.1.0.2:8080");
        outside.service("192.0.2.10:53", Protocol.UDP, Reach.OUTSIDE, "10.1.0.3:5353");
        outside.service("192.0.2.11:80", Protocol.TCP, Reach.OUTSIDE_LOCAL, "10.1.0.2:8080");
        outside.service("192.0.2.1:30080", Protocol.TCP, Reach.NODE_PORT, "10.1.0.2:8080");
        outside.service("192.0.2.12:80", Protocol.TCP, Reach.OUTSIDE);
        outside.service("192.0.2.13:80", Protocol.TCP, Reach.CLUSTER, "10.1.0.2:8080");
    }

    @AfterEach
    void close() {
        if (outside != null) {
            outside.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,                    tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2, pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080",
        "with options,           tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2 options, pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080",
        "begun elsewhere,        tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16, pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080",
        "a port of the node,     tcp 203.0.113.9:4000 > 192.0.2.1:30080 flags=2, pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080",
        "an answer to the node,  tcp 203.0.113.9:443 > 192.0.2.1:30080 flags=18, pass tcp 203.0.113.9:443 > 192.0.2.1:30080",
        "UDP,                    udp 203.0.113.9:4000 > 192.0.2.10:53 len=5, pass FORWARDED udp 203.0.113.9:4000 > 10.1.0.3:5353",
        "without a checksum,     udp 203.0.113.9:4000 > 192.0.2.10:53 nocsum, pass FORWARDED udp 203.0.113.9:4000 > 10.1.0.3:5353 nocsum",
        "another protocol,       udp 203.0.113.9:4000 > 192.0.2.10:80, pass udp 203.0.113.9:4000 > 192.0.2.10:80",
        "another port,           tcp 203.0.113.9:4000 > 192.0.2.10:81, pass tcp 203.0.113.9:4000 > 192.0.2.10:81",
        "a cluster address,      tcp 203.0.113.9:4000 > 192.0.2.13:80, pass tcp 203.0.113.9:4000 > 192.0.2.13:80",
        "no backend,             tcp 203.0.113.9:4000 > 192.0.2.12:80 flags=2, pass DROP_NO_BACKEND tcp 203.0.113.9:4000 > 192.0.2.12:80",
        "a ping,                 ping 203.0.113.9:7 > 192.0.2.10, pass ping 203.0.113.9:7 > 192.0.2.10",
        "a stray fragment,       udp 203.0.113.9:0 > 192.0.2.10:0 frag=3, pass udp 203.0.113.9 > 192.0.2.10 frag=3",
        "an error about nothing, icmp 203.0.113.1 > 192.0.2.10 type=3 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ], pass icmp 203.0.113.1 > 192.0.2.10 type=3 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]"
    })
    void comes(String name, String packet, String outcome) throws Exception {
        assertThat(outside.outcome(outside.in(packet))).isEqualTo(outcome);
    }

    @Test
    void answersComeFromTheService() throws Exception {
        assertThat(outside.in(SYN).mark()).isEqualTo(FROM_OUTSIDE);
        assertThat(out("tcp 10.1.0.2:8080 > 203.0.113.9:4000 flags=18"))
                .isEqualTo("pass FORWARDED tcp 192.0.2.10:80 > 203.0.113.9:4000");
        assertThat(out("tcp 10.1.0.2:8080 > 203.0.113.9:4001 flags=18"))
                .isEqualTo("pass tcp 10.1.0.2:8080 > 203.0.113.9:4001");
    }

    @Test
    void theStackRefusesWhatHasNoBackend() throws Exception {
        assertThat(outside.in("tcp 203.0.113.9:4000 > 192.0.2.12:80 flags=2").mark())
                .isEqualTo(REFUSED);
    }

    @Test
    void allConnectionsOfAClientGoToOneBackend() throws Exception {
        outside.together("192.0.2.14:80", "10.1.0.2:8080", "10.1.0.3:8080", "10.1.0.4:8080");
        var backends = new HashMap<Integer, Set<String>>();
        for (int client = 1; client <= 16; client++) {
            for (int port = 4000; port < 4002; port++) {
                var run = outside.in("tcp 203.0.113.%d:%d > 192.0.2.14:80 flags=2".formatted(client, port));
                String backend = Frame.text(run.packet()).split(" ")[3];
                backends.computeIfAbsent(client, _ -> new HashSet<>()).add(backend);
            }
        }
        assertThat(backends.values()).allMatch(each -> each.size() == 1);
        assertThat(Set.copyOf(backends.values())).as("all of them").hasSize(3);
    }

    @Test
    void backendsOfThisNodeSeeTheClient() throws Exception {
        assertThat(outside.in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2").mark())
                .isZero();
        assertThat(outside.in("tcp 203.0.113.9:4000 > 192.0.2.11:80").mark()).isZero();
    }

    @Test
    void connectionsAreCountedByServiceAndBackend() throws Exception {
        for (int client = 0; client < 3; client++) {
            outside.in("tcp 203.0.113.9:%d > 192.0.2.10:80 flags=2".formatted(4000 + client));
        }
        outside.in("udp 203.0.113.9:4000 > 192.0.2.10:53 len=5");
        outside.in("tcp 203.0.113.9:4000 > 192.0.2.1:30080 flags=2");
        var web = new ServiceKey(IpAddress.parse("192.0.2.10"), 80, Protocol.TCP);
        var dns = new ServiceKey(IpAddress.parse("192.0.2.10"), 53, Protocol.UDP);
        assertThat(ConnectionCensus.count(outside.connections, Set.of(web, dns)))
                .isEqualTo(Map.of(
                        web, Map.of(SocketEndpoint.parse("10.1.0.2:8080"), 3),
                        dns, Map.of(SocketEndpoint.parse("10.1.0.3:5353"), 1)));
    }

    /** To the backend both would be one connection. */
    @Test
    void twoServicesOfOneBackendAreKeptApart() throws Exception {
        outside.in(SYN);
        String second = outside.outcome(outside.in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2"));
        assertThat(second)
                .matches("pass FORWARDED tcp 203.0.113.9:\\d+ > 10.1.0.2:8080")
                .doesNotContain(":4000");
        String port = second.replaceFirst(".*113.9:(\\d+) .*", "$1");
        assertThat(out("tcp 10.1.0.2:8080 > 203.0.113.9:" + port))
                .isEqualTo("pass FORWARDED tcp 192.0.2.11:80 > 203.0.113.9:4000");
        assertThat(out("tcp 10.1.0.2:8080 > 203.0.113.9:4000"))
                .isEqualTo("pass FORWARDED tcp 192.0.2.10:80 > 203.0.113.9:4000");
    }

    @Test
    void fragmentsGoWhereTheFirstOneWent() throws Exception {
        String first = "udp 203.0.113.9:4000 > 192.0.2.10:53 len=16 mf id=7";
        assertThat(in(first)).isEqualTo("pass FORWARDED udp 203.0.113.9:4000 > 10.1.0.3:5353");
        assertThat(in("udp 203.0.113.9:0 > 192.0.2.10:0 frag=3 id=7"))
                .isEqualTo("pass FORWARDED udp 203.0.113.9 > 10.1.0.3 frag=3");
        assertThat(out("udp 10.1.0.3:5353 > 203.0.113.9:4000 len=16 mf id=8"))
                .isEqualTo("pass FORWARDED udp 192.0.2.10:53 > 203.0.113.9:4000");
        assertThat(out("udp 10.1.0.3:0 > 203.0.113.9:0 frag=3 id=8"))
                .isEqualTo("pass FORWARDED udp 192.0.2.10 > 203.0.113.9 frag=3");
    }

    @Test
    void errorsSpeakOfWhatTheirReaderKnows() throws Exception {
        outside.in(SYN);
        assertThat(in("icmp 198.51.100.1 > 192.0.2.10 type=3 code=4 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]"))
                .isEqualTo("pass FORWARDED icmp 198.51.100.1 > 10.1.0.2 type=3 "
                        + "[ tcp 10.1.0.2:8080 > 203.0.113.9:4000 ]");
        assertThat(out("icmp 10.1.0.1 > 203.0.113.9 type=3 code=4 [ tcp 203.0.113.9:4000 > 10.1.0.2:8080 ]"))
                .isEqualTo("pass FORWARDED icmp 10.1.0.1 > 203.0.113.9 type=3 "
                        + "[ tcp 203.0.113.9:4000 > 192.0.2.10:80 ]");
        assertThat(out("icmp 10.1.0.2 > 203.0.113.9 type=3 code=3 [ tcp 203.0.113.9:4000 > 10.1.0.2:8080 ]"))
                .isEqualTo("pass FORWARDED icmp 192.0.2.10 > 203.0.113.9 type=3 "
                        + "[ tcp 203.0.113.9:4000 > 192.0.2.10:80 ]");
    }

    @Test
    void aConnectionKeepsItsBackendWhateverJoins() throws Exception {
        outside.in(SYN);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, "10.1.0.1:8080", "10.1.0.2:8080 TERMINATING");
        assertThat(in("tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16"))
                .isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080");
        outside.remove(WEB, Protocol.TCP);
        assertThat(in("tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16"))
                .isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the backend has gone, 10.1.0.9:8080, ''",
        "the backend drains, 10.1.0.9:8080, 10.1.0.2:8080 TERMINATING"
    })
    void aPortThatIsUsedAgainIsAConnectionOfItsOwn(String name, String next, String old) throws Exception {
        outside.in(SYN);
        outside.service(
                WEB, Protocol.TCP, Reach.OUTSIDE, old.isEmpty() ? new String[] {next} : new String[] {next, old});
        assertThat(in(SYN)).isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.9:8080");
        assertThat(out("tcp 10.1.0.2:8080 > 203.0.113.9:4000")).startsWith("pass tcp 10.1.0.2:8080");
        assertThat(outside.connections.count()).isEqualTo(2);
    }

    /** Or the new connection would be forgotten as soon as the reset one. */
    @Test
    void aResetIsOfTheConnectionBefore() throws Exception {
        outside.in(SYN);
        outside.out("tcp 10.1.0.2:8080 > 203.0.113.9:4000 flags=20");
        outside.in(SYN);
        var flags = new java.util.ArrayList<Integer>();
        outside.connections.forEach((_, half) -> flags.add(half.flags()));
        assertThat(flags).containsExactly(0, 0);
    }

    @Test
    void onlyClientsThatTheServiceIsForBegin() throws Exception {
        outside.restricted(WEB, "198.51.100.0/24", "10.1.0.2:8080");
        assertThat(in(SYN)).isEqualTo("drop DROP_NOT_ALLOWED");
        assertThat(in("tcp 198.51.100.9:4000 > 192.0.2.10:80 flags=2"))
                .isEqualTo("pass FORWARDED tcp 198.51.100.9:4000 > 10.1.0.2:8080");
        outside.restricted(WEB, "203.0.113.9/32", "10.1.0.2:8080");
        assertThat(outside.found(WEB).clients().ranges()).contains(Set.of(Prefix.parse("203.0.113.9/32")));
        assertThat(outside.ranges()).isEqualTo(1);
        assertThat(in("tcp 198.51.100.9:4001 > 192.0.2.10:80 flags=2")).isEqualTo("drop DROP_NOT_ALLOWED");
        assertThat(in(SYN)).isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080");
        outside.remove(WEB, Protocol.TCP);
        assertThat(outside.ranges()).isZero();
    }

    @Test
    void datagramsLeaveABackendThatIsGone() throws Exception {
        in("udp 203.0.113.9:4000 > 192.0.2.10:53");
        outside.service("192.0.2.10:53", Protocol.UDP, Reach.OUTSIDE, "10.1.0.4:5353");
        assertThat(in("udp 203.0.113.9:4000 > 192.0.2.10:53"))
                .isEqualTo("pass FORWARDED udp 203.0.113.9:4000 > 10.1.0.4:5353");
    }

    /** Another node, which has other ids for the same backends, chooses alike; where one is missing, only its share moves. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10, 32})
    void nodesChooseAlikeAndWhoLeavesTakesOnlyItsOwnAlong(int count) throws Exception {
        var all =
                IntStream.range(0, count).mapToObj(n -> "10.1.0." + n + ":8080").toList();
        var here = choices(all);
        assertThat(choices(all, all.getLast())).isEqualTo(here);
        assertThat(Set.copyOf(here.values())).isEqualTo(count < 32 ? Set.copyOf(all) : Set.copyOf(here.values()));
        var fewer = choices(all.subList(1, count));
        here.forEach((client, backend) -> {
            if (!backend.equals(all.getFirst())) {
                assertThat(fewer).containsEntry(client, backend);
            }
        });
    }

    /** Of 400 clients, on a node where others were there first. */
    private Map<Integer, String> choices(List<String> backends, String... first) throws Exception {
        outside.close();
        outside = new OutsideObject(2048);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, first);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, backends.toArray(String[]::new));
        var chosen = new HashMap<Integer, String>();
        for (int port = 4000; port < 4400; port++) {
            chosen.put(
                    port,
                    in("tcp 203.0.113.9:" + port + " > " + WEB + " flags=2").replaceFirst(".* > ", ""));
        }
        return chosen;
    }

    @Test
    void whereThereIsNoRoomNothingIsHalf() throws Exception {
        outside.close();
        outside = new OutsideObject(1);
        assertThat(outside.connections.capacity()).isEqualTo(1);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, "10.1.0.2:8080");
        assertThat(in(SYN)).isEqualTo("drop DROP_NAT_FULL");
        assertThat(outside.connections.count()).isZero();
    }

    private String in(String packet) throws Exception {
        return outside.outcome(outside.in(packet));
    }

    private String out(String packet) throws Exception {
        return outside.outcome(outside.out(packet));
    }
}
