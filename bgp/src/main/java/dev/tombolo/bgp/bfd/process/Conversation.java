package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.control.Line;
import dev.tombolo.bgp.bfd.control.SessionWords;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients may say, and what they are told. {@code want …} names a session, {@code apply} makes those named since the
 * last the whole set, {@code show} asks for everything. On connecting and on {@code show} come {@code session …} for each,
 * {@code drops …} and {@code synced}; after that {@code session …} at each change and {@code gone …}.
 */
final class Conversation implements ControlSocket.Listener, SessionListener {
    private static final int VERSION = 1;

    private final ControlSocket socket;
    private final Map<Long, Map<BfdPath, SessionSettings>> wantedByClient = new HashMap<>();
    private SessionLoop loop;

    Conversation(ControlSocket socket) {
        this.socket = socket;
    }

    void with(SessionLoop sessions) {
        loop = sessions;
    }

    @Override
    public void came(long client) {
        wantedByClient.put(client, new HashMap<>());
        var hello = Line.of("hello")
                .with("version", VERSION)
                .with("pid", ProcessHandle.current().pid());
        socket.tell(client, List.of(hello.toString()));
        loop.ask(() -> socket.tell(client, everything()));
    }

    @Override
    public void went(long client) {
        wantedByClient.remove(client);
    }

    @Override
    public void said(long client, String text) {
        var line = Line.parse(text);
        try {
            obey(client, line);
        } catch (IllegalArgumentException e) {
            refuse(client, text, e.getMessage());
        }
    }

    private void obey(long client, Line line) {
        switch (line.verb()) {
            case "want" -> wantedByClient.get(client).put(SessionWords.path(line), SessionWords.settings(line));
            case "apply" -> apply(client);
            case "show" -> loop.ask(() -> socket.tell(client, everything()));
            default -> throw new IllegalArgumentException("expected want, apply or show");
        }
    }

    /** What was refused before does not keep the rest from being applied. */
    private void apply(long client) {
        var wanted = Map.copyOf(wantedByClient.put(client, new HashMap<>()));
        var applied = Line.of("applied").with("sessions", wanted.size()).toString();
        loop.ask(() -> {
            loop.want(wanted);
            socket.tell(client, List.of(applied));
        });
    }

    private void refuse(long client, String text, String reason) {
        var refused = Line.of("refused").with("reason", reason).with("line", text);
        socket.tell(client, List.of(refused.toString()));
    }

    private List<String> everything() {
        var report = loop.report();
        var lines = new ArrayList<String>();
        report.sessions().forEach(session -> lines.add(line(session)));
        lines.add(SessionWords.write(Line.of("drops"), report.counts()).toString());
        lines.add("synced");
        return lines;
    }

    private static String line(SessionReport report) {
        return SessionWords.write(Line.of("session"), report).toString();
    }

    @Override
    public void changed(SessionReport report) {
        socket.tellAll(line(report));
    }

    @Override
    public void gone(BfdPath path) {
        socket.tellAll(SessionWords.write(Line.of("gone"), path).toString());
    }
}
