package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What the columns of each built-in kind show. */
final class TableCells {
    record Cell(String title, boolean wide, Function<JsonNode, String> value) {}

    static Cell cell(String title, Function<JsonNode, String> value) {
        return new Cell(title, false, value);
    }

    static Cell wide(String title, Function<JsonNode, String> value) {
        return new Cell(title, true, value);
    }

    static Cell path(String title, String path, String absent) {
        return cell(title, object -> orElse(Json.at(object, path).asText(""), absent));
    }

    private static final Map<String, List<Cell>> CELLS = Map.ofEntries(
            Map.entry(
                    "pods",
                    List.of(
                            cell("Ready", TableCells::containersReady),
                            cell("Status", TableCells::podStatus),
                            cell("Restarts", pod -> Integer.toString(restarts(pod))),
                            wide(
                                    "IP",
                                    pod -> orElse(Json.at(pod, "status.podIP").asText(""), "<none>")),
                            wide(
                                    "Node",
                                    pod -> orElse(Json.at(pod, "spec.nodeName").asText(""), "<none>")))),
            Map.entry(
                    "services",
                    List.of(
                            path("Type", "spec.type", "ClusterIP"),
                            path("Cluster-IP", "spec.clusterIP", "<none>"),
                            cell("External-IP", TableCells::externalAddresses),
                            cell("Port(s)", service -> join(service.path("spec").path("ports"), TableCells::port)),
                            wide(
                                    "Selector",
                                    service -> labels(service.path("spec").path("selector"))))),
            Map.entry(
                    "deployments.apps",
                    List.of(
                            cell("Ready", d -> count(d, "status.readyReplicas") + "/" + count(d, "spec.replicas")),
                            cell("Up-to-date", d -> count(d, "status.updatedReplicas")),
                            cell("Available", d -> count(d, "status.availableReplicas")))),
            Map.entry(
                    "replicasets.apps",
                    List.of(
                            cell("Desired", r -> count(r, "spec.replicas")),
                            cell("Current", r -> count(r, "status.replicas")),
                            cell("Ready", r -> count(r, "status.readyReplicas")))),
            Map.entry(
                    "daemonsets.apps",
                    List.of(
                            cell("Desired", d -> count(d, "status.desiredNumberScheduled")),
                            cell("Current", d -> count(d, "status.currentNumberScheduled")),
                            cell("Ready", d -> count(d, "status.numberReady")),
                            cell("Up-to-date", d -> count(d, "status.updatedNumberScheduled")),
                            cell("Available", d -> count(d, "status.numberAvailable")),
                            cell("Node Selector", d -> labels(Json.at(d, "spec.template.spec.nodeSelector"))))),
            Map.entry(
                    "nodes",
                    List.of(
                            cell("Status", node -> condition(node, "Ready").equals("True") ? "Ready" : "NotReady"),
                            cell("Roles", _ -> "<none>"),
                            path("Version", "status.nodeInfo.kubeletVersion", ""),
                            wide("Internal-IP", node -> address(node, "InternalIP")))),
            Map.entry("namespaces", List.of(path("Status", "status.phase", "Active"))),
            Map.entry(
                    "configmaps",
                    List.of(cell(
                            "Data", map -> Integer.toString(map.path("data").size())))),
            Map.entry(
                    "secrets",
                    List.of(
                            path("Type", "type", "Opaque"),
                            cell(
                                    "Data",
                                    map -> Integer.toString(map.path("data").size())))),
            Map.entry(
                    "endpointslices.discovery.k8s.io",
                    List.of(
                            path("AddressType", "addressType", ""),
                            cell(
                                    "Ports",
                                    slice -> join(
                                            slice.path("ports"),
                                            port -> port.path("port").asText())),
                            cell(
                                    "Endpoints",
                                    slice -> join(
                                            slice.path("endpoints"),
                                            e -> join(e.path("addresses"), JsonNode::asText))))),
            Map.entry(
                    "events",
                    List.of(
                            cell(
                                    "Last Seen",
                                    event -> age(orElse(
                                            event.path("lastTimestamp").asText(""),
                                            Json.meta(event, "creationTimestamp")))),
                            path("Type", "type", ""),
                            path("Reason", "reason", ""),
                            cell(
                                    "Object",
                                    event -> Json.at(event, "involvedObject.kind")
                                                    .asText()
                                                    .toLowerCase(Locale.ROOT) + "/"
                                            + Json.at(event, "involvedObject.name")
                                                    .asText()),
                            path("Message", "message", ""))),
            Map.entry("leases.coordination.k8s.io", List.of(path("Holder", "spec.holderIdentity", ""))),
            Map.entry(
                    "customresourcedefinitions.apiextensions.k8s.io",
                    List.of(path("Created At", "metadata.creationTimestamp", ""))));

    private TableCells() {}

    /** Those between the name and the age. */
    static List<Cell> of(ResourceKind kind) {
        return CELLS.getOrDefault(kind.resource(), List.of());
    }

    static String age(String timestamp) {
        try {
            var age = Duration.between(Instant.parse(timestamp), Instant.now());
            long seconds = Math.max(0, age.toSeconds());
            if (seconds < 120) {
                return seconds + "s";
            }
            return seconds < 7_200
                    ? seconds / 60 + "m"
                    : seconds < 172_800 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
        } catch (DateTimeParseException unknown) {
            return "<unknown>";
        }
    }

    private static String containersReady(JsonNode pod) {
        long ready = stream(Json.at(pod, "status.containerStatuses"))
                .filter(status -> status.path("ready").asBoolean())
                .count();
        return ready + "/" + pod.path("spec").path("containers").size();
    }

    private static int restarts(JsonNode pod) {
        return stream(Json.at(pod, "status.containerStatuses"))
                .mapToInt(status -> status.path("restartCount").asInt())
                .sum();
    }

    private static String externalAddresses(JsonNode service) {
        String addresses = join(
                Json.at(service, "status.loadBalancer.ingress"),
                entry -> entry.path("ip").asText(entry.path("hostname").asText()));
        boolean awaited = addresses.equals("<none>")
                && Json.at(service, "spec.type").asText("").equals("LoadBalancer");
        return awaited ? "<pending>" : addresses;
    }

    private static String podStatus(JsonNode pod) {
        if (Json.isTerminating(pod)) {
            return "Terminating";
        }
        var waiting = stream(Json.at(pod, "status.containerStatuses"))
                .map(status ->
                        status.path("state").path("waiting").path("reason").asText(""))
                .filter(reason -> !reason.isEmpty())
                .findFirst();
        String phase = orElse(Json.at(pod, "status.phase").asText(""), "Pending");
        return waiting.orElse(phase.equals("Succeeded") ? "Completed" : phase.equals("Failed") ? "Error" : phase);
    }

    private static String condition(JsonNode object, String type) {
        return stream(Json.at(object, "status.conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("status").asText())
                .findFirst()
                .orElse("Unknown");
    }

    private static String address(JsonNode node, String type) {
        return stream(Json.at(node, "status.addresses"))
                .filter(address -> address.path("type").asText().equals(type))
                .map(address -> address.path("address").asText())
                .findFirst()
                .orElse("<none>");
    }

    private static String port(JsonNode port) {
        String node = port.hasNonNull("nodePort") ? ":" + port.path("nodePort").asText() : "";
        return port.path("port").asText() + node + "/" + port.path("protocol").asText("TCP");
    }

    private static String labels(JsonNode map) {
        String text = map.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
        return orElse(text, "<none>");
    }

    private static String count(JsonNode object, String path) {
        return Integer.toString(Json.at(object, path).asInt(0));
    }

    private static String join(JsonNode list, Function<JsonNode, String> text) {
        return orElse(stream(list).map(text).collect(Collectors.joining(",")), "<none>");
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static String orElse(String text, String absent) {
        return text.isEmpty() ? absent : text;
    }
}
