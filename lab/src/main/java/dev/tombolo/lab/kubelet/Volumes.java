package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A pod's volumes as directories under the kubelet's, and the script that binds them where a container wants them. */
final class Volumes {
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final int READABLE = 0644;
    private static final int PRIVATE = 0400;
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
                files(
                        target,
                        bytes(fields.configMap(source.getName(), source.getOptional())),
                        source.getItems(),
                        mode(source.getDefaultMode(), READABLE));
            } else if (volume.getSecret() != null) {
                var source = volume.getSecret();
                files(
                        target,
                        fields.secret(source.getSecretName(), source.getOptional()),
                        source.getItems(),
                        mode(source.getDefaultMode(), PRIVATE));
            } else if (volume.getProjected() != null) {
                for (VolumeProjection projection : volume.getProjected().getSources()) {
                    project(target, projection);
                }
            }
        }
        account();
    }

    private void project(Path target, VolumeProjection source) throws IOException {
        if (source.getConfigMap() != null) {
            files(
                    target,
                    bytes(fields.configMap(
                            source.getConfigMap().getName(),
                            source.getConfigMap().getOptional())),
                    source.getConfigMap().getItems(),
                    READABLE);
        }
        if (source.getSecret() != null) {
            files(
                    target,
                    fields.secret(
                            source.getSecret().getName(), source.getSecret().getOptional()),
                    source.getSecret().getItems(),
                    PRIVATE);
        }
        if (source.getServiceAccountToken() != null) {
            file(
                    target.resolve(source.getServiceAccountToken().getPath()),
                    token.get().getBytes(StandardCharsets.UTF_8),
                    PRIVATE);
        }
        if (source.getDownwardAPI() != null) {
            for (var item : source.getDownwardAPI().getItems()) {
                file(
                        target.resolve(item.getPath()),
                        fields.field(item.getFieldRef().getFieldPath()).getBytes(StandardCharsets.UTF_8),
                        READABLE);
            }
        }
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
            String part = mount.getSubPath() == null ? source : source + "/" + mount.getSubPath();
            script.append(bind(part, mount.getMountPath(), Boolean.TRUE.equals(mount.getReadOnly())));
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

    private static void files(Path target, Map<String, byte[]> data, List<KeyToPath> items, int mode)
            throws IOException {
        if (items == null || items.isEmpty()) {
            for (var entry : data.entrySet()) {
                file(target.resolve(entry.getKey()), entry.getValue(), mode);
            }
            return;
        }
        for (KeyToPath item : items) {
            if (!data.containsKey(item.getKey())) {
                throw new IllegalArgumentException("references non-existent key: " + item.getKey());
            }
            file(target.resolve(item.getPath()), data.get(item.getKey()), mode(item.getMode(), mode));
        }
    }

    /** Renamed into place, so that a reader sees the old file or the new one. */
    private static void file(Path path, byte[] content, int mode) throws IOException {
        if (Files.exists(path) && Arrays.equals(Files.readAllBytes(path), content)) {
            return;
        }
        Files.createDirectories(path.getParent());
        Path fresh = path.resolveSibling("." + path.getFileName() + ".new");
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, permissions(mode));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode >> (all.length - 1 - i) & 1) == 1) {
                set.add(all[i]);
            }
        }
        return set;
    }

    private static int mode(Integer asked, int otherwise) {
        return asked == null ? otherwise : asked;
    }

    private static Map<String, byte[]> bytes(Map<String, String> data) {
        Map<String, byte[]> bytes = new HashMap<>();
        data.forEach((k, v) -> bytes.put(k, v.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }
}
