package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.apiserver.PodExec;
import dev.tombolo.lab.machine.LabHome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Commands in running containers, as `tombolo lab exec` has them. */
public final class ContainerExec implements PodExec {
    private final ContainerRecords records;

    public ContainerExec(LabHome home, String cluster) {
        records = new ContainerRecords(home, cluster);
    }

    @Override
    public Process start(String namespace, String pod, String container, List<String> command) throws IOException {
        var record = records.find(namespace, pod, container)
                .orElseThrow(() -> new FileNotFoundException(
                        "container \"%s\" of pod \"%s\" is not running".formatted(container, pod)));
        var words = new ArrayList<>(record.enter());
        words.addAll(command);
        return new ProcessBuilder(words).start();
    }
}
