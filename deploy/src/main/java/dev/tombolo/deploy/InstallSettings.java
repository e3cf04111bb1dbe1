package dev.tombolo.deploy;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code key=value} settings into options, and reports every problem at once. */
public final class InstallSettings {
    private final Map<InstallSetting, String> values = new EnumMap<>(InstallSetting.class);
    private final List<Invalid> problems = new ArrayList<>();

    private InstallSettings() {}

    /** Options, or all the reasons why there are none. */
    public sealed interface Outcome {
        /** Everything was understood. */
        record Accepted(InstallOptions options) implements Outcome {}

        /** At least one thing was not. */
        record Refused(List<Invalid> problems) implements Outcome {}
    }

    /**
     * Reads settings.
     *
     * @param earlier what an earlier install chose; what is {@code given} now goes before it
     */
    public static Outcome read(Map<String, String> earlier, List<String> given) {
        var settings = new InstallSettings();
        earlier.forEach((key, value) -> InstallSetting.of(key).ifPresent(known -> settings.values.put(known, value)));
        given.forEach(settings::take);
        settings.complete();
        return settings.problems.isEmpty()
                ? new Outcome.Accepted(settings.options())
                : new Outcome.Refused(List.copyOf(settings.problems));
    }

    private void take(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            refuse("--set", assignment, "key=value");
            return;
        }
        String key = assignment.substring(0, equals).strip();
        String value = assignment.substring(equals + 1).strip();
        InstallSetting.of(key).ifPresentOrElse(known -> values.put(known, value), () -> unknown(key));
    }

    private void unknown(String key) {
        String expected = InstallSetting.nearest(key)
                .map(nearest -> "a known key; did you mean " + nearest.key() + "?")
                .orElse("one of "
                        + java.util.Arrays.stream(InstallSetting.values())
                                .map(InstallSetting::key)
                                .toList());
        refuse("--set", key, expected);
    }

    private void complete() {
        for (var setting : InstallSetting.values()) {
            String value = values.get(setting);
            if (value == null && setting.defaultValue().isEmpty()) {
                refuse("--set " + setting.key(), null, setting.expected());
            } else if (value == null) {
                values.put(setting, setting.defaultValue().get());
            } else if (!setting.accepts(value)) {
                refuse("--set " + setting.key(), value, setting.expected());
            }
        }
        if (problems.isEmpty() && !numbering().admits(number(InstallSetting.CLUSTER_ID))) {
            refuse(
                    "--set cluster.id",
                    values.get(InstallSetting.CLUSTER_ID),
                    "a number from 1 to " + numbering().maxConnectedClusters());
        }
    }

    private InstallOptions options() {
        var id = new ClusterId(number(InstallSetting.CLUSTER_ID));
        String range = values.get(InstallSetting.TUNNEL_CIDR);
        return new InstallOptions(
                new ClusterName(values.get(InstallSetting.CLUSTER_NAME)),
                id,
                numbering(),
                range.isEmpty() ? numbering().defaultTunnelRange(id) : Prefix.parse(range),
                values.get(InstallSetting.TUNNEL_DEVICE),
                number(InstallSetting.TUNNEL_PORT),
                values.get(InstallSetting.KVSTORE_LEASE),
                values.get(InstallSetting.KVSTORE_HEARTBEAT),
                new GlobalNamespaces(Boolean.parseBoolean(values.get(InstallSetting.DEFAULT_GLOBAL_NAMESPACE))),
                new InstallOptions.Services(
                        ServedServices.tryParse(values.get(InstallSetting.KUBE_PROXY_REPLACEMENT))
                                .orElseThrow(),
                        ForwardingMode.tryParse(values.get(InstallSetting.LOAD_BALANCER_MODE))
                                .orElseThrow(),
                        Acceleration.tryParse(values.get(InstallSetting.LOAD_BALANCER_ACCELERATION))
                                .orElseThrow()),
                mapSizes(),
                values.get(InstallSetting.AGENT_HEAP),
                new InstallOptions.Cni(values.get(InstallSetting.CNI_CONF_DIR), values.get(InstallSetting.CNI_BIN_DIR)),
                new InstallOptions.Image(
                        values.get(InstallSetting.IMAGE_REPOSITORY),
                        values.get(InstallSetting.IMAGE_VERSION),
                        values.get(InstallSetting.IMAGE_PULL_POLICY)));
    }

    private Map<String, Integer> mapSizes() {
        var sizes = new TreeMap<String, Integer>();
        values.forEach((setting, value) -> {
            if (setting.key().startsWith(InstallSetting.MAPS) && !value.isEmpty()) {
                sizes.put(setting.key().substring(InstallSetting.MAPS.length()), Integer.valueOf(value));
            }
        });
        return sizes;
    }

    private MeshNumbering numbering() {
        return MeshNumbering.of(number(InstallSetting.MAX_CONNECTED_CLUSTERS));
    }

    private int number(InstallSetting setting) {
        return Integer.parseInt(values.get(setting));
    }

    private void refuse(String where, String read, String expected) {
        problems.add(new Invalid(where, Invalid.Reason.BAD_CONFIGURATION, read, expected));
    }
}
