package dev.tombolo.lab.programs;

import dev.tombolo.lab.daemon.RunningLab;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.network.Faults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the commands a user of a lab would type: the launcher and stock kubectl. Each ends within a bounded time. */
public final class Programs {
    /** Longer than the commands themselves wait, because they say what they waited for. */
    private static final long LONGEST_SECONDS = 330;

    private final String launcher;
    private final String lab;
    private final Path kubeconfig;

    public Programs(String launcher, String lab, Path kubeconfig) {
        this.launcher = launcher;
        this.lab = lab;
        this.kubeconfig = kubeconfig;
    }

    /** The same programs for a lab of another name, or with other credentials. */
    public Programs with(Path otherKubeconfig) {
        return new Programs(launcher, lab, otherKubeconfig);
    }

    public String tombolo(String... words) {
        return attempt(words).expectSuccess();
    }

    /** The product's command line, which may refuse. */
    public Outcome attempt(String... words) {
        return start(words(List.of(launcher), words)).join();
    }

    /** Starts the product's command line, which goes on beside what follows. */
    public Running startTombolo(String... words) {
        return start(words(List.of(launcher), words));
    }

    public String lab(String verb, String... words) {
        return start(words(List.of(launcher, "lab", verb, "--name", lab), words))
                .join()
                .expectSuccess();
    }

    /** Starts a command inside a pod, as `tombolo lab exec` does, without a start of Java before it. */
    public Running startInPod(int cluster, String namespace, String pod, String... command) {
        return enter(
                lab -> lab.container("cluster" + cluster, namespace, pod, null).enter(), command);
    }

    /** Runs a command inside a node's network and mount namespaces, as `tombolo lab node-exec` does. */
    public String onNode(int cluster, String node, String... command) {
        return enter(lab -> lab.enterNode("cluster" + cluster, node), command)
                .join()
                .expectSuccess();
    }

    /** Starts a command in a network of the lab that is no node's: internet, outside. */
    public Running startIn(String network, String... command) {
        return start(words(List.of("ip", "netns", "exec", LabHome.of(lab).namespace(network)), command));
    }

    /** Starts the load generator outside all clusters; it ends with what it has counted, whatever was lost. */
    public Running startLoadOutside(String url, String... options) {
        String program =
                Path.of(launcher).resolveSibling("lab/target/programs/lab-load").toString();
        return startIn("outside", words(List.of(program, "--url", url), options).toArray(String[]::new));
    }

    /** Undoes all faults of the networks, as `tombolo lab fault heal` does. */
    public void heal() {
        try {
            new Faults(RunningLab.of(LabHome.of(lab)).topology()).heal();
        } catch (IOException failure) {
            throw new CheckFailure("faults do not end: " + failure.getMessage());
        }
    }

    public String fault(String kind, String... words) {
        return start(words(List.of(launcher, "lab", "fault", kind, "--name", lab), words))
                .join()
                .expectSuccess();
    }

    public String kubectl(int cluster, String... words) {
        return attemptKubectl(cluster, words).expectSuccess();
    }

    public Outcome attemptKubectl(int cluster, String... words) {
        return start(words(List.of("kubectl", "--context", "cluster" + cluster), words))
                .join();
    }

    /** Applies a manifest's text. */
    public String apply(int cluster, String manifest) {
        try {
            Path file = Files.createTempFile("tombolo-manifest", ".yaml");
            try {
                return kubectl(
                        cluster,
                        "apply",
                        "-f",
                        Files.writeString(file, manifest).toString());
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How a command gets to where it runs. */
    private interface Entrance {
        List<String> words(RunningLab lab) throws IOException;
    }

    private Running enter(Entrance entrance, String... command) {
        try {
            return start(words(entrance.words(RunningLab.of(LabHome.of(lab))), command));
        } catch (IOException failure) {
            throw new CheckFailure(String.join(" ", command) + " did not start: " + failure.getMessage());
        }
    }

    private Running start(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        try {
            return Running.of(command, builder.start());
        } catch (IOException failure) {
            throw new CheckFailure(command + " did not start: " + failure.getMessage());
        }
    }

    private static List<String> words(List<String> first, String... rest) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(rest));
        return all;
    }

    /** A program under way. Its output is read all the time, so that a full pipe never stops it. */
    public static final class Running {
        private final List<String> command;
        private final Process process;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;

        private Running(List<String> command, Process process) {
            this.command = command;
            this.process = process;
            // A read of a pipe holds the thread that it is on.
            this.reader = Thread.ofPlatform()
                    .daemon()
                    .name("output of " + process.pid())
                    .unstarted(this::read);
        }

        private static Running of(List<String> command, Process process) {
            var running = new Running(command, process);
            running.reader.start();
            return running;
        }

        private void read() {
            try (var in = process.getInputStream()) {
                in.transferTo(bytes);
            } catch (IOException ended) {
                // The program was killed; what it said until then is kept.
                return;
            }
        }

        /** Ends its input, which some programs take for the end of their work. */
        public Running endInput() {
            try {
                process.getOutputStream().close();
            } catch (IOException ended) {
                throw new CheckFailure(command + " had ended: " + ended.getMessage());
            }
            return this;
        }

        /** What it has printed until now. */
        public String printed() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        /** Ends it as Ctrl-C would. */
        public void interrupt() {
            process.destroy();
        }

        public Outcome join() {
            try {
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new CheckFailure(command + " took longer than " + LONGEST_SECONDS + " s");
                }
                reader.join();
                return new Outcome(command, process.exitValue(), bytes.toString(StandardCharsets.UTF_8));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CheckFailure("interrupted");
            }
        }
    }
}
