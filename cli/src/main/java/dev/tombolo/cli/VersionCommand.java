package dev.tombolo.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Show the version of this program.")
final class VersionCommand implements Callable<Integer> {
    static final String VERSION = "0.1.0";
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.console().show(session.format(), Map.of("version", VERSION), () -> "tombolo " + VERSION + "\n");
        return 0;
    }
}
