package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BfdTiming;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sessions of 192.0.2.9 with routers of a rack. */
final class WatchedPeers {
    static final IpAddress NODE = IpAddress.parse("192.0.2.9");

    private WatchedPeers() {}

    static PlannedPeers of(PlannedPeer... peers) {
        var byId = Arrays.stream(peers)
                .collect(Collectors.toMap(peer -> peer.session().id(), Function.identity()));
        return new PlannedPeers(Optional.of("rack0"), new TreeMap<>(byId), List.of());
    }

    static PlannedPeer peer(String name, String address, Optional<BfdTiming> bfd) {
        return peer(name, address, 179, 1, bfd);
    }

    static PlannedPeer peer(String name, String address, int port, int hops, Optional<BfdTiming> bfd) {
        var session = new BgpPeer(
                id(name),
                new Asn(64_500),
                new Asn(64_501),
                NODE,
                NODE,
                IpAddress.parse(address),
                port,
                Duration.ofSeconds(90),
                hops,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(List.of(BgpFamily.IPV4)));
        return new PlannedPeer(session, "rack0", Optional.of("tor"), Map.of(), Map.of(), bfd, Optional.empty());
    }

    static PeerId id(String name) {
        return new PeerId("main", name);
    }
}
