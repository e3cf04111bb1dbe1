package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Answers, with their content type and length. */
final class Replies {
    private Replies() {}

    static void json(HttpExchange exchange, int code, ObjectNode body) throws IOException {
        bytes(exchange, code, "application/json", Json.bytes(body));
    }

    static void text(HttpExchange exchange, String text) throws IOException {
        bytes(exchange, 200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    static void bytes(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Sends what there is at once, and goes on until the source ends. */
    static void stream(HttpExchange exchange, InputStream source) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        byte[] buffer = new byte[8_192];
        try (var out = exchange.getResponseBody()) {
            for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }
}
