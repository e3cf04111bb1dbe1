package dev.tombolo.cli;

import dev.tombolo.kube.KubeContexts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The environment may name several kubeconfig files, as kubectl allows: the first that knows the context counts. */
final class KubeconfigFiles {
    private KubeconfigFiles() {}

    /** Empty for the file in the home directory. */
    static Optional<Path> choose(String variable, Optional<String> context) throws IOException {
        if (variable == null || variable.isEmpty()) {
            return Optional.empty();
        }
        List<Path> files = Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(variable)
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toList();
        for (Path file : files) {
            if (files.size() > 1 && Files.isReadable(file) && knows(file, context)) {
                return Optional.of(file);
            }
        }
        return files.stream().findFirst();
    }

    private static boolean knows(Path file, Optional<String> context) throws IOException {
        var contexts = KubeContexts.read(file);
        return context.map(contexts.names()::contains).orElse(contexts.current().isPresent());
    }
}
