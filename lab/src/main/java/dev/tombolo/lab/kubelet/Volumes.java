package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A pod's volumes as directories under the kubelet's, and the script that binds them where a container wants them. */
final class Volumes {
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String READABLE = "rw-r--r--";
    private static final String PRIVATE = "r--------";
    private final Pod pod;
    private final Path directory;
    private final PodFields fields;
    private final Supplier<String> token;

    /** @param directory the pod's directory as this process sees it; inside the node it is under /var/lib/kubelet/pods */
    Volumes(Pod pod, Path directory, PodFields fields, Supplier<String> token) {
        this.pod = pod;
        this.directory = directory;
        this.fields = fields;
        this.token = token;
    }

    /** Writes what changed; callable again whenever a ConfigMap or Secret may have changed. */
    void write() throws IOException {
        for (Volume volume : pod.getSpec().getVolumes()) {
            Path target = Files.createDirectories(directory.resolve("volumes").resolve(volume.getName()));
            if (volume.getConfigMap() != null) {
                var source = volume.getConfigMap();
                files(target, bytes(fields.configMap(source.getName(), source.getOptional())), READABLE);
            } else if (volume.getSecret() != null) {
                var source = volume.getSecret();
                files(target, fields.secret(source.getSecretName(), source.getOptional()), PRIVATE);
            }
        }
        account();
    }

    private void account() throws IOException {
        if (!hasAccount()) {
            return;
        }
        Path target = Files.createDirectories(directory.resolve("account"));
        file(
                target.resolve("ca.crt"),
                fields.configMap("kube-root-ca.crt", false).get("ca.crt").getBytes(StandardCharsets.UTF_8),
                READABLE);
        file(target.resolve("namespace"), pod.getMetadata().getNamespace().getBytes(StandardCharsets.UTF_8), READABLE);
        if (!Files.exists(target.resolve("token"))) {
            file(target.resolve("token"), token.get().getBytes(StandardCharsets.UTF_8), PRIVATE);
        }
    }

    private boolean hasAccount() {
        return !Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken());
    }

    /** Shell lines that run in the container's own mount namespace, before its program. */
    String mounts(Container container) {
        StringBuilder script = new StringBuilder();
        Map<String, Volume> byName = new HashMap<>();
        pod.getSpec().getVolumes().forEach(v -> byName.put(v.getName(), v));
        if (hasAccount()) {
            script.append(bind(inside("account"), ACCOUNT, true));
        }
        for (VolumeMount mount : container.getVolumeMounts()) {
            Volume volume = Optional.ofNullable(byName.get(mount.getName()))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "container " + container.getName() + " mounts an unknown volume " + mount.getName()));
            String source = source(volume);
            if (volume.getHostPath() != null
                    && !"File".equals(volume.getHostPath().getType())) {
                script.append("[ -e ")
                        .append(quote(source))
                        .append(" ] || mkdir -p ")
                        .append(quote(source))
                        .append('\n');
            }
            script.append(bind(source, mount.getMountPath(), Boolean.TRUE.equals(mount.getReadOnly())));
        }
        return script.toString();
    }

    private String source(Volume volume) {
        return volume.getHostPath() != null ? volume.getHostPath().getPath() : inside("volumes/" + volume.getName());
    }

    private String inside(String path) {
        return "/var/lib/kubelet/pods/" + pod.getMetadata().getUid() + "/" + path;
    }

    /** `rbind`, so that file systems mounted below a host path come along. */
    static String bind(String source, String target, boolean readOnly) {
        String text = """
                if [ -d %1$s ]; then mkdir -p %2$s; else mkdir -p "$(dirname %2$s)"; [ -e %2$s ] || touch %2$s; fi
                mount --rbind %1$s %2$s
                """.formatted(quote(source), quote(target));
        return readOnly ? text + "mount -o remount,bind,ro " + quote(target) + "\n" : text;
    }

    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static void files(Path target, Map<String, byte[]> data, String mode) throws IOException {
        for (var entry : data.entrySet()) {
            file(target.resolve(entry.getKey()), entry.getValue(), mode);
        }
    }

    /** Renamed into place, so that a reader sees the old file or the new one. */
    private static void file(Path path, byte[] content, String mode) throws IOException {
        if (Files.exists(path) && Arrays.equals(Files.readAllBytes(path), content)) {
            return;
        }
        Files.createDirectories(path.getParent());
        Path fresh = path.resolveSibling("." + path.getFileName() + ".new");
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, byte[]> bytes(Map<String, String> data) {
        Map<String, byte[]> bytes = new HashMap<>();
        data.forEach((k, v) -> bytes.put(k, v.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }
}
