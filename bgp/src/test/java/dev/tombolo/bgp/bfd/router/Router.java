package dev.tombolo.bgp.bfd.router;

import dev.tombolo.bgp.bfd.BfdPath.Reach;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Another's BFD daemon at the far end. */
interface Router extends AutoCloseable {
    boolean isUp() throws IOException;

    /** Each time that its session left Up. */
    List<Instant> losses() throws IOException;

    /** Each time that its session came Up. */
    List<Instant> arrivals() throws IOException;

    @Override
    void close() throws IOException;

    /** How to start one of a kind with a neighbour. */
    interface Kind {
        Router start(RouterLink link, Neighbour neighbour) throws IOException;
    }

    /**
     * Its wishes.
     *
     * @param milliseconds between packets
     */
    record Neighbour(String address, String local, int milliseconds, Reach reach) {
        static Neighbour every(int milliseconds) {
            return new Neighbour(RouterLink.NODE.toString(), RouterLink.ROUTER.toString(), milliseconds, Reach.DIRECT);
        }

        static Neighbour linkLocal() {
            return new Neighbour(RouterLink.NODE_V6.toString(), RouterLink.ROUTER_V6.toString(), 300, Reach.DIRECT);
        }

        static Neighbour behindRouters(String address, String local) {
            return new Neighbour(address, local, 300, Reach.MULTIHOP);
        }
    }
}
