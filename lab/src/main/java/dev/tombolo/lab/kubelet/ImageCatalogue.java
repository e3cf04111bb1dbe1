package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images hold nothing here: a name only picks a command for containers that have none, and Tombolo's own picks a distribution. */
final class ImageCatalogue {
    static final String PROGRAMS = "/var/lib/kubelet/programs";
    private static final String TOMBOLO = "tombolo/tombolo";
    private final Path distribution;

    ImageCatalogue(Path distribution) {
        this.distribution = distribution;
    }

    /** The whole command line; empty when neither the pod nor the catalogue has one. */
    Optional<List<String>> command(Container container) {
        List<String> arguments = container.getArgs() == null ? List.of() : container.getArgs();
        if (container.getCommand() != null && !container.getCommand().isEmpty()) {
            return Optional.of(join(container.getCommand(), arguments));
        }
        return switch (name(container.getImage())) {
            case "lab-echo" -> Optional.of(join(List.of(PROGRAMS + "/lab-echo"), arguments));
            case "nginx", "httpd", "lab-web" ->
                Optional.of(join(
                        List.of(PROGRAMS + "/lab-echo", "--port", "80", "--root", "/usr/share/nginx/html"), arguments));
            case "busybox", "alpine", "debian" ->
                Optional.of(arguments.isEmpty() ? List.of("sleep", "infinity") : arguments);
            case "tombolo" -> arguments.isEmpty() ? Optional.empty() : Optional.of(arguments);
            default -> Optional.empty();
        };
    }

    /** The directory that the image's /opt/tombolo shows. */
    Optional<Path> distribution(String image) {
        String tag = image.contains(":") ? image.substring(image.lastIndexOf(':') + 1) : "latest";
        if (!image.replaceFirst(":[^/]*$", "").endsWith(TOMBOLO)) {
            return Optional.empty();
        }
        Path versioned = distribution.resolveSibling(distribution.getFileName() + "-" + tag);
        return Optional.of(Files.isDirectory(versioned) ? versioned : distribution);
    }

    private static String name(String image) {
        return image.substring(image.lastIndexOf('/') + 1).replaceFirst("[:@].*", "");
    }

    private static List<String> join(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
