package dev.tombolo.cli.output;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Maps, lists, texts, numbers and booleans as JSON and YAML, in their own order. */
public final class Documents {
    private Documents() {}

    public static String json(Object value) {
        return json(value, "");
    }

    /** On one line, where many documents follow one another. */
    public static String jsonLine(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> quoted(entry.getKey()) + ":" + jsonLine(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case Collection<?> list ->
                list.stream().map(Documents::jsonLine).collect(Collectors.joining(",", "[", "]"));
            case null, default -> scalar(value);
        };
    }

    public static String yaml(Object value) {
        return yaml(value, "").stripLeading() + "\n";
    }

    private static String json(Object value, String indent) {
        String deeper = indent + "  ";
        return switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() ->
                map.entrySet().stream()
                        .map(entry -> deeper + quoted(entry.getKey()) + ": " + json(entry.getValue(), deeper))
                        .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case Collection<?> list
            when !list.isEmpty() ->
                list.stream()
                        .map(item -> deeper + json(item, deeper))
                        .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
            case null, default -> scalar(value);
        };
    }

    private static String yaml(Object value, String indent) {
        return switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() ->
                map.entrySet().stream()
                        .map(entry -> indent + entry.getKey() + ":" + below(entry.getValue(), indent + "  "))
                        .collect(Collectors.joining("\n"));
            case Collection<?> list
            when !list.isEmpty() ->
                list.stream()
                        .map(item -> indent + "- " + yaml(item, indent + "  ").stripLeading())
                        .collect(Collectors.joining("\n"));
            case null, default -> scalar(value);
        };
    }

    private static String below(Object value, String indent) {
        boolean nested = value instanceof Map<?, ?> map && !map.isEmpty()
                || value instanceof Collection<?> list && !list.isEmpty();
        return nested ? "\n" + yaml(value, indent) : " " + scalar(value);
    }

    private static String scalar(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> _ -> "{}";
            case Collection<?> _ -> "[]";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> quoted(value);
        };
    }

    private static String quoted(Object value) {
        var text = new StringBuilder("\"");
        value.toString().chars().forEach(c -> {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> text.append(c < 0x20 ? "\\u%04x".formatted(c) : Character.toString(c));
            }
        });
        return text.append('"').toString();
    }
}
