package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A pod's files below the kubelet's: who it is, whom it asks for names, and how its containers begin. */
record PodDirectory(Path path, Pod pod) {
    private static final List<String> IDENTITY = List.of("resolv.conf", "hostname", "hosts");

    void writeIdentity(String hostname, String address, String dns) throws IOException {
        String domain = pod.getMetadata().getNamespace() + ".svc.cluster.local svc.cluster.local cluster.local";
        Files.createDirectories(path);
        Files.writeString(
                path.resolve("resolv.conf"),
                "nameserver %s\nsearch %s\noptions ndots:5 timeout:1 attempts:3\n".formatted(dns, domain));
        Files.writeString(path.resolve("hostname"), hostname + "\n");
        Files.writeString(path.resolve("hosts"), "127.0.0.1\tlocalhost\n%s\t%s\n".formatted(address, hostname));
    }

    /** Returns where the script is inside the node; it runs in the container's own mount namespace. */
    String writeStartScript(Container container, String hostname, Optional<Path> distribution, Volumes volumes)
            throws IOException {
        var script = new StringBuilder("hostname " + Volumes.quote(hostname) + "\n");
        IDENTITY.forEach(file -> script.append("mount --bind %s/%s /etc/%s\n".formatted(inside(), file, file)));
        distribution.ifPresent(root -> script.append(Volumes.bind(root.toString(), "/opt/tombolo", true)));
        script.append(volumes.mounts(container)).append("exec \"$@\"\n");
        Path own = Files.createDirectories(path.resolve("containers").resolve(container.getName()));
        Files.writeString(own.resolve("start.sh"), script);
        return inside() + "/containers/" + container.getName() + "/start.sh";
    }

    private String inside() {
        return "/var/lib/kubelet/pods/" + pod.getMetadata().getUid();
    }
}
