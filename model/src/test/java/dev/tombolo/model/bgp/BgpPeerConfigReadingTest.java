package dev.tombolo.model.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Family;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.GracefulRestart;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Timers;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Transport;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpPeerConfigReadingTest {
    private static final SelectorSpec ALL = new SelectorSpec(Map.of("advertise", "bgp"), List.of());

    @Test
    void everyFieldIsRead() {
        var spec = new BgpPeerConfigSpec(
                Optional.of(new Transport(Optional.of(1790), Optional.of("eth1"))),
                timers(120, 9, 3),
                Optional.of("tor-password"),
                Optional.of(new GracefulRestart(true, Optional.of(15))),
                Optional.of(4),
                List.of(family("ipv4", "unicast"), new Family("ipv6", "unicast", Optional.empty())));
        var reading = BgpPeerConfigReading.of(
                "tor",
                spec,
                Map.of(
                        "bgp.tombolo.dev/bfd", "on",
                        "bgp.tombolo.dev/bfd-interval", "100ms",
                        "bgp.tombolo.dev/bfd-multiplier", "5"));
        assertThat(reading.refused()).isEmpty();
        assertThat(reading.config())
                .contains(new BgpPeerConfig(
                        "tor",
                        1790,
                        Optional.of("eth1"),
                        Duration.ofSeconds(9),
                        4,
                        Optional.of(Duration.ofSeconds(15)),
                        Optional.of("tor-password"),
                        List.of(
                                new BgpPeerConfig.Family(
                                        BgpFamily.IPV4, Optional.of(LabelSelector.of(Map.of("advertise", "bgp")))),
                                new BgpPeerConfig.Family(BgpFamily.IPV6, Optional.empty())),
                        Optional.of(new BfdTiming(Duration.ofMillis(100), 5))));
    }

    @Test
    void withoutFieldsItIsTheDefault() {
        assertThat(read(BgpPeerConfigSpec.EMPTY).config()).contains(named(BgpPeerConfig.DEFAULT, "tor"));
    }

    @Test
    void theDefaultsOfTheApiSaidInWordsAreAccepted() {
        assertThat(read(timed(timers(120, 90, 30))).refused()).isEmpty();
    }

    @Test
    void aRestartThatIsOffIsNotOffered() {
        var spec = new BgpPeerConfigSpec(
                null, null, null, Optional.of(new GracefulRestart(false, Optional.of(120))), null, null);
        assertThat(read(spec).refused()).isEmpty();
        assertThat(read(spec).config().orElseThrow().restartTime()).isEmpty();
        var on = new BgpPeerConfigSpec(
                null, null, null, Optional.of(new GracefulRestart(true, Optional.empty())), null, null);
        assertThat(read(on).config().orElseThrow().restartTime()).contains(Duration.ofSeconds(120));
    }

    @Test
    void aRestartTimeBesideARestartThatIsOffIsSaid() {
        var spec = new BgpPeerConfigSpec(
                null, null, null, Optional.of(new GracefulRestart(false, Optional.of(15))), null, null);
        assertThat(read(spec).refused())
                .hasToString("[CiliumBGPPeerConfig tor spec.gracefulRestart.restartTimeSeconds:"
                        + " read 15, expected enabled: true beside it, to have an effect]");
        assertThat(read(spec).config()).isPresent();
    }

    /** Whoever wrote the field wanted a password: none is no substitute. */
    @Test
    void aSecretWithoutANameIsNoLeaveToGoWithoutOne() {
        var spec = new BgpPeerConfigSpec(null, null, Optional.of(" "), null, null, null);
        assertThat(read(spec).refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPPeerConfig tor spec.authSecretRef");
        assertThat(read(spec).config()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "12, 9, 3, connectRetryTimeSeconds",
        "120, 9, 2, keepAliveTimeSeconds",
        "120, 9, 9, keepAliveTimeSeconds",
        "120, , 10, keepAliveTimeSeconds"
    })
    void aTimerThatTheSpeakerHasNoSayInIsSaidAndTheSessionIsUp(
            Integer retry, Integer hold, Integer keepAlive, String field) {
        var reading = read(timed(timers(retry, hold, keepAlive)));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPPeerConfig tor spec.timers." + field);
        assertThat(reading.config().orElseThrow().holdTime()).isEqualTo(Duration.ofSeconds(hold == null ? 90 : hold));
    }

    @ParameterizedTest
    @CsvSource({"0", "2", "65536", "-1"})
    void aHoldTimeThatNoSessionHasIsNone(int hold) {
        var reading = read(timed(timers(120, hold, hold / 3)));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPPeerConfig tor spec.timers.holdTimeSeconds");
        assertThat(reading.config()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, eth1, 15, 4, transport.peerPort",
        "65536, eth1, 15, 4, transport.peerPort",
        "179, a/b, 15, 4, transport.sourceInterface",
        "179, averylongdevicename, 15, 4, transport.sourceInterface",
        "179, eth1, 0, 4, gracefulRestart.restartTimeSeconds",
        "179, eth1, 4096, 4, gracefulRestart.restartTimeSeconds",
        "179, eth1, 15, 0, ebgpMultihop",
        "179, eth1, 15, 256, ebgpMultihop"
    })
    void whereItIsNotClearHowASessionIsToBeThereIsNone(int port, String device, int restart, int hops, String field) {
        var spec = new BgpPeerConfigSpec(
                Optional.of(new Transport(Optional.of(port), Optional.of(device))),
                null,
                null,
                Optional.of(new GracefulRestart(true, Optional.of(restart))),
                Optional.of(hops),
                null);
        assertThat(read(spec).refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPPeerConfig tor spec." + field);
        assertThat(read(spec).config()).isEmpty();
    }

    @Test
    void anotherFamilyIsLeftOutAndTheSessionIsUpWithTheRest() {
        var reading = read(families(family("ipv4", "unicast"), family("ipv4", "multicast"), family("l2vpn", "evpn")));
        assertThat(reading.refused()).extracting(Invalid::read).containsExactly("ipv4/multicast", "l2vpn/evpn");
        assertThat(reading.config().orElseThrow().families())
                .extracting(BgpPeerConfig.Family::family)
                .containsExactly(BgpFamily.IPV4);
    }

    @Test
    void withNoFamilyLeftThereIsNoSession() {
        assertThat(read(families(family("ipv6", "mpls_vpn"))).config()).isEmpty();
    }

    @Test
    void aFamilyTwiceIsOneFamily() {
        var reading = read(families(family("ipv4", "unicast"), new Family("ipv4", "unicast", Optional.empty())));
        assertThat(reading.refused()).hasSize(1);
        assertThat(reading.config().orElseThrow().families()).hasSize(1);
    }

    /** Half a selector selects more than a whole one. */
    @Test
    void aSelectorThatCannotBeMeantSelectsNothing() {
        var near = new SelectorSpec(
                Map.of("advertise", "bgp"), List.of(new SelectorSpec.Expression("rack", "Near", List.of())));
        var reading = read(families(new Family("ipv4", "unicast", Optional.of(near))));
        assertThat(reading.refused()).hasSize(1);
        assertThat(reading.config().orElseThrow().families().getFirst().advertisements())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "yes, , , bfd",
        "on, 99ms, , bfd-interval",
        "on, 60001ms, , bfd-interval",
        "on, 1s, , bfd-interval",
        "on, , 1, bfd-multiplier",
        "on, , 256, bfd-multiplier",
        "off, 300ms, , bfd-interval",
        ", , 3, bfd-multiplier"
    })
    void anAnnotationThatIsNotUnderstoodCountsAsAbsentAndIsSaid(
            String bfd, String interval, String multiplier, String key) {
        var annotations = new java.util.HashMap<String, String>();
        putIfSaid(annotations, BgpAnnotations.BFD, bfd);
        putIfSaid(annotations, BgpAnnotations.BFD_INTERVAL, interval);
        putIfSaid(annotations, BgpAnnotations.BFD_MULTIPLIER, multiplier);
        var reading = BgpPeerConfigReading.of("tor", BgpPeerConfigSpec.EMPTY, annotations);
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPPeerConfig tor annotation bgp.tombolo.dev/" + key);
        var expected = "on".equals(bfd) ? Optional.of(BfdTiming.DEFAULT) : Optional.empty();
        assertThat(reading.config().orElseThrow().bfd()).isEqualTo(expected);
    }

    private static void putIfSaid(Map<String, String> annotations, String key, String value) {
        if (value != null) {
            annotations.put(key, value);
        }
    }

    private static BgpPeerConfig named(BgpPeerConfig config, String name) {
        return new BgpPeerConfig(
                name,
                config.peerPort(),
                config.sourceInterface(),
                config.holdTime(),
                config.hops(),
                config.restartTime(),
                config.secret(),
                config.families(),
                config.bfd());
    }

    private static BgpPeerConfigReading read(BgpPeerConfigSpec spec) {
        return BgpPeerConfigReading.of("tor", spec, Map.of());
    }

    private static BgpPeerConfigSpec timed(Optional<Timers> timers) {
        return new BgpPeerConfigSpec(null, timers, null, null, null, null);
    }

    private static BgpPeerConfigSpec families(Family... families) {
        return new BgpPeerConfigSpec(null, null, null, null, null, List.of(families));
    }

    private static Family family(String afi, String safi) {
        return new Family(afi, safi, Optional.of(ALL));
    }

    private static Optional<Timers> timers(Integer retry, Integer hold, Integer keepAlive) {
        return Optional.of(
                new Timers(Optional.ofNullable(retry), Optional.ofNullable(hold), Optional.ofNullable(keepAlive)));
    }
}
