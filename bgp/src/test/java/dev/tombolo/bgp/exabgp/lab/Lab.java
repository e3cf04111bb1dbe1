package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.exabgp.ConfigCheck;
import dev.tombolo.bgp.exabgp.ExabgpSpeaker;
import dev.tombolo.bgp.exabgp.StartCommand;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/**
 * A node with ExaBGP, the bridge and a speaker, and routers at links of their own: router 1 is 192.0.2.2/30 seen from
 * 192.0.2.1, router 2 is 192.0.2.6 seen from 192.0.2.5, and so on; 2001:db8:0:N::2 and ::1 for IPv6.
 */
public final class Lab implements AutoCloseable {
    static final Asn OURS = new Asn(64500);
    static final Duration LONG = Duration.ofSeconds(20);

    final Path directory;
    final TestNamespace node;
    final List<SpeakerEvent> events = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Path bridge = ExabgpProcess.bridge();
    private ExabgpProcess exabgp;
    private ExabgpSpeaker speaker;

    public Lab() throws IOException {
        this(true);
        Assumptions.assumeTrue(Files.isExecutable(Bird.PROGRAM), "skipped: bird is not installed (package bird2)");
        open.push(node);
    }

    private Lab(boolean hasNode) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(StartCommand.PROGRAM), "skipped: exabgp is not installed (package exabgp)");
        directory = Files.createTempDirectory("speaker");
        node = hasNode ? TestNamespace.create() : null;
    }

    /** Without links: its routers are of this process. */
    static Lab onLoopback() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: ExaBGP is told to be root");
        return new Lab(false);
    }

    /** A namespace for a router, at its own link to the node. */
    public TestNamespace link(int number) throws IOException {
        var router = TestNamespace.create();
        open.push(router);
        node.run("ip link add r%d type veth peer name up0 netns %s".formatted(number, router.name()));
        node.run("ip addr add %s/30 dev r%d".formatted(local(number), number));
        node.run("ip addr add 2001:db8:0:%d::1/64 dev r%d nodad".formatted(number, number));
        node.run("ip link set r%d up".formatted(number));
        router.run("ip addr add %s/30 dev up0".formatted(remote(number)));
        router.run("ip addr add 2001:db8:0:%d::2/64 dev up0 nodad".formatted(number));
        router.run("ip link set up0 up");
        return router;
    }

    public Bird bird(int number, String session) throws IOException {
        var bird = birdAt(number, session);
        bird.start();
        return bird;
    }

    Bird birdAt(int number, String session) throws IOException {
        var directory = this.directory.resolve("bird" + number);
        return owned(new Bird(link(number), directory, remote(number), local(number), session));
    }

    Frr frrAt(int number) throws IOException {
        Frr.assumeThere();
        return owned(new Frr(link(number), directory.resolve("frr" + number), number));
    }

    /** Nothing crosses the link any more, and neither end is told. */
    void cut(int number) throws IOException {
        node.run("nft add table inet cut");
        for (String hook : List.of("input", "output")) {
            node.run("nft add chain inet cut " + hook + " { type filter hook " + hook + " priority 0 ; }");
            String device = hook.equals("input") ? "iifname" : "oifname";
            node.run("nft add rule inet cut " + hook + " " + device + " r" + number + " drop");
        }
    }

    void heal() throws IOException {
        node.run("nft delete table inet cut");
    }

    <T extends AutoCloseable> T owned(T thing) {
        open.push(thing);
        return thing;
    }

    public ExabgpSpeaker speaker() {
        return speaker;
    }

    public ExabgpProcess exabgp() {
        return exabgp;
    }

    /** Everything on the node, ready to speak to these. */
    public Lab start(BgpPeer... peers) throws IOException {
        startSpeaker(peers);
        exabgp = new ExabgpProcess(node, directory);
        open.push(exabgp);
        exabgp.start();
        return this;
    }

    public ExabgpSpeaker startSpeaker(BgpPeer... peers) throws IOException {
        speaker = new ExabgpSpeaker(places(), ConfigCheck.byRunning(StartCommand.PROGRAM));
        open.push(speaker);
        speaker.listen(events::add);
        speaker.start();
        speaker.apply(List.of(peers));
        return speaker;
    }

    ExabgpSpeaker.Places places() {
        return new ExabgpSpeaker.Places(config(), bridge, directory.resolve("bridge.sock"));
    }

    /** Each line that ExaBGP says is followed by some that make no sense. */
    void makeNoise() throws IOException {
        helper("""
                while IFS= read -r line; do
                    printf '%%s\\n\\377\\376%%%%$&!\\n{ "type": "state", "neighbor": \\n\\n' "$line"
                done | %s "$@"
                """);
    }

    /** A second is enough to take ExaBGP for one that hangs. */
    void losePatience() throws IOException {
        helper("exec %s \"$@\" 1\n");
    }

    private void helper(String script) throws IOException {
        var program = directory.resolve("helper");
        Files.writeString(program, "#!/bin/bash\n" + script.formatted(ExabgpProcess.bridge()));
        bridge = Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    Path config() {
        return directory.resolve("exabgp.conf");
    }

    /** As a killed agent leaves things. */
    public void killSpeaker() {
        speaker.close();
    }

    static String local(int number) {
        return "192.0.2." + (4 * number - 3);
    }

    static String remote(int number) {
        return "192.0.2." + (4 * number - 2);
    }

    static Asn asnOf(int router) {
        return new Asn(64500 + router);
    }

    public static PeerId id(int router) {
        return new PeerId("main", "router" + router);
    }

    public static BgpPeer peer(int router) {
        return new PeerDraft(router).peer();
    }

    /** Prefixes of 198.18.0.0/15 and on, by way of the node. */
    public static Map<RouteKey, PathAttributes> routes(int router, int count) {
        var rows = new HashMap<RouteKey, PathAttributes>();
        for (int i = 0; i < count; i++) {
            rows.put(new RouteKey(id(router), prefix(i)), PathAttributes.to(IpAddress.parse(local(router))));
        }
        return rows;
    }

    public static Prefix prefix(int number) {
        return new Prefix(IpAddress.v4(0x0b00_0000 + (number << 8)), 24);
    }

    public void put(Map<RouteKey, PathAttributes> rows) {
        var failed = speaker.routes().change(Set.of(), rows);
        if (!failed.isEmpty()) {
            throw new AssertionError(failed.toString());
        }
    }

    PeerStatus status(int router) {
        return Optional.ofNullable(speaker.status().peers().get(id(router))).orElseThrow();
    }

    public void awaitTold(int router) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> {
            var status = speaker.status().peers().get(id(router));
            return status != null && status.endOfRib() && status.pending() == 0;
        });
    }

    @Override
    public void close() throws IOException {
        var failures = new ArrayList<Exception>();
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception failure) {
                failures.add(failure);
            }
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException(failures.getFirst());
        }
    }
}
