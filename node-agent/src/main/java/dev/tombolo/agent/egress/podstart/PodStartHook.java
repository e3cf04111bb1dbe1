package dev.tombolo.agent.egress.podstart;

import dev.tombolo.agent.egress.podstart.PodStartPlan.Step;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keeps tombolo-cni in the chain of plugins that the node's container runtime runs for each pod. Two rules above all: the
 * chain never names a program that is not there, because then no pod would start; and a file is as it was, or wholly
 * changed.
 */
public final class PodStartHook {
    private final Path configurations;
    private final Path programs;
    private final Path source;
    private final PluginChain.Plugin plugin;

    /**
     * @param configurations where the runtime finds its configuration, as {@code /etc/cni/net.d}
     * @param programs where it finds its plugins, as {@code /opt/cni/bin}
     * @param source the program to be copied there
     * @param bpffs where the node has its bpf file system
     */
    public PodStartHook(Path configurations, Path programs, Path source, Path bpffs) {
        this.configurations = configurations;
        this.programs = programs;
        this.source = source;
        this.plugin = PodStartPlan.plugin(bpffs.toString());
    }

    /**
     * To be called again now and then: a CNI that writes its file anew drops what others added.
     *
     * @return why pods start without the hook; empty if they do not
     */
    public synchronized Optional<String> ensure() {
        try {
            var used = PodStartPlan.used(names(configurations));
            if (used.isEmpty()) {
                return Optional.of(configurations + " has no CNI configuration");
            }
            var file = new ConfigurationFile(configurations.resolve(used.get()));
            String text = file.read();
            return switch (PodStartPlan.add(used.get(), text, names(programs), plugin)) {
                case Step.Keep() -> installed(file, text, text);
                case Step.Write(String after) -> installed(file, text, after);
                case Step.Refuse(String reason) -> {
                    withdraw(file, text);
                    yield Optional.of(reason);
                }
            };
        } catch (IOException failure) {
            return Optional.of(sentence(failure));
        }
    }

    private Optional<String> installed(ConfigurationFile file, String before, String after) throws IOException {
        try {
            installProgram();
        } catch (IOException failure) {
            if (!Files.exists(program())) {
                withdraw(file, before);
            }
            throw failure;
        }
        if (!after.equals(before)) {
            file.replace(before, after);
        }
        return Optional.empty();
    }

    private void installProgram() throws IOException {
        if (!Files.exists(program()) || Files.mismatch(source, program()) >= 0 || !Files.isExecutable(program())) {
            AtomicReplacement.of(program()).write(Files.readAllBytes(source), "rwxr-xr-x");
        }
    }

    private Path program() {
        return programs.resolve(PodStartPlan.PLUGIN);
    }

    /** From every list, because any of them may be used again; only then the program. */
    public synchronized void remove() throws IOException {
        if (Files.isDirectory(configurations)) {
            for (String name : names(configurations)) {
                if (PodStartPlan.isList(name)) {
                    removeFrom(new ConfigurationFile(configurations.resolve(name)));
                }
            }
        }
        Files.deleteIfExists(program());
    }

    private void removeFrom(ConfigurationFile file) throws IOException {
        String text = file.read();
        boolean named = text.contains('"' + PodStartPlan.PLUGIN + '"');
        if (named && withdraw(file, text) instanceof Step.Refuse(String reason)) {
            throw new IOException(reason + "; take " + PodStartPlan.PLUGIN + " out of it by hand");
        }
    }

    private static Step withdraw(ConfigurationFile file, String text) throws IOException {
        var step = PodStartPlan.remove(file.name(), text);
        if (step instanceof Step.Write(String without)) {
            file.replace(text, without);
        }
        return step;
    }

    private static TreeSet<String> names(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.filter(entry -> !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String sentence(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> denied.getFile() + ": access denied";
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            default -> failure.getMessage();
        };
    }
}
