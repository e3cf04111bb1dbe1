package dev.tombolo.lab.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the commands a user would type: the launcher and stock kubectl. Output goes to a log; a failure shows its end. */
final class Programs {
    private static final long LONGEST_SECONDS = 180;
    private static final int SHOWN_CHARACTERS = 2_000;

    private final String launcher;
    private final String lab;
    private final Path kubeconfig;

    Programs(String launcher, String lab, Path kubeconfig) {
        this.launcher = launcher;
        this.lab = lab;
        this.kubeconfig = kubeconfig;
    }

    String tombolo(String... words) {
        return run(words(List.of(launcher), words));
    }

    String lab(String verb, String... words) {
        return run(words(List.of(launcher, "lab", verb, "--name", lab), words));
    }

    String fault(String kind, String... words) {
        return run(words(List.of(launcher, "lab", "fault", kind, "--name", lab), words));
    }

    String kubectl(int cluster, String... words) {
        return run(words(List.of("kubectl", "--context", "cluster" + cluster), words));
    }

    /** Starts a program that goes on beside what follows; its output is read when it is joined. */
    Running start(String verb, String... words) {
        var command = words(List.of(launcher, "lab", verb, "--name", lab), words);
        try {
            return new Running(command, builder(command).start());
        } catch (IOException failure) {
            throw new DemoFailure(command + " did not start: " + failure.getMessage());
        }
    }

    private String run(List<String> command) {
        try {
            return new Running(command, builder(command).start()).join();
        } catch (IOException failure) {
            throw new DemoFailure(command + " did not start: " + failure.getMessage());
        }
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        return builder;
    }

    private static List<String> words(List<String> first, String... rest) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(rest));
        return all;
    }

    /** A program under way. */
    record Running(List<String> command, Process process) {
        String join() {
            try {
                var reader = new OutputReader(process);
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new DemoFailure(command + " took longer than " + LONGEST_SECONDS + " s");
                }
                String output = reader.text();
                if (process.exitValue() != 0) {
                    throw new DemoFailure(command + " exited with " + process.exitValue() + ":\n" + end(output));
                }
                return output;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted");
            }
        }

        private static String end(String output) {
            return output.substring(Math.max(0, output.length() - SHOWN_CHARACTERS));
        }
    }

    /** Reads a program's output while it runs, so that a full pipe never stops it. */
    private static final class OutputReader {
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        private final Thread thread;

        OutputReader(Process process) {
            thread = Thread.ofVirtual().name("output of " + process.pid()).start(() -> {
                try (var in = process.getInputStream()) {
                    in.transferTo(bytes);
                } catch (IOException ended) {
                    // The program was killed; what it said until then is kept.
                }
            });
        }

        String text() throws InterruptedException {
            thread.join();
            return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
