package dev.tombolo.model.net;

import java.util.Comparator;

/** An address and a port; prints as {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
public record SocketEndpoint(IpAddress address, int port) implements Comparable<SocketEndpoint> {
    private static final Comparator<SocketEndpoint> ORDER =
            Comparator.comparing(SocketEndpoint::address).thenComparingInt(SocketEndpoint::port);

    public SocketEndpoint {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 0–65535");
        }
    }

    public static SocketEndpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("not address:port: " + text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        var address = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        return new SocketEndpoint(address, Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public int compareTo(SocketEndpoint other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (address.isV4() ? address.toString() : "[" + address + "]") + ":" + port;
    }
}
