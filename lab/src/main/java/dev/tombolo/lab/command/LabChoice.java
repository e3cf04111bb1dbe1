package dev.tombolo.lab.command;

import dev.tombolo.lab.daemon.LabFile;
import dev.tombolo.lab.kubelet.ContainerRecord;
import dev.tombolo.lab.kubelet.ContainerRecords;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.network.Topology;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** Which lab a command is about, and what it needs to know of it. */
final class LabChoice {
    @Option(names = "--name", defaultValue = "default", description = "Name of the lab (default: ${DEFAULT-VALUE}).")
    private String name;

    LabHome home() {
        return LabHome.of(name);
    }

    LabFile file() throws IOException {
        return LabFile.read(home())
                .filter(LabFile::running)
                .orElseThrow(() -> new IOException(
                        "lab %s is not up; start it with `tombolo lab up --name %s`".formatted(name, name)));
    }

    Topology topology() throws IOException {
        return file().topology(home());
    }

    ContainerRecord container(String context, String namespace, String pod, String container) throws IOException {
        String cluster = topology().cluster(context).name();
        String plain = pod.startsWith("pod/") ? pod.substring(4) : pod;
        List<ContainerRecord> found = new ContainerRecords(home(), cluster)
                .list().stream()
                        .filter(r -> r.namespace().equals(namespace) && matches(r.pod(), plain))
                        .filter(r -> container == null || r.container().equals(container))
                        .toList();
        if (found.isEmpty()) {
            throw new IOException("no running container %sin pod %s/%s of %s"
                    .formatted(container == null ? "" : container + " ", namespace, plain, cluster));
        }
        return found.getFirst();
    }

    /** `deploy/web` stands for any pod of that Deployment, as kubectl has it. */
    private static boolean matches(String pod, String asked) {
        int slash = asked.indexOf('/');
        return slash < 0 ? pod.equals(asked) : pod.startsWith(asked.substring(slash + 1) + "-");
    }

    /** Runs a program with this terminal and answers its exit code. */
    static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
