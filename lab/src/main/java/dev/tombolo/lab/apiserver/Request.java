package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One HTTP request, read once. */
record Request(String method, String path, Map<String, String> query, String accept, String contentType, byte[] body) {
    static Request read(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                parameters(exchange.getRequestURI().getRawQuery()),
                String.join(",", headers.getOrDefault("Accept", java.util.List.of())),
                headers.getFirst("Content-Type") == null ? "application/json" : headers.getFirst("Content-Type"),
                exchange.getRequestBody().readAllBytes());
    }

    private static Map<String, String> parameters(String raw) {
        var query = new HashMap<String, String>();
        if (raw != null) {
            for (String part : raw.split("&")) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                query.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    String query(String name) {
        return query.getOrDefault(name, "");
    }

    boolean isSet(String name) {
        return query.containsKey(name)
                && (query(name).equals("true") || query(name).equals("1"));
    }

    boolean wantsTable() {
        return accept.contains("as=Table");
    }

    ObjectNode object() {
        return contentType.startsWith("application/vnd.kubernetes.protobuf")
                ? Protobuf.decode(body)
                : Json.parseObject(body);
    }

    /** The body, or an empty object where there is none. */
    ObjectNode options() {
        return body.length == 0 ? Json.object() : object();
    }

    boolean isDryRun() {
        return query("dryRun").equals("All")
                || (method.equals("DELETE")
                        && options().path("dryRun").toString().contains("All"));
    }

    boolean isStrict() {
        return query("fieldValidation").equals("Strict");
    }
}
