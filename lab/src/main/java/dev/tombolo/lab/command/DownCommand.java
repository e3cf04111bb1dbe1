package dev.tombolo.lab.command;

import dev.tombolo.lab.machine.Leftovers;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "down", mixinStandardHelpOptions = true, description = "Remove a lab and every trace of it.")
final class DownCommand implements Callable<Integer> {
    @Mixin
    private LabChoice lab;

    @Override
    public Integer call() throws Exception {
        Leftovers leftovers = new Leftovers(lab.home());
        boolean something = !leftovers.list().isEmpty();
        leftovers.remove();
        List<String> left = leftovers.list();
        if (!left.isEmpty()) {
            System.err.println("error: still there: " + String.join(", ", left));
            return 1;
        }
        System.out.println(
                something
                        ? "✔ lab " + lab.home().name() + " is gone"
                        : "lab " + lab.home().name() + " was not up");
        return 0;
    }
}
