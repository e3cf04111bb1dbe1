package dev.tombolo.benchmarks.bgp;

import dev.tombolo.bgp.exabgp.ConfigCheck;
import dev.tombolo.bgp.exabgp.ExabgpSpeaker;
import dev.tombolo.bgp.exabgp.StartCommand;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** ExaBGP, the bridge and our speaker. */
final class TomboloAnnouncer implements Announcer {
    private static final PathAttributes BY_US = PathAttributes.to(IpAddress.parse(Network.NODE));

    private final Network network;
    private final ExabgpSpeaker.Places places;
    private final Path nodelay;
    private final List<BgpPeer> peers;
    private ExabgpSpeaker speaker;
    private Process exabgp;
    private long failed;

    /** @param restart of graceful restart; empty: not offered */
    TomboloAnnouncer(Network network, Path natives, int routers, Optional<Duration> restart) throws IOException {
        this.network = network;
        var directory = network.directory();
        places = new ExabgpSpeaker.Places(
                directory.resolve("exabgp.conf"),
                natives.resolve("tombolo-exabgp-bridge"),
                directory.resolve("bridge.sock"));
        nodelay = natives.resolve("tombolo-nodelay.so");
        peers = IntStream.range(0, routers).mapToObj(i -> peer(i, restart)).toList();
        startSpeaker();
        startExabgp();
    }

    static PeerId id(int router) {
        return new PeerId("main", "router" + router);
    }

    static BgpPeer peer(int router, Optional<Duration> restart) {
        return new BgpPeer(
                id(router),
                new Asn(Network.OUR_SYSTEM),
                new Asn(Network.systemOf(router)),
                IpAddress.parse(Network.NODE),
                IpAddress.parse(Network.NODE),
                IpAddress.parse(Network.router(router)),
                179,
                Duration.ofSeconds(9),
                1,
                restart,
                Optional.empty(),
                new TreeSet<>(Set.of(BgpFamily.IPV4)));
    }

    void startSpeaker() throws IOException {
        speaker = new ExabgpSpeaker(places, ConfigCheck.byRunning(StartCommand.PROGRAM)).start();
        speaker.apply(peers);
    }

    /** As an agent that was killed leaves things. */
    void dropSpeaker() {
        speaker.close();
    }

    void startExabgp() throws IOException {
        exabgp = network.onNode(
                StartCommand.environment(nodelay),
                "exabgp.log",
                new StartCommand(StartCommand.PROGRAM, places.configuration()).words());
    }

    void killExabgp() {
        exabgp.destroyForcibly().onExit().join();
    }

    void terminateExabgp() throws InterruptedException {
        exabgp.destroy();
        if (!exabgp.waitFor(10, TimeUnit.SECONDS)) {
            killExabgp();
        }
    }

    ExabgpSpeaker speaker() {
        return speaker;
    }

    @Override
    public void announce(int from, int count) {
        failed += speaker.routes().change(Set.of(), rows(from, count)).size();
    }

    @Override
    public void withdraw(int from, int count) {
        failed += speaker.routes().change(rows(from, count).keySet(), Map.of()).size();
    }

    private Map<RouteKey, PathAttributes> rows(int from, int count) {
        var rows = new TreeMap<RouteKey, PathAttributes>();
        for (BgpPeer peer : peers) {
            for (int i = from; i < from + count; i++) {
                rows.put(new RouteKey(peer.id(), Prefix.parse(Announcer.address(i) + "/24")), BY_US);
            }
        }
        return rows;
    }

    @Override
    public long errors() {
        return failed + speaker.status().counters().errors();
    }

    @Override
    public void close() {
        speaker.close();
        var children = exabgp.children().toList();
        killExabgp();
        children.forEach(ProcessHandle::destroyForcibly);
        try {
            Files.deleteIfExists(places.socket());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
