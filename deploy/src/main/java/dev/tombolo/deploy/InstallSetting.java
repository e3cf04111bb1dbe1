package dev.tombolo.deploy;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceAnnotations;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** A key of {@code --set}: its default, what it accepts, what it is for. */
public enum InstallSetting {
    CLUSTER_NAME(
            "cluster.name",
            null,
            value -> ClusterName.check("", value).isEmpty(),
            "lower-case letters, digits and dashes, at most 32 characters, and not 'default'",
            "name of this cluster in the mesh"),
    CLUSTER_ID(
            "cluster.id",
            null,
            value -> isWithin(value, 1, 511),
            "a number from 1 to max-connected-clusters",
            "number of this cluster in the mesh"),
    MAX_CONNECTED_CLUSTERS(
            "max-connected-clusters",
            "255",
            value -> value.equals("255") || value.equals("511"),
            "255 or 511",
            "how many clusters a mesh may have; the same in all of them"),
    TUNNEL_CIDR(
            "tunnel.cidr",
            "",
            value -> value.isEmpty()
                    || Prefix.tryParse(value)
                            .filter(range -> range.length() < 31)
                            .isPresent(),
            "a CIDR with room for every node",
            "addresses of nodes inside the tunnel; by default slice number <cluster.id> of 100.64.0.0/10"),
    TUNNEL_DEVICE(
            "tunnel.device",
            "tombolo-wg0",
            // Those names are of egress gateways' devices, which go when no gateway needs them.
            value -> value.matches("(?!tombolo-eg)[a-z][a-z0-9-]{0,14}"),
            "a device name of at most 15 characters, not tombolo-eg…",
            "name of the WireGuard device"),
    TUNNEL_PORT("tunnel.port", "51871", value -> isWithin(value, 1, 65_535), "a port", "WireGuard's UDP port"),
    KVSTORE_LEASE(
            "kvstore.lease",
            "15m",
            InstallSetting::isDuration,
            "a duration such as 15m or 30s",
            "how long what this cluster published stays when its mesh server is dead"),
    KVSTORE_HEARTBEAT(
            "kvstore.heartbeat",
            "60s",
            InstallSetting::isDuration,
            "a duration such as 60s",
            "how often the mesh server says that it lives"),
    DEFAULT_GLOBAL_NAMESPACE(
            GlobalNamespaces.SETTING,
            "true",
            value -> value.equals("true") || value.equals("false"),
            GlobalNamespaces.EXPECTED,
            "whether a namespace without the annotation " + GlobalNamespaces.ANNOTATION + " takes part in the mesh"),
    KUBE_PROXY_REPLACEMENT(
            ServedServices.SETTING,
            ServedServices.DEFAULT.setting(),
            value -> ServedServices.tryParse(value).isPresent(),
            ServedServices.EXPECTED,
            "whether services that are not global are served too, inside the cluster and from outside"),
    LOAD_BALANCER_MODE(
            ForwardingMode.SETTING,
            ForwardingMode.DEFAULT.setting(),
            value -> ForwardingMode.tryParse(value).isPresent(),
            ForwardingMode.EXPECTED,
            "how packets of clients outside get to backends on other nodes: snat gives them an address of the node by which"
                    + " they come, dsr hands them on as they are and answers come straight from the backend's node, hybrid"
                    + " does so for TCP; for one service an annotation " + ServiceAnnotations.FORWARDING),
    LOAD_BALANCER_ACCELERATION(
            Acceleration.SETTING,
            Acceleration.DEFAULT.setting(),
            value -> Acceleration.tryParse(value).isPresent(),
            Acceleration.EXPECTED,
            "where packets that are handed on as they are (" + ForwardingMode.SETTING
                    + ") turn round: native in the drivers of"
                    + " the uplinks, by XDP, and it is a problem where one cannot; best-effort in those that can;"
                    + " testing-only at the entrance of the stack, which saves nothing"),
    MAPS_SERVICES("maps.services", "services and their ports"),
    MAPS_SERVICE_SLOTS(
            "maps.service-slots",
            "backends of all services that new connections may reach, twice while one changes; tables of services with"
                    + " many or weighted backends take half at most"),
    MAPS_BACKENDS("maps.backends", "backends of all services"),
    MAPS_UDP_CLIENTS("maps.udp-clients", "UDP sockets that use services"),
    MAPS_ADDRESSES(
            "maps.addresses", "addresses of pods and nodes, this cluster's and others'; own ones take half at most"),
    MAPS_RANGES("maps.ranges", "ranges of other clusters"),
    MAPS_EGRESS_PODS(
            "maps.egress-pods",
            "addresses of pods that egress policies select, at a gateway those of the cluster, and of pods that start"),
    MAPS_SERVICE_CONNECTIONS(
            "maps.service-connections", "connections of clients outside to services, two entries for each"),
    MAPS_EGRESS_CONNECTIONS("maps.egress-connections", "connections of an egress gateway, two entries for each"),
    AGENT_HEAP(
            "agent.heap",
            "256m",
            value -> value.matches("[1-9]\\d{1,4}m") && isWithin(value.substring(0, value.length() - 1), 64, 65_536),
            "megabytes from 64m to 65536m, such as 256m",
            "the most memory that an agent takes for its objects; with egress policies more where there are more pods"),
    CNI_CONF_DIR(
            "cni.conf-dir",
            "/etc/cni/net.d",
            InstallSetting::isPath,
            "the absolute path of a directory that nodes have",
            "where the container runtime of nodes has the configuration of its CNI"),
    CNI_BIN_DIR(
            "cni.bin-dir",
            "/opt/cni/bin",
            InstallSetting::isPath,
            "the absolute path of a directory that nodes have",
            "where the container runtime of nodes has the programs of its CNI"),
    IMAGE_REPOSITORY(
            "image.repository",
            "tombolo/tombolo",
            value -> value.matches("[a-z0-9][a-zA-Z0-9./:_-]*"),
            "an image name without tag",
            "where the image is"),
    IMAGE_VERSION(
            "image.version",
            "0.1.0",
            value -> value.matches("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"),
            "an image tag",
            "which version of it"),
    IMAGE_PULL_POLICY(
            "image.pull-policy",
            "IfNotPresent",
            value -> value.matches("IfNotPresent|Always|Never"),
            "IfNotPresent, Always or Never",
            "when nodes fetch it");

    static final String MAPS = "maps.";

    /** More edits than this is another word, not a typing error. */
    private static final int FARTHEST = 6;

    private final String key;
    private final String defaultValue;
    private final Predicate<String> accepts;
    private final String expected;
    private final String purpose;

    InstallSetting(String key, String defaultValue, Predicate<String> accepts, String expected, String purpose) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.accepts = accepts;
        this.expected = expected;
        this.purpose = purpose;
    }

    /** How many entries an eBPF map of the agents has. */
    InstallSetting(String key, String entries) {
        this(
                key,
                "",
                value -> value.isEmpty() || isWithin(value, 16, 1 << 24),
                "a number from 16 to 16777216, or nothing for what is built in",
                "room in an eBPF map: " + entries);
    }

    public String key() {
        return key;
    }

    /** Empty where there is none and the setting has to be given. */
    public Optional<String> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    public String expected() {
        return expected;
    }

    public String purpose() {
        return purpose;
    }

    boolean accepts(String value) {
        return accepts.test(value);
    }

    static Optional<InstallSetting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    static Optional<InstallSetting> nearest(String key) {
        return Arrays.stream(values())
                .min(Comparator.comparingInt(setting -> distance(setting.key, key)))
                .filter(setting -> distance(setting.key, key) <= FARTHEST);
    }

    private static boolean isWithin(String value, int first, int last) {
        return value.matches("\\d{1,8}") && Integer.parseInt(value) >= first && Integer.parseInt(value) <= last;
    }

    private static boolean isPath(String value) {
        return value.matches("(/[a-zA-Z0-9._-]+)+");
    }

    private static boolean isDuration(String value) {
        return value.matches("[1-9]\\d{0,5}(ms|s|m|h)");
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
