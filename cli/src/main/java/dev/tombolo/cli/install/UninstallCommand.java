package dev.tombolo.cli.install;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "uninstall",
        description = "Take Tombolo off a cluster: off every node first, then its objects and kinds.",
        footerHeading = "%nExamples:%n",
        footer = "  tombolo uninstall --context west --yes")
public final class UninstallCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    private WaitOptions waiting;

    UninstallCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var longest = waiting.longest();
        try (KubeApi api = session.cluster()) {
            if (!yes && !agreed(api)) {
                session.console().line("nothing was changed");
                return 1;
            }
            boolean removed = new Removal(api, session.console()).removeAll(longest);
            session.console().line(removed ? "Tombolo is uninstalled" : "no change: Tombolo is not installed");
        }
        return 0;
    }

    private boolean agreed(KubeApi api) throws IOException {
        var terminal = System.console();
        if (terminal == null || !terminal.isTerminal()) {
            throw CommandFailure.usage("read no --yes and there is no terminal to ask on; expected one of them");
        }
        String answer = terminal.readLine("Uninstall from %s? Cross-cluster traffic ends. [y/N] ", api.address());
        return answer != null && answer.strip().equalsIgnoreCase("y");
    }
}
