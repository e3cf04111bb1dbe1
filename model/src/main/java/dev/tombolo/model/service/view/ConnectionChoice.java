package dev.tombolo.model.service.view;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.view.BackendView.State;
import java.util.Comparator;
import java.util.List;

/**
 * Which backend a connection from outside gets: the one whose weight for it is the greatest, as the program
 * {@code lb_choice.h} computes it at every node. What it cannot say is whose a connection is that a node knows already.
 */
public final class ConnectionChoice {
    /** With more of them, or with shares that differ, a table of the node has the choice. */
    private static final int MOST_WEIGHED = 32;

    private ConnectionChoice() {}

    /**
     * The active backends, each of which gets the connection when all before it have left. Empty where a table chooses, and
     * where the client's port counts and is 0, which is none.
     */
    public static List<BackendView> order(FrontendView frontend, SocketEndpoint client) {
        var active = frontend.in(State.ACTIVE);
        boolean alike = active.stream().mapToInt(BackendView::weight).distinct().count() <= 1;
        boolean byClient = frontend.audience().byClient();
        if (!alike || active.size() > MOST_WEIGHED || !byClient && client.port() == 0) {
            return List.of();
        }
        long connection = byClient ? mixed(folded(client.address())) : hash(frontend, client);
        return active.stream()
                .sorted(Comparator.<BackendView, Long>comparing(
                                backend -> weight(connection, backend.endpoint()), Long::compareUnsigned)
                        .reversed())
                .toList();
    }

    private static long hash(FrontendView frontend, SocketEndpoint client) {
        long ports = onWire(client.port()) << 32
                | onWire(frontend.endpoint().port()) << 16
                | frontend.protocol().number();
        return mixed(folded(client.address()) ^ mixed(folded(frontend.endpoint().address()) ^ mixed(ports)));
    }

    private static long weight(long connection, SocketEndpoint backend) {
        return mixed(connection ^ mixed(folded(backend.address()) ^ onWire(backend.port()) << 40)) | 1;
    }

    private static long folded(IpAddress address) {
        return address.low() ^ mixed(address.high());
    }

    /** A port as the program reads it from the packet: all machines that it runs on have the lower byte first. */
    private static long onWire(int port) {
        return Short.toUnsignedLong(Short.reverseBytes((short) port));
    }

    private static long mixed(long hash) {
        long mixed = hash * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32) * 0xbf58476d1ce4e5b9L;
        return mixed ^ mixed >>> 29;
    }
}
