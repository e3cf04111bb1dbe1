package dev.tombolo.agent.healthcheck;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One question and its answer, by HTTP: whatever is asked, the answer is the same. */
final class HealthCheckAnswer {
    /** A load balancer's request has some hundred bytes. */
    private static final int LONGEST_REQUEST = 8_192;

    private static final int LONGEST_MILLIS = 5_000;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private HealthCheckAnswer() {}

    static void to(Socket client, byte[] answer) throws IOException {
        if (readHead(client)) {
            client.getOutputStream().write(answer);
            client.shutdownOutput();
        }
    }

    /** False for who ends before it has asked. One that asks byte by byte has no more time than any other. */
    private static boolean readHead(Socket client) throws IOException {
        long end = System.nanoTime() + LONGEST_MILLIS * 1_000_000L;
        var input = client.getInputStream();
        var request = new byte[LONGEST_REQUEST];
        int length = 0;
        while (length < request.length) {
            client.setSoTimeout(restMillis(end));
            int read = input.read(request, length, request.length - length);
            if (read < 0) {
                return false;
            }
            int from = Math.max(0, length - END_OF_HEAD.length() + 1);
            length += read;
            if (new String(request, from, length - from, StandardCharsets.US_ASCII).contains(END_OF_HEAD)) {
                return true;
            }
        }
        throw new IOException("a request of more than " + LONGEST_REQUEST + " bytes");
    }

    private static int restMillis(long end) throws IOException {
        long rest = (end - System.nanoTime()) / 1_000_000;
        if (rest <= 0) {
            throw new IOException("a request that took more than " + LONGEST_MILLIS + " ms");
        }
        return (int) rest;
    }
}
