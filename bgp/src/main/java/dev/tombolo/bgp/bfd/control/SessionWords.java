package dev.tombolo.bgp.bfd.control;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.SessionReport.Agreed;
import dev.tombolo.bgp.bfd.SessionReport.Counts;
import dev.tombolo.bgp.bfd.SessionReport.Remote;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.Drop;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.util.EnumMap;

/** Sessions as words of lines; reading throws {@link IllegalArgumentException}. */
public final class SessionWords {
    private SessionWords() {}

    public static Line write(Line line, BfdPath path) {
        return line.with("peer", path.peer())
                .with("local", path.local())
                .with("device", path.device())
                .with("reach", path.reach());
    }

    public static BfdPath path(Line line) {
        return new BfdPath(
                IpAddress.parse(line.get("peer")),
                IpAddress.parse(line.get("local")),
                line.find("device"),
                line.find("reach").map(Reach::valueOf).orElse(Reach.DIRECT));
    }

    public static Line write(Line line, SessionSettings settings) {
        return line.with("transmit", settings.transmit())
                .with("receive", settings.receive())
                .with("multiplier", settings.multiplier())
                .with("role", settings.role());
    }

    /** What is not said is as usual. */
    public static SessionSettings settings(Line line) {
        var usual = SessionSettings.DEFAULT;
        return new SessionSettings(
                line.findInterval("transmit").orElse(usual.transmit()),
                line.findInterval("receive").orElse(usual.receive()),
                line.find("multiplier").map(Integer::parseInt).orElse(usual.multiplier()),
                line.find("role").map(Role::valueOf).orElse(usual.role()));
    }

    public static Line write(Line line, SessionReport report) {
        var state = write(line, report.path())
                .with("state", report.state())
                .with("diagnostic", report.diagnostic())
                .with("standing", report.standing())
                .with("since-ms", report.since().toEpochMilli());
        var silence = report.silence().map(time -> state.with("silence", time)).orElse(state);
        return write(write(write(silence, report.remote()), report.agreed()), report.counts());
    }

    private static Line write(Line line, Remote remote) {
        return line.with("remote-discriminator", Integer.toUnsignedString(remote.discriminator()))
                .with("remote-state", remote.state())
                .with("remote-diagnostic", remote.diagnostic())
                .with("remote-transmit", remote.transmit())
                .with("remote-receive", remote.receive());
    }

    private static Line write(Line line, Agreed agreed) {
        return line.with("transmit-interval", agreed.transmitInterval()).with("detection-time", agreed.detectionTime());
    }

    private static Line write(Line line, Counts counts) {
        return line.with("sent", counts.sent())
                .with("received", counts.received())
                .with("unsent", counts.unsent())
                .with("changes", counts.changes());
    }

    public static SessionReport report(Line line) {
        return new SessionReport(
                path(line),
                line.oneOf(SessionState.class, "state"),
                line.oneOf(Diagnostic.class, "diagnostic"),
                line.oneOf(Standing.class, "standing"),
                Instant.ofEpochMilli(line.number("since-ms")),
                line.findInterval("silence"),
                remote(line),
                new Agreed(line.interval("transmit-interval"), line.interval("detection-time")),
                packets(line));
    }

    public static Line write(Line line, DetectorCounts counts) {
        var all = line.with("worst-lateness", counts.worstLateness());
        for (var drop : counts.drops().entrySet()) {
            all = all.with(drop.getKey().name(), drop.getValue());
        }
        return all;
    }

    public static DetectorCounts counts(Line line) {
        var drops = new EnumMap<Drop, Long>(Drop.class);
        for (var reason : Drop.values()) {
            line.find(reason.name()).ifPresent(count -> drops.put(reason, Long.parseLong(count)));
        }
        return new DetectorCounts(drops, line.interval("worst-lateness"));
    }

    private static Remote remote(Line line) {
        return new Remote(
                line.discriminator("remote-discriminator"),
                line.oneOf(SessionState.class, "remote-state"),
                line.oneOf(Diagnostic.class, "remote-diagnostic"),
                line.interval("remote-transmit"),
                line.interval("remote-receive"));
    }

    private static Counts packets(Line line) {
        return new Counts(line.number("sent"), line.number("received"), line.number("unsent"), line.number("changes"));
    }
}
