package dev.tombolo.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "2001:DB8::1, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "2001:db8:1:2:3:4:5:0, 2001:db8:1:2:3:4:5:0",
        "::ffff:192.0.2.7, 192.0.2.7",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    })
    void printsTheCanonicalForm(String read, String printed) {
        assertThat(IpAddress.parse(read)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "::1%eth0",
                "1::2::3",
                ":::",
                "12345::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "example.org",
                "١.1.1.1",
                "1.2.3.-4",
                ":1"
            })
    void refusesWhatIsNotAnAddress(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
    }

    @Property
    void agreesWithTheJdkOnSixteenBytes(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
        var address = IpAddress.of(bytes);
        assertThat(InetAddress.getByName(address.toString())).isEqualTo(InetAddress.getByAddress(bytes));
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    }

    @Property
    void holdsIpv4AsFourAndAsSixteenBytes(@ForAll @Size(4) byte[] bytes) {
        var address = IpAddress.of(bytes);
        assertThat(address.isV4()).isTrue();
        assertThat(address.familyBytes()).isEqualTo(bytes);
        assertThat(IpAddress.of(address.bytes16())).isEqualTo(address);
    }

    @Test
    void knowsTheAddressesThatNobodyMayClaim() {
        assertThat(IpAddress.parse("127.3.2.1").isLoopback()).isTrue();
        assertThat(IpAddress.parse("169.254.169.254").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("fe80::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("febf::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.parse("224.0.0.1").isMulticast()).isTrue();
        assertThat(IpAddress.parse("ff02::1").isMulticast()).isTrue();
        assertThat(IpAddress.parse("192.0.2.1").isMulticast()).isFalse();
    }

    @Test
    void countsOnAcrossTheEndOfALongHalf() {
        assertThat(IpAddress.parse("10.0.0.255").plus(1)).hasToString("10.0.1.0");
        assertThat(IpAddress.parse("2001:db8::ffff:ffff:ffff:ffff").plus(1)).hasToString("2001:db8:0:1::");
        assertThat(IpAddress.parse("10.0.1.0").plus(-1)).hasToString("10.0.0.255");
        assertThat(IpAddress.parse("2001:db8:0:1::").plus(-1)).hasToString("2001:db8::ffff:ffff:ffff:ffff");
        assertThat(IpAddress.parse("2001:db8::ffff:ffff:ffff:ffff").plus(-1))
                .hasToString("2001:db8::ffff:ffff:ffff:fffe");
    }
}
