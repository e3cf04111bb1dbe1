package dev.tombolo.model.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.AutoDiscovery;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Bmp;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.DefaultGateway;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Peer;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Reference;
import dev.tombolo.model.bgp.BgpInstance.Place;
import dev.tombolo.model.bgp.BgpInstance.Router;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpClusterConfigReadingTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Peer TOR = at("tor", "192.0.2.1", 64501);

    @Test
    void everyFieldIsRead() {
        var spec = new BgpClusterConfigSpec(
                Optional.of(new SelectorSpec(Map.of("rack", "0"), List.of())),
                List.of(
                        instance("a", 64500L, TOR, gateway("gw", "ipv6")),
                        instance("b", null, at("six", "2001:db8::1", 64502))));
        var reading = BgpClusterConfigReading.of(
                "rack0", CREATED, spec, Map.of("bgp.tombolo.dev/drain", "2026-01-02T03:04:05Z/PT10S"));
        assertThat(reading.refused()).isEmpty();
        assertThat(reading.config())
                .contains(new BgpClusterConfig(
                        "rack0",
                        CREATED,
                        LabelSelector.of(Map.of("rack", "0")),
                        List.of(
                                new BgpInstance(
                                        "a",
                                        Optional.of(new Asn(64500)),
                                        List.of(
                                                router("tor", new Place.At(IpAddress.parse("192.0.2.1")), 64501),
                                                router("gw", new Place.DefaultGateway(BgpFamily.IPV6), 64501))),
                                new BgpInstance(
                                        "b",
                                        Optional.empty(),
                                        List.of(router("six", new Place.At(IpAddress.parse("2001:db8::1")), 64502)))),
                        Optional.of(new BgpDrain(Optional.of(CREATED), Duration.ofSeconds(10)))));
    }

    @Test
    void withoutASelectorEveryNodeIsMeant() {
        var spec = new BgpClusterConfigSpec(Optional.empty(), List.of(instance("a", 64500L, TOR)));
        assertThat(read(spec).config().orElseThrow().nodes()).isEqualTo(LabelSelector.EVERYTHING);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 192.0.2.1, 64501, name",
        "tor, 192.0.2.1, 64501, name",
        "x, '', 64501, ''",
        "x, router, 64501, peerAddress",
        "x, fe80::1, 64501, peerAddress",
        "x, fe80::1%eth0, 64501, peerAddress",
        "x, 127.0.0.1, 64501, peerAddress",
        "x, 224.0.0.5, 64501, peerAddress",
        "x, 0.0.0.0, 64501, peerAddress",
        "x, 192.0.2.2, 0, peerASN",
        "x, 192.0.2.2, -1, peerASN",
        "x, 192.0.2.2, 4294967296, peerASN"
    })
    void aPeerThatCannotBeMeantIsLeftOutAndTheOthersAreInForce(String name, String address, long asn, String field) {
        var reading = read(config(instance("a", 64500L, TOR, at(name, address, asn))));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPClusterConfig rack0 spec.bgpInstances[0].peers[1]"
                        + (field.isEmpty() ? "" : "." + field));
        assertThat(routers(reading)).containsExactly("tor");
    }

    @Test
    void aPeerWithoutANumberIsNotOneOfAnyNumber() {
        var peer = new Peer("x", Optional.of("192.0.2.2"), Optional.empty(), Optional.empty(), Optional.empty());
        var reading = read(config(instance("a", 64500L, TOR, peer)));
        assertThat(reading.refused()).hasToString("""
                [CiliumBGPClusterConfig rack0 spec.bgpInstances[0].peers[1].peerASN: read 0, expected the router's \
                number: this speaker cannot take whichever one it has, so the peer is left out]""");
    }

    @ParameterizedTest
    @CsvSource({
        "DefaultGateway, ipv5, defaultGateway.addressFamily",
        "DefaultGateway, , defaultGateway.addressFamily",
        "Unnumbered, , mode",
        "Guess, ipv4, mode"
    })
    void whatIsDiscoveredOtherwiseIsLeftOut(String mode, String family, String field) {
        var discovery = new AutoDiscovery(mode, Optional.ofNullable(family).map(DefaultGateway::new), Optional.empty());
        var peer = new Peer("x", Optional.empty(), Optional.of(64501L), Optional.of(discovery), Optional.empty());
        var reading = read(config(instance("a", 64500L, TOR, peer)));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPClusterConfig rack0 spec.bgpInstances[0].peers[1].autoDiscovery." + field);
        assertThat(routers(reading)).containsExactly("tor");
    }

    @Test
    void whatIsOfAnotherModeIsSaidToDoNothing() {
        var discovery = new AutoDiscovery(
                "DefaultGateway",
                Optional.of(new DefaultGateway("ipv4")),
                Optional.of(new BgpClusterConfigSpec.Unnumbered(Optional.of("eth1"))));
        var peer = new Peer("x", Optional.empty(), Optional.of(64501L), Optional.of(discovery), Optional.empty());
        var reading = read(config(instance("a", 64500L, peer)));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPClusterConfig rack0 spec.bgpInstances[0].peers[0].autoDiscovery.unnumbered");
        assertThat(routers(reading)).containsExactly("x");
    }

    @Test
    void aReferenceWithoutANameIsNoLeaveToTakeDefaults() {
        var peer = new Peer(
                "x", Optional.of("192.0.2.2"), Optional.of(64501L), Optional.empty(), Optional.of(new Reference("")));
        var reading = read(config(instance("a", 64500L, TOR, peer)));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPClusterConfig rack0 spec.bgpInstances[0].peers[1].peerConfigRef.name");
        assertThat(routers(reading)).containsExactly("tor");
    }

    @Test
    void anAddressAndItsDiscoveryAreTooMuch() {
        var both = new Peer(
                "x",
                Optional.of("192.0.2.2"),
                Optional.of(64501L),
                gateway("x", "ipv4").autoDiscovery(),
                Optional.empty());
        assertThat(routers(read(config(instance("a", 64500L, TOR, both))))).containsExactly("tor");
    }

    @Test
    void whatTheSpeakerDoesNotDoIsSaidAndTheSessionsAreInForce() {
        var instance =
                new Instance("a", Optional.of(64500L), Optional.of(179), List.of(TOR), List.of(new Bmp("station")));
        var reading = read(config(instance));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly(
                        "CiliumBGPClusterConfig rack0 spec.bgpInstances[0].localPort",
                        "CiliumBGPClusterConfig rack0 spec.bgpInstances[0].bmpServers");
        assertThat(routers(reading)).containsExactly("tor");
    }

    @ParameterizedTest
    @CsvSource({"'', 64500", "b, 64500", "c, 0", "c, 4294967296"})
    void anInstanceThatCannotBeMeantIsLeftOut(String name, long asn) {
        var reading = read(config(instance("b", 64500L, TOR), instance(name, asn, at("x", "192.0.2.2", 64502))));
        assertThat(reading.refused()).hasSize(1);
        assertThat(reading.config().orElseThrow().instances())
                .extracting(BgpInstance::name)
                .containsExactly("b");
    }

    @Test
    void whereItIsNotClearWhichNodesAreMeantNothingIsInForce() {
        var near = new SelectorSpec(Map.of(), List.of(new SelectorSpec.Expression("rack", "Near", List.of())));
        var spec = new BgpClusterConfigSpec(Optional.of(near), List.of(instance("a", 64500L, TOR)));
        assertThat(read(spec).config()).isEmpty();
        assertThat(read(config()).config()).isEmpty();
        assertThat(read(new BgpClusterConfigSpec(Optional.empty(), Collections.nCopies(17, instance("a", 64500L, TOR))))
                        .config())
                .isEmpty();
    }

    @Test
    void aKeyOfOursThatNobodyReadsIsSaid() {
        var spec = config(instance("a", 64500L, TOR));
        var reading = BgpClusterConfigReading.of("rack0", CREATED, spec, Map.of("bgp.tombolo.dev/med", "5"));
        assertThat(reading.refused()).extracting(Invalid::reason).containsExactly(Invalid.Reason.BAD_ANNOTATION);
        assertThat(reading.config()).isPresent();
    }

    private static BgpClusterConfigReading read(BgpClusterConfigSpec spec) {
        return BgpClusterConfigReading.of("rack0", CREATED, spec, Map.of("team", "net"));
    }

    private static List<String> routers(BgpClusterConfigReading reading) {
        return reading.config().orElseThrow().instances().getFirst().routers().stream()
                .map(Router::name)
                .toList();
    }

    private static BgpClusterConfigSpec config(Instance... instances) {
        return new BgpClusterConfigSpec(Optional.empty(), List.of(instances));
    }

    private static Instance instance(String name, Long asn, Peer... peers) {
        return new Instance(name, Optional.ofNullable(asn), Optional.empty(), List.of(peers), List.of());
    }

    private static Peer at(String name, String address, long asn) {
        return new Peer(
                name, Optional.of(address), Optional.of(asn), Optional.empty(), Optional.of(new Reference("fast")));
    }

    private static Peer gateway(String name, String family) {
        var discovery = new AutoDiscovery("DefaultGateway", Optional.of(new DefaultGateway(family)), Optional.empty());
        return new Peer(
                name,
                Optional.empty(),
                Optional.of(64501L),
                Optional.of(discovery),
                Optional.of(new Reference("fast")));
    }

    private static Router router(String name, Place place, long asn) {
        return new Router(name, place, new Asn(asn), Optional.of("fast"));
    }
}
