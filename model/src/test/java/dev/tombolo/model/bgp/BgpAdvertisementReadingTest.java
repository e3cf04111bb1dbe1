package dev.tombolo.model.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpAdvertisement.RemoteBackends;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.bgp.BgpAdvertisement.Subject;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Attributes;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Communities;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Device;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Service;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpAdvertisementReadingTest {
    private static final SelectorSpec BLUE = new SelectorSpec(Map.of("color", "blue"), List.of());
    private static final Entry WEB = service("Service", "LoadBalancerIP");

    @Test
    void everyFieldOfAServiceIsRead() {
        var communities =
                new Communities(List.of("64500:100", "4259905537"), List.of("no-export"), List.of("64500:1:2"));
        var entry = new Entry(
                "Service",
                Optional.of(new Service(
                        List.of("LoadBalancerIP", "ClusterIP", "ExternalIP"), Optional.of(24), Optional.of(64))),
                Optional.empty(),
                Optional.of(BLUE),
                Optional.of(new Attributes(Optional.of(communities), Optional.of(99L))));
        var reading = BgpAdvertisementReading.of(
                "web",
                Map.of("advertise", "bgp"),
                new BgpAdvertisementSpec(List.of(entry)),
                Map.of(
                        "bgp.tombolo.dev/med", "7",
                        "bgp.tombolo.dev/as-path-prepend", "2",
                        "bgp.tombolo.dev/remote-backends", "prepend",
                        "bgp.tombolo.dev/active-clusters", "west, north",
                        "bgp.tombolo.dev/standby-prepend", "5",
                        "bgp.tombolo.dev/standby-med", "100"));
        assertThat(reading.refused()).isEmpty();
        var marks = new RouteMarks(
                new TreeSet<>(Set.of(
                        new Community.Standard(64500, 100),
                        new Community.Standard(65001, 1),
                        new Community.Standard(65535, 65281),
                        new Community.Large(64500, 1, 2))),
                OptionalLong.of(99),
                OptionalLong.of(7),
                2);
        assertThat(reading.advertisement())
                .contains(new BgpAdvertisement(
                        "web",
                        Map.of("advertise", "bgp"),
                        List.of(new BgpAdvertisement.Entry(
                                new Subject.Services(
                                        Set.of(ServiceAddress.values()),
                                        OptionalInt.of(24),
                                        OptionalInt.of(64),
                                        false,
                                        RemoteBackends.PREPEND),
                                Optional.of(LabelSelector.of(Map.of("color", "blue"))),
                                marks,
                                new Standby(
                                        Set.of(new ClusterName("west"), new ClusterName("north")),
                                        5,
                                        OptionalLong.of(100))))));
    }

    @Test
    void theOtherTypesAreRead() {
        var reading = read(
                entry("PodCIDR", null),
                new Entry(
                        "Interface",
                        Optional.empty(),
                        Optional.of(new Device("lo")),
                        Optional.empty(),
                        Optional.empty()),
                entry("EgressIP", BLUE),
                service("MeshService", "ClusterIP"));
        assertThat(reading.refused()).isEmpty();
        assertThat(subjects(reading))
                .containsExactly(
                        new Subject.PodRanges(),
                        new Subject.Interface("lo"),
                        new Subject.EgressAddresses(),
                        new Subject.Services(
                                Set.of(ServiceAddress.ClusterIP),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                true,
                                RemoteBackends.ADVERTISE));
    }

    @Test
    void withoutASelectorNothingIsSelectedAndAnEmptyOneSelectsEverything() {
        var none = read(entry("EgressIP", null)).advertisement().orElseThrow();
        assertThat(none.entries().getFirst().selector()).isEmpty();
        assertThat(read(entry("EgressIP", null)).refused())
                .hasToString("[CiliumBGPAdvertisement web"
                        + " spec.advertisements[0].selector: read nothing, expected labels: without it nothing is selected, and {}"
                        + " is everything]");
        var all = read(entry("EgressIP", new SelectorSpec(Map.of(), List.of())))
                .advertisement()
                .orElseThrow();
        assertThat(all.entries().getFirst().selector()).contains(LabelSelector.EVERYTHING);
    }

    @Test
    void backendsOfOtherClustersCountOnlyWhereItIsAskedFor() {
        assertThat(remote(read(WEB))).isEqualTo(RemoteBackends.WITHDRAW);
        assertThat(remote(read(Map.of("bgp.tombolo.dev/remote-backends", "advertise"), WEB)))
                .isEqualTo(RemoteBackends.ADVERTISE);
        assertThat(remote(read(
                        Map.of("bgp.tombolo.dev/remote-backends", "withdraw"), service("MeshService", "ClusterIP"))))
                .isEqualTo(RemoteBackends.WITHDRAW);
    }

    @ParameterizedTest
    @CsvSource({
        "CiliumPodIPPool, advertisementType",
        "service, advertisementType",
        "'', advertisementType",
        "Service, service.addresses",
        "MeshService, service.addresses",
        "Interface, interface.name"
    })
    void anEntryThatCannotBeMeantIsLeftOutAndTheOthersAreInForce(String type, String field) {
        var reading = read(entry(type, BLUE), WEB);
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .contains("CiliumBGPAdvertisement web spec.advertisements[0]." + field);
        assertThat(subjects(reading)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "NodeIP, 24, 64, addresses",
        "ClusterIP, 0, 64, aggregationLengthIPv4",
        "ClusterIP, 32, 64, aggregationLengthIPv4",
        "ClusterIP, 24, 0, aggregationLengthIPv6",
        "ClusterIP, 24, 128, aggregationLengthIPv6"
    })
    void aServiceThatCannotBeMeantIsLeftOut(String address, int v4, int v6, String field) {
        var bad = new Entry(
                "Service",
                Optional.of(new Service(List.of("LoadBalancerIP", address), Optional.of(v4), Optional.of(v6))),
                Optional.empty(),
                Optional.of(BLUE),
                Optional.empty());
        var reading = read(bad, WEB);
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPAdvertisement web spec.advertisements[0].service." + field);
        assertThat(subjects(reading)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "64500:65536, no-export, 1:2:3, 0, communities.standard",
        "4294967296, no-export, 1:2:3, 0, communities.standard",
        "1:2:3, no-export, 1:2:3, 0, communities.standard",
        "1:2, no-such, 1:2:3, 0, communities.wellKnown",
        "1:2, no-export, 1:2, 0, communities.large",
        "1:2, no-export, 1:2:4294967296, 0, communities.large",
        "1:2, no-export, 1:2:3, -1, localPreference",
        "1:2, no-export, 1:2:3, 4294967296, localPreference"
    })
    void aRouteIsNotToldWithoutTheMarksItWasToHave(
            String standard, String wellKnown, String large, long preference, String field) {
        var communities = new Communities(List.of(standard), List.of(wellKnown), List.of(large));
        var entry = new Entry(
                "PodCIDR",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Attributes(Optional.of(communities), Optional.of(preference))));
        assertThat(read(entry).refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPAdvertisement web spec.advertisements[0].attributes." + field);
        assertThat(read(entry).advertisement()).isEmpty();
    }

    @Test
    void whatHasNoEffectIsSaidAndTheEntryIsInForce() {
        var entry =
                new Entry("PodCIDR", WEB.service(), Optional.of(new Device("lo")), Optional.of(BLUE), Optional.empty());
        var reading = read(entry);
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly(
                        "CiliumBGPAdvertisement web spec.advertisements[0].selector",
                        "CiliumBGPAdvertisement web spec.advertisements[0].service",
                        "CiliumBGPAdvertisement web spec.advertisements[0].interface");
        assertThat(subjects(reading)).containsExactly(new Subject.PodRanges());
    }

    @Test
    void withoutEntriesThereIsNone() {
        assertThat(read().refused()).hasSize(1);
        assertThat(read().advertisement()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "med, -1",
        "med, 4294967296",
        "med, much",
        "as-path-prepend, 17",
        "remote-backends, Advertise",
        "active-clusters, 'west, !'",
        "active-clusters, ''",
        "standby-prepend, 17",
        "standby-med, x",
        "drain, 2026-01-02T03:04:05Z",
        "meds, 5"
    })
    void anAnnotationThatIsNotUnderstoodCountsAsAbsentAndIsSaid(String key, String value) {
        var reading = read(Map.of("bgp.tombolo.dev/" + key, value), WEB);
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumBGPAdvertisement web annotation bgp.tombolo.dev/" + key);
        assertThat(reading.advertisement()).isEqualTo(read(WEB).advertisement());
    }

    @Test
    void anAnnotationThatNothingIsThereForIsSaidToDoNothing() {
        var annotations = Map.of(
                "bgp.tombolo.dev/standby-med", "5",
                "bgp.tombolo.dev/standby-prepend", "2",
                "bgp.tombolo.dev/remote-backends", "advertise");
        var reading = read(annotations, entry("PodCIDR", null));
        assertThat(reading.refused())
                .extracting(Invalid::toString)
                .containsExactly(
                        alone("standby-prepend", "2", "bgp.tombolo.dev/active-clusters"),
                        alone("standby-med", "5", "bgp.tombolo.dev/active-clusters"),
                        alone("remote-backends", "advertise", "an entry of type Service or MeshService"));
        assertThat(reading.advertisement()).isPresent();
    }

    private static String alone(String key, String value, String needed) {
        return "CiliumBGPAdvertisement web annotation bgp.tombolo.dev/" + key + ": read " + value + ", expected "
                + needed + " beside it, to have an effect";
    }

    @ParameterizedTest
    @CsvSource({
        "internet, 0:0",
        "planned-shut, 65535:0",
        "accept-own, 65535:1",
        "route-filter-translated-v4, 65535:2",
        "route-filter-v4, 65535:3",
        "route-filter-translated-v6, 65535:4",
        "route-filter-v6, 65535:5",
        "llgr-stale, 65535:6",
        "no-llgr, 65535:7",
        "blackhole, 65535:666",
        "no-export, 65535:65281",
        "no-advertise, 65535:65282",
        "no-export-subconfed, 65535:65283",
        "no-peer, 65535:65284"
    })
    void wellKnownCommunitiesHaveTheNumbersOfTheRegistry(String name, String numbers) {
        assertThat(CommunityText.wellKnown(name).orElseThrow()).hasToString(numbers);
        assertThat(CommunityText.standard(numbers)).isEqualTo(CommunityText.wellKnown(name));
    }

    private static BgpAdvertisementReading read(Entry... entries) {
        return read(Map.of(), entries);
    }

    private static BgpAdvertisementReading read(Map<String, String> annotations, Entry... entries) {
        return BgpAdvertisementReading.of(
                "web", Map.of(), new BgpAdvertisementSpec(Arrays.asList(entries)), annotations);
    }

    private static List<Subject> subjects(BgpAdvertisementReading reading) {
        return reading.advertisement().orElseThrow().entries().stream()
                .map(BgpAdvertisement.Entry::subject)
                .toList();
    }

    private static RemoteBackends remote(BgpAdvertisementReading reading) {
        return ((Subject.Services) subjects(reading).getFirst()).remote();
    }

    private static Entry entry(String type, SelectorSpec selector) {
        return new Entry(type, Optional.empty(), Optional.empty(), Optional.ofNullable(selector), Optional.empty());
    }

    private static Entry service(String type, String address) {
        return new Entry(
                type,
                Optional.of(new Service(List.of(address), Optional.empty(), Optional.empty())),
                Optional.empty(),
                Optional.of(BLUE),
                Optional.empty());
    }
}
