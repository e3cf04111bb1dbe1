package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.control.Line;
import dev.tombolo.bgp.bfd.control.SessionWords;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.Neighbor;
import dev.tombolo.bgp.bfd.protocol.Neighbor.Mode;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import java.time.Instant;
import java.util.Optional;

/**
 * What a session needs to go on in another process as if nothing had been.
 *
 * @param port it sent from
 * @param since when it came into its state: clients tell by it whether something has happened meanwhile
 * @param neighbor empty where the session was not Up
 */
record Remembered(
        BfdPath path,
        SessionSettings settings,
        int discriminator,
        int port,
        Instant since,
        Optional<Neighbor> neighbor) {
    private static final String VERB = "session";

    static Remembered of(LiveSession live) {
        var session = live.session();
        return new Remembered(
                live.path(),
                session.settings(),
                session.discriminator(),
                live.port(),
                live.since(),
                live.isUp() ? Optional.of(session.neighbor()) : Optional.empty());
    }

    Line line() {
        var line = SessionWords.write(SessionWords.write(Line.of(VERB), path), settings)
                .with("discriminator", Integer.toUnsignedString(discriminator))
                .with("port", port)
                .with("since-ms", since.toEpochMilli());
        return neighbor.map(heard -> write(line, heard)).orElse(line);
    }

    private static Line write(Line line, Neighbor heard) {
        return line.with("remote-discriminator", Integer.toUnsignedString(heard.discriminator()))
                .with("remote-transmit", heard.transmit())
                .with("remote-receive", heard.receive())
                .with("remote-multiplier", heard.multiplier())
                .with("remote-mode", heard.mode());
    }

    static Remembered of(Line line) {
        return new Remembered(
                SessionWords.path(line),
                SessionWords.settings(line),
                line.discriminator("discriminator"),
                (int) line.number("port"),
                Instant.ofEpochMilli(line.number("since-ms")),
                line.find("remote-discriminator").map(_ -> neighbor(line)));
    }

    private static Neighbor neighbor(Line line) {
        return new Neighbor(
                line.discriminator("remote-discriminator"),
                SessionState.UP,
                Diagnostic.NONE,
                line.interval("remote-transmit"),
                line.interval("remote-receive"),
                (int) line.number("remote-multiplier"),
                line.oneOf(Mode.class, "remote-mode"));
    }

    /** Of another boot: whom to speak with and by which discriminator, but not that it was Up. */
    Remembered withoutNeighbor() {
        return new Remembered(path, settings, discriminator, port, Instant.now(), Optional.empty());
    }
}
