package dev.tombolo.bgp.bfd.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.SessionReport.Agreed;
import dev.tombolo.bgp.bfd.SessionReport.Counts;
import dev.tombolo.bgp.bfd.SessionReport.Remote;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionWordsTest {
    private static final BfdPath PATH =
            new BfdPath(IpAddress.parse("fe80::2"), IpAddress.parse("fe80::1"), Optional.of("eth1"), Reach.DIRECT);

    @Test
    void aReportIsReadAsItWasWritten() {
        var report = new SessionReport(
                PATH,
                SessionState.DOWN,
                Diagnostic.DETECTION_TIME_EXPIRED,
                Standing.REMEMBERED,
                Instant.ofEpochMilli(1_800_000_000_123L),
                Optional.of(Duration.ofMillis(901)),
                new Remote(-7, SessionState.UP, Diagnostic.NONE, Duration.ofMillis(300), Duration.ofMillis(50)),
                new Agreed(Duration.ofMillis(300), Duration.ofMillis(900)),
                new Counts(1, 2, 3, 4));
        var line = SessionWords.write(Line.of("session"), report);
        assertThat(SessionWords.report(Line.parse(line.toString()))).isEqualTo(report);
        assertThat(line.get("remote-discriminator")).isEqualTo("4294967289");
    }

    @Test
    void settingsAreReadAsTheyWereWritten() {
        var settings = new SessionSettings(Duration.ofMillis(50), Duration.ofMillis(100), 5, Role.PASSIVE);
        var line = SessionWords.write(SessionWords.write(Line.of("want"), PATH), settings);
        var read = Line.parse(line.toString());
        assertThat(SessionWords.path(read)).isEqualTo(PATH);
        assertThat(SessionWords.settings(read)).isEqualTo(settings);
    }

    @Test
    void whatIsNotSaidIsAsUsual() {
        var line = Line.parse("want peer=192.0.2.2 local=192.0.2.1 of-the-future=1");
        assertThat(SessionWords.path(line))
                .isEqualTo(BfdPath.direct(IpAddress.parse("192.0.2.2"), IpAddress.parse("192.0.2.1")));
        assertThat(SessionWords.settings(line)).isEqualTo(SessionSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "want",
                "want peer=192.0.2.2",
                "want peer=router local=192.0.2.1",
                "want peer=192.0.2.2 local=2001:db8::1",
                "want peer=fe80::2 local=fe80::1",
                "want peer=192.0.2.2 local=192.0.2.1 transmit-us=5",
                "want peer=192.0.2.2 local=192.0.2.1 transmit-us=99999999999999999999",
                "want peer=192.0.2.2 local=192.0.2.1 multiplier=0",
                "want peer=192.0.2.2 local=192.0.2.1 role=LOUD"
            })
    void whatCannotBeIsRefused(String text) {
        var line = Line.parse(text);
        assertThatThrownBy(() -> {
                    SessionWords.path(line);
                    SessionWords.settings(line);
                })
                .isInstanceOf(IllegalArgumentException.class);
    }
}
