package dev.tombolo.model.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpAdvertisementSpec.Attributes;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Communities;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Device;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Service;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.GracefulRestart;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Timers;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever somebody writes: there is an answer, and what is in force can be held by a speaker. */
class BgpReadingsPropertyTest {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "tor",
            "a\nb",
            "192.0.2.1",
            "192.0.2.256",
            "::",
            "2001:db8::1",
            "fe80::1%eth0",
            "65535:65535",
            "65536:1",
            "4294967295",
            "4294967296",
            "1:2:3",
            "no-export",
            "on",
            "300ms",
            "west,east",
            "-1",
            "16",
            "DefaultGateway",
            "ipv4",
            "unicast",
            "PodCIDR",
            "Service",
            "LoadBalancerIP",
            "Interface",
            "eth0",
            "2026-01-02T03:04:05Z/PT5S",
            "9999999999",
            "/",
            ",");

    @Property(tries = 500)
    void anythingIsACluster(
            @ForAll("texts") String name,
            @ForAll("texts") String address,
            @ForAll long asn,
            @ForAll int port,
            @ForAll("texts") String drain) {
        var peer = new BgpClusterConfigSpec.Peer(
                name, Optional.of(address), Optional.of(asn), Optional.empty(), Optional.empty());
        var instance = new BgpClusterConfigSpec.Instance(
                name, Optional.of(asn), Optional.of(port), List.of(peer, peer), List.of());
        var reading = BgpClusterConfigReading.of(
                "x",
                Instant.EPOCH,
                new BgpClusterConfigSpec(Optional.empty(), List.of(instance, instance)),
                Map.of(BgpDrain.ANNOTATION, drain));
        assertThat(reading.refused()).isNotEmpty();
        reading.config().ifPresent(config -> {
            assertThat(config.instances())
                    .hasSize(1)
                    .allSatisfy(read -> assertThat(read.routers().size()).isLessThanOrEqualTo(1));
            config.drain().ifPresent(read -> read.at(Instant.MAX));
        });
    }

    @Property(tries = 500)
    void whatIsInForceOfAPeerConfigASessionCanHave(
            @ForAll int number, @ForAll("small") int other, @ForAll("texts") String one, @ForAll("texts") String two) {
        var spec = new BgpPeerConfigSpec(
                Optional.of(new Transport(Optional.of(other), Optional.of(one))),
                Optional.of(new Timers(Optional.of(number), Optional.of(other), Optional.of(number))),
                Optional.of(two),
                Optional.of(new GracefulRestart(true, Optional.of(other))),
                Optional.of(other),
                List.of(new BgpPeerConfigSpec.Family(one, two, Optional.empty())));
        var annotations =
                Map.of(BgpAnnotations.BFD, one, BgpAnnotations.BFD_INTERVAL, two, BgpAnnotations.BFD_MULTIPLIER, two);
        var reading = BgpPeerConfigReading.of("x", spec, annotations);
        reading.config().ifPresent(config -> {
            assertThat(config.holdTime().toSeconds()).isBetween(3L, 65_535L);
            assertThat(config.hops()).isBetween(1, 255);
            assertThat(config.families()).isNotEmpty();
        });
        assertThat(reading.config().isPresent() || !reading.refused().isEmpty()).isTrue();
    }

    @Property(tries = 500)
    void anythingIsAnAdvertisement(
            @ForAll("texts") String one,
            @ForAll("texts") String two,
            @ForAll("small") int number,
            @ForAll long preference) {
        var entry = new Entry(
                one,
                Optional.of(new Service(List.of(two), Optional.of(number), Optional.of(number))),
                Optional.of(new Device(two)),
                Optional.empty(),
                Optional.of(new Attributes(
                        Optional.of(new Communities(List.of(two), List.of(one), List.of(one))),
                        Optional.of(preference))));
        var annotations =
                Map.of(BgpAnnotations.MED, one, BgpAnnotations.PREPEND, two, BgpAnnotations.ACTIVE_CLUSTERS, two);
        var reading = BgpAdvertisementReading.of("x", Map.of(), new BgpAdvertisementSpec(List.of(entry)), annotations);
        assertThat(reading.advertisement().isPresent() || !reading.refused().isEmpty())
                .isTrue();
    }

    @Property(tries = 500)
    void anythingIsAnOverride(@ForAll("texts") String one, @ForAll("texts") String two, @ForAll long asn) {
        var peer = new BgpOverrideSpec.Peer(two, Optional.of(one), Optional.empty());
        var instance =
                new BgpOverrideSpec.Instance(one, Optional.of(two), Optional.empty(), Optional.of(asn), List.of(peer));
        var reading = BgpOverrideReading.of("n1", new BgpOverrideSpec(List.of(instance)), Map.of());
        assertThat(reading.unclear().isEmpty()).isEqualTo(reading.refused().isEmpty());
        reading.override()
                .instances()
                .values()
                .forEach(read ->
                        read.routerId().ifPresent(id -> assertThat(id.isV4()).isTrue()));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(Arbitraries.of(TEXTS), Arbitraries.strings().ofMaxLength(300));
    }

    @Provide
    Arbitrary<Integer> small() {
        return Arbitraries.integers().between(-2, 70_000);
    }
}
