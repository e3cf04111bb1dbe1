package dev.tombolo.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "10.1.2.3, 10.1.2.3/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8:1:2:3::/48, 2001:db8:1::/48",
        "2001:db8::1, 2001:db8::1/128",
        "2001:db8:0:0:8000::/65, 2001:db8:0:0:8000::/65",
        "::/0, ::/0",
    })
    void clearsHostBits(String read, String printed) {
        assertThat(Prefix.parse(read)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/", "/8", "10.0.0.0/-1", "10.0.0.0/8/8"})
    void refusesWhatIsNotARange(String text) {
        assertThat(Prefix.tryParse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.0/16, true",
        "10.0.0.0/8, 11.0.0.0/16, false",
        "0.0.0.0/0, 192.0.2.1/32, true",
        "::/0, 192.0.2.1/32, false",
        "0.0.0.0/0, 2001:db8::/32, false",
        "10.1.0.0/16, 10.0.0.0/8, false",
        "2001:db8::/33, 2001:db8:7fff::1/128, true",
    })
    void containsNarrowerRangesOfItsOwnFamilyOnly(String outer, String inner, boolean contains) {
        assertThat(Prefix.parse(outer).contains(Prefix.parse(inner))).isEqualTo(contains);
    }
}
