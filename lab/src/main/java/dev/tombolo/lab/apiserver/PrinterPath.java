package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The part of JSONPath that printer columns use: {@code .a.b\.c['d'][0][?(@.type=="Ready")].status}. */
final class PrinterPath {
    private static final Pattern STEP = Pattern.compile("\\.(?<field>(?:[^.\\[\\\\]|\\\\.)+)"
            + "|\\['(?<quoted>[^']+)']"
            + "|\\[(?<index>\\d+)]"
            + "|\\[\\?\\(@\\.(?<name>[^=\\s]+)\\s*==\\s*[\"'](?<value>[^\"']*)[\"']\\)]");

    private PrinterPath() {}

    /** The first node at the path; missing where there is none. */
    static JsonNode find(JsonNode object, String path) {
        JsonNode found = object;
        var steps = STEP.matcher(path.startsWith(".") || path.startsWith("[") ? path : "." + path);
        while (steps.find()) {
            found = step(found, steps);
        }
        return found;
    }

    private static JsonNode step(JsonNode node, MatchResult step) {
        if (step.group("field") != null) {
            return node.path(step.group("field").replace("\\", ""));
        }
        if (step.group("quoted") != null) {
            return node.path(step.group("quoted"));
        }
        return step.group("index") != null
                ? node.path(Integer.parseInt(step.group("index")))
                : StreamSupport.stream(node.spliterator(), false)
                        .filter(element ->
                                Json.at(element, step.group("name")).asText().equals(step.group("value")))
                        .findFirst()
                        .orElse(MissingNode.getInstance());
    }
}
