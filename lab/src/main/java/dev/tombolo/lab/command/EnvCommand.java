package dev.tombolo.lab.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "env",
        mixinStandardHelpOptions = true,
        description = "Print what points kubectl and tombolo at a lab, and where kubectl is.")
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private LabChoice lab;

    @Override
    public Integer call() throws Exception {
        lab.running();
        System.out.println("export KUBECONFIG='" + lab.home().kubeconfig() + "'");
        kubectl(System.getenv("PATH"))
                .ifPresent(folder -> System.out.println("case \":$PATH:\" in *:'" + folder + "':*) ;; *) export PATH='"
                        + folder + "':\"$PATH\" ;; esac"));
        return 0;
    }

    /** The launcher knows the kubectl that the set-up has brought; a user's shell does not. */
    static Optional<Path> kubectl(String path) {
        return Stream.of(path.split(":"))
                .map(Path::of)
                .filter(folder -> Files.isExecutable(folder.resolve("kubectl")))
                .findFirst();
    }
}
