package dev.tombolo.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsweredServicesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a range,            192.0.2.0/28,                192.0.2.0/28",
        "an address,         192.0.2.7,                   192.0.2.7/32",
        "several,            '192.0.2.0/28, 198.51.100.7 203.0.113.0/24', 192.0.2.0/28 198.51.100.7/32 203.0.113.0/24",
        "twins,              192.0.2.7 192.0.2.7,         192.0.2.7/32",
        "nothing,            '',                          ''",
        "host bits,          192.0.2.9/28,                192.0.2.0/28"
    })
    void anAdministratorNamesAddresses(String name, String annotation, String services) {
        var consent = AnswerConsent.read("west", Map.of(AnswerConsent.ANNOTATION, annotation));
        assertThat(consent.services().stream().map(Prefix::toString).collect(Collectors.joining(" ")))
                .isEqualTo(services);
        assertThat(consent.problems()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a word,                true",
        "everything,            0.0.0.0/0",
        "almost everything,     10.0.0.0/7",
        "what nothing carries,  2001:db8::/64",
        "no such address,       192.0.2.300"
    })
    void whatIsNoAddressIsShownAndTheOthersHold(String name, String word) {
        var consent = AnswerConsent.read("west", Map.of(AnswerConsent.ANNOTATION, "192.0.2.0/28 " + word));
        assertThat(consent.services()).containsExactly(Prefix.parse("192.0.2.0/28"));
        assertThat(consent.problems())
                .singleElement()
                .extracting(Invalid::where, Invalid::read)
                .containsExactly("MeshPeer west annotation service.tombolo.dev/may-answer-for", word);
    }

    @Test
    void noMoreThanAFewAreTaken() {
        String many = IntStream.range(0, 70).mapToObj(i -> "192.0.2." + i).collect(Collectors.joining(" "));
        var consent = AnswerConsent.read("west", Map.of(AnswerConsent.ANNOTATION, many));
        assertThat(consent.services()).hasSize(64);
        assertThat(consent.problems()).hasSize(6);
    }

    @Test
    void whoDidNotSayAnythingConsentsToNothing() {
        assertThat(AnswerConsent.read("west", Map.of())).isEqualTo(AnswerConsent.read("west", Map.of("other", "x")));
        assertThat(AnswerConsent.read("west", Map.of()).services()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "one,              east=192.0.2.0/28,                              east=192.0.2.0/28",
        "in any order,     north=198.51.100.7 east=192.0.2.7 east=192.0.2.1, "
                + "east=192.0.2.1/32 east=192.0.2.7/32 north=198.51.100.7/32",
        "nothing,          '',                                             ''",
        "no cluster,       =192.0.2.7 192.0.2.8 EAST=192.0.2.9 east=192.0.2.1, east=192.0.2.1/32",
        "no addresses,     east=x east= east=0.0.0.0/0 east=192.0.2.1,     east=192.0.2.1/32"
    })
    void aNodeTellsWhatItAnswersFor(String name, String annotation, String text) {
        var answered = AnsweredServices.parse(annotation);
        assertThat(answered).hasToString(text).isEqualTo(AnsweredServices.parse(text));
    }

    @Test
    void isAskedByCluster() {
        var answered = AnsweredServices.parse("east=192.0.2.0/28 north=198.51.100.7");
        assertThat(answered.of(new ClusterName("north"))).containsExactly(Prefix.parse("198.51.100.7/32"));
        assertThat(answered.of(new ClusterName("south"))).isEmpty();
    }
}
