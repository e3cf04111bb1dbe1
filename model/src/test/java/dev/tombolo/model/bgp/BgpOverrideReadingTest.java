package dev.tombolo.model.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpOverrideSpec.Instance;
import dev.tombolo.model.bgp.BgpOverrideSpec.Peer;
import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpOverrideReadingTest {
    @Test
    void everyFieldIsRead() {
        var reading = read(instance("a", "192.0.2.9", 64510L, "2001:db8::9"));
        assertThat(reading.refused()).isEmpty();
        assertThat(reading.unclear()).isEmpty();
        assertThat(reading.override().instance("a"))
                .isEqualTo(new BgpNodeOverride.Instance(
                        Optional.of(IpAddress.parse("192.0.2.9")),
                        Optional.of(new Asn(64510)),
                        Map.of("tor", IpAddress.parse("2001:db8::9"))));
        assertThat(reading.override().instance("b")).isEqualTo(BgpNodeOverride.Instance.NOTHING);
    }

    @Test
    void whatTheSpeakerDoesNotDoIsSaidAndTheRestIsInForce() {
        var peer = new Peer("tor", Optional.empty(), Optional.of(1790));
        var reading =
                read(new Instance("a", Optional.of("192.0.2.9"), Optional.of(1179), Optional.empty(), List.of(peer)));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly(
                        "CiliumBGPNodeConfigOverride n1 spec.bgpInstances[0].localPort",
                        "CiliumBGPNodeConfigOverride n1 spec.bgpInstances[0].peers[0].localPort");
        assertThat(reading.override().instance("a").routerId()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 64510, 192.0.2.9, routerID",
        "0.0.0.0, 64510, 192.0.2.9, routerID",
        "192.0.2.9, 0, 192.0.2.9, localASN",
        "192.0.2.9, 64510, somewhere, peers[0].localAddress",
        "192.0.2.9, 64510, fe80::1, peers[0].localAddress"
    })
    void anInstanceThatCannotBeMeantHasNoSessions(String routerId, long asn, String address, String field) {
        var reading = read(instance("a", routerId, asn, address), instance("b", "192.0.2.9", 64510L, "192.0.2.9"));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPNodeConfigOverride n1 spec.bgpInstances[0]." + field);
        assertThat(reading.unclear()).containsExactly("a");
        assertThat(reading.override().instances()).containsOnlyKeys("b");
    }

    @Test
    void oneThatIsThereTwiceIsNotClear() {
        var reading =
                read(instance("a", "192.0.2.9", 64510L, "192.0.2.9"), instance("a", "192.0.2.8", 64510L, "192.0.2.9"));
        assertThat(reading.unclear()).containsExactly("a");
        assertThat(reading.override().instances()).isEmpty();
    }

    @Test
    void anAnnotationOfOursIsSaidToBeNothing() {
        var spec = new BgpOverrideSpec(List.of(instance("a", "192.0.2.9", 64510L, "192.0.2.9")));
        var reading = BgpOverrideReading.of("n1", spec, Map.of("bgp.tombolo.dev/drain", "true"));
        assertThat(reading.refused())
                .hasToString("[CiliumBGPNodeConfigOverride n1 annotation bgp.tombolo.dev/drain: read"
                        + " true, expected none: this kind has no annotations of ours]");
        assertThat(reading.override())
                .isEqualTo(read(spec.bgpInstances().getFirst()).override());
    }

    private static BgpOverrideReading read(Instance... instances) {
        return BgpOverrideReading.of("n1", new BgpOverrideSpec(List.of(instances)), Map.of("team", "net"));
    }

    private static Instance instance(String name, String routerId, long asn, String address) {
        var peer = new Peer("tor", Optional.of(address), Optional.empty());
        return new Instance(name, Optional.of(routerId), Optional.empty(), Optional.of(asn), List.of(peer));
    }
}
