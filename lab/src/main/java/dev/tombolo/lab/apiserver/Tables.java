package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Objects as the tables that {@code kubectl get} prints. */
final class Tables {
    private Tables() {}

    private record Cell(String title, boolean wide, Function<JsonNode, String> value) {}

    private static Cell cell(String title, Function<JsonNode, String> value) {
        return new Cell(title, false, value);
    }

    private static Cell wide(String title, Function<JsonNode, String> value) {
        return new Cell(title, true, value);
    }

    private static Cell path(String title, String path, String absent) {
        return cell(title, object -> orElse(Json.at(object, path).asText(""), absent));
    }

    private static final Set<String> PLACE_OF_AGE = Set.of("Age", "AGE", "Last Seen", "Created At");
    private static final Map<String, List<Cell>> CELLS = Map.ofEntries(
            Map.entry(
                    "pods",
                    List.of(
                            cell("Ready", Tables::containersReady),
                            cell("Status", Tables::podStatus),
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
                            cell("External-IP", _ -> "<none>"),
                            cell("Port(s)", service -> join(service.path("spec").path("ports"), Tables::port)),
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

    /** The table of some objects; {@code include} is Metadata, Object or None. */
    static ObjectNode of(
            ResourceKind kind, List<Crd.Column> columns, List<ObjectNode> objects, String revision, String include) {
        var cells = cells(kind, columns);
        ObjectNode table = Json.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", revision);
        var definitions = table.putArray("columnDefinitions");
        for (Cell cell : cells) {
            definitions
                    .addObject()
                    .put("name", cell.title)
                    .put("type", "string")
                    .put("format", cell.title.equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", cell.wide ? 1 : 0);
        }
        var rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            var row = rows.addObject();
            var values = row.putArray("cells");
            cells.forEach(cell -> values.add(cell.value.apply(object)));
            if (!include.equals("None")) {
                row.set("object", include.equals("Object") ? object : partial(object));
            }
        }
        return table;
    }

    private static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static List<Cell> cells(ResourceKind kind, List<Crd.Column> columns) {
        var cells = new ArrayList<Cell>();
        if (!kind.resource().equals("events")) {
            cells.add(path("Name", "metadata.name", ""));
        }
        cells.addAll(CELLS.getOrDefault(kind.resource(), List.of()));
        columns.forEach(column -> cells.add(new Cell(
                column.title(),
                column.priority() > 0,
                object -> printed(column, PrinterPath.find(object, column.path())))));
        if (cells.stream().noneMatch(cell -> PLACE_OF_AGE.contains(cell.title))) {
            // In the place kubectl's users know: behind what is always shown, before what is wide.
            int at = (int) cells.stream().filter(cell -> !cell.wide).count();
            cells.sort(java.util.Comparator.comparing(Cell::wide));
            cells.add(at, cell("Age", object -> age(Json.meta(object, "creationTimestamp"))));
        }
        return cells;
    }

    private static String printed(Crd.Column column, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "<none>";
        }
        return column.type().equals("date")
                ? age(value.asText())
                : value.isValueNode() ? value.asText() : value.toString();
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
