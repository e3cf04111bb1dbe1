package dev.tombolo.lab.command;

import dev.tombolo.lab.daemon.RunningLab;
import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** Which lab a command is about. */
final class LabChoice {
    @Option(names = "--name", defaultValue = "default", description = "Name of the lab (default: ${DEFAULT-VALUE}).")
    private String name;

    LabHome home() {
        return LabHome.of(name);
    }

    RunningLab running() throws IOException {
        return RunningLab.of(home());
    }

    /** Runs a program with this terminal and answers its exit code. */
    static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
