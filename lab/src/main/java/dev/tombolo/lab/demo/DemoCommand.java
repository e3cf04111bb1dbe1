package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.Programs;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays the demo in a lab of its own and takes that down whatever happens; exit 0 only if every check held. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Show the mesh at work: two clusters, one service, and what breaks without losing a request.")
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            defaultValue = "demo",
            description = "Name of the demo's lab (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--keep", description = "Leave the lab up when a check does not hold.")
    private boolean keep;

    @Override
    public Integer call() {
        var story = new Story(System.out);
        var home = dev.tombolo.lab.machine.LabHome.of(name);
        var programs = new Programs(launcher(), name, home.path("kubeconfig"));
        try {
            new MeshDemo(story, programs).play();
        } catch (CheckFailure shown) {
            if (!keep) {
                programs.lab("down");
            }
        }
        story.summary();
        return story.held() ? 0 : 1;
    }

    private static String launcher() {
        return System.getProperty(
                "tombolo.launcher", Path.of("tombolo").toAbsolutePath().toString());
    }
}
