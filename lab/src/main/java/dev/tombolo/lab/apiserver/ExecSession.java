package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** `pods/NAME/exec`: a command whose input and outputs are channels of a WebSocket, without a terminal. */
final class ExecSession {
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERRORS = 2;
    private static final int STATUS = 3;
    private static final int CLOSED = 255;
    /** Of the same channels; the second lets a client say that its input has ended. */
    private static final List<String> PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

    private final WebSocket socket;
    private final Process process;

    private ExecSession(WebSocket socket, Process process) {
        this.socket = socket;
        this.process = process;
    }

    static void serve(HttpExchange exchange, Route route, String container, PodExec exec)
            throws IOException, InterruptedException {
        String protocol = protocol(exchange);
        Process process;
        try {
            process = exec.start(route.namespace(), route.name(), container, command(exchange));
        } catch (IOException refused) {
            throw ApiError.badRequest(refused.getMessage());
        }
        var session = new ExecSession(WebSocket.accept(exchange, protocol), process);
        if (!"true".equals(parameter(exchange, "stdin"))) {
            process.getOutputStream().close();
        }
        session.run();
    }

    private static String protocol(HttpExchange exchange) {
        var offered = exchange.getRequestHeaders().getOrDefault("Sec-WebSocket-Protocol", List.of()).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .toList();
        return PROTOCOLS.stream()
                .filter(offered::contains)
                .findFirst()
                .orElseThrow(() -> ApiError.badRequest("exec is by WebSocket with one of " + PROTOCOLS));
    }

    private static List<String> command(HttpExchange exchange) {
        return parameters(exchange, "command").toList();
    }

    private static String parameter(HttpExchange exchange, String name) {
        return parameters(exchange, name).findFirst().orElse("");
    }

    private static Stream<String> parameters(HttpExchange exchange, String name) {
        return Stream.of(exchange.getRequestURI().getRawQuery().split("&"))
                .filter(part -> part.startsWith(name + "="))
                .map(part -> URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8));
    }

    /** Whoever goes away leaves the command there, as with a kubelet; but its input ends, and nobody reads its output. */
    private void run() throws IOException, InterruptedException {
        var output = Thread.ofVirtual().start(() -> pump(process.getInputStream(), OUTPUT));
        var errors = Thread.ofVirtual().start(() -> pump(process.getErrorStream(), ERRORS));
        Thread.ofVirtual().start(() -> end(output, errors));
        try (var input = process.getOutputStream()) {
            receive(input);
        } finally {
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }

    private void receive(OutputStream input) throws IOException {
        for (byte[] message = socket.receive(); message.length > 0; message = socket.receive()) {
            int channel = message[0] & 0xFF;
            if (channel == INPUT && process.isAlive()) {
                input.write(message, 1, message.length - 1);
                input.flush();
            } else if (channel == CLOSED) {
                input.close();
            }
        }
    }

    private void pump(InputStream from, int channel) {
        byte[] buffer = new byte[8_192];
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                socket.send(channel, buffer, read);
            }
        } catch (IOException clientWentAway) {
            return;
        }
    }

    private void end(Thread output, Thread errors) {
        try {
            int code = process.waitFor();
            output.join();
            errors.join();
            byte[] status = Json.bytes(status(code));
            socket.send(STATUS, status, status.length);
            socket.close();
        } catch (IOException clientWentAway) {
            return;
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode status(int code) {
        var status = Json.object();
        status.putObject("metadata");
        if (code == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure")
                .put("message", "command terminated with non-zero exit code: exit status " + code)
                .put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return status;
    }
}
