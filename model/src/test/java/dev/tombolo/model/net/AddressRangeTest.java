package dev.tombolo.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0-192.0.2.255, 192.0.2.1-192.0.2.254, 254",
        "192.0.2.8/30, 192.0.2.8-192.0.2.11, 192.0.2.9-192.0.2.10, 2",
        "192.0.2.8/31, 192.0.2.8-192.0.2.9, 192.0.2.8-192.0.2.9, 2",
        "192.0.2.8/32, 192.0.2.8, 192.0.2.8, 1",
        "0.0.0.0/0, 0.0.0.0-255.255.255.255, 0.0.0.1-255.255.255.254, 4294967294",
        "2001:db8::/126, 2001:db8::-2001:db8::3, 2001:db8::1-2001:db8::3, 3",
        "2001:db8::/127, 2001:db8::-2001:db8::1, 2001:db8::-2001:db8::1, 2",
        "2001:db8::/60, 2001:db8::-2001:db8:0:f:ffff:ffff:ffff:ffff, "
                + "2001:db8::1-2001:db8:0:f:ffff:ffff:ffff:ffff, 9223372036854775807",
    })
    void aPrefixHasAllItsAddressesAndItsHosts(String prefix, String all, String hosts, long size) {
        assertThat(AddressRange.of(Prefix.parse(prefix))).hasToString(all);
        assertThat(AddressRange.hosts(Prefix.parse(prefix))).hasToString(hosts);
        assertThat(AddressRange.hosts(Prefix.parse(prefix)).size()).isEqualTo(size);
    }

    @Test
    void bothEndsAreInIt() {
        var range = range("192.0.2.10", "192.0.2.12");
        assertThat(range.contains(IpAddress.parse("192.0.2.10"))).isTrue();
        assertThat(range.contains(IpAddress.parse("192.0.2.12"))).isTrue();
        assertThat(range.contains(IpAddress.parse("192.0.2.9"))).isFalse();
        assertThat(range.contains(IpAddress.parse("192.0.2.13"))).isFalse();
        assertThat(range.overlaps(range("192.0.2.12", "192.0.2.20"))).isTrue();
        assertThat(range.overlaps(range("192.0.2.0", "192.0.2.255"))).isTrue();
        assertThat(range.overlaps(range("192.0.2.13", "192.0.2.20"))).isFalse();
    }

    @Test
    void anIpv4AddressIsInNoIpv6Range() {
        var everything = AddressRange.of(Prefix.parse("::/0"));
        assertThat(everything.contains(IpAddress.parse("192.0.2.1"))).isFalse();
        assertThat(everything.overlaps(range("192.0.2.1", "192.0.2.9"))).isFalse();
    }

    @Test
    void itGoesUpwardsAndIsOfOneFamily() {
        assertThatThrownBy(() -> range("192.0.2.9", "192.0.2.8")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> range("192.0.2.9", "2001:db8::1")).isInstanceOf(IllegalArgumentException.class);
    }

    private static AddressRange range(String first, String last) {
        return new AddressRange(IpAddress.parse(first), IpAddress.parse(last));
    }

    @Test
    void countsWhateverFits() {
        assertThat(AddressRange.of(Prefix.parse("192.0.2.0/24")).count()).isEqualTo(256);
        assertThat(AddressRange.of(Prefix.parse("2001:db8::/64")).count()).isEqualTo(BigInteger.TWO.pow(64));
        assertThat(AddressRange.of(Prefix.parse("::/0")).count()).isEqualTo(BigInteger.TWO.pow(128));
    }
}
