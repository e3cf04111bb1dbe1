package dev.tombolo.netlink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The kernel's links, addresses, routes and rules, of one network namespace. Safe for use by many threads. */
public final class Netlink implements AutoCloseable {
    private static final int ROUTE = 0;

    private final NetlinkSocket socket;
    private final Links links;
    private final Addresses addresses;
    private final Routes routes;
    private final Rules rules;

    private Netlink(NetlinkSocket socket) {
        this.socket = socket;
        links = new Links(socket);
        addresses = new Addresses(socket, links);
        routes = new Routes(socket, links);
        rules = new Rules(socket);
    }

    /** Of the namespace this process runs in. */
    public static Netlink open() throws IOException {
        return new Netlink(NetlinkSocket.open(Optional.empty(), ROUTE));
    }

    /** Of another namespace, by its path (/run/netns/x, /proc/1/ns/net); no thread of this process moves there. */
    public static Netlink openIn(Path netns) throws IOException {
        return new Netlink(NetlinkSocket.open(Optional.of(netns), ROUTE));
    }

    public Links links() {
        return links;
    }

    public Addresses addresses() {
        return addresses;
    }

    public Routes routes() {
        return routes;
    }

    public Rules rules() {
        return rules;
    }

    @Override
    public void close() {
        socket.close();
    }
}
