package dev.tombolo.bgp.bfd.process;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;

/**
 * A datagram and how it came.
 *
 * @param ttl -1 where the kernel did not say
 * @param payload valid until the next is received
 */
record Arrival(Port port, IpAddress source, IpAddress destination, int ifindex, int ttl, ByteBuffer payload) {
    /** What a session of that kind listens on. */
    enum Port {
        /** RFC 5881, 4. */
        DIRECT(3784),
        /** RFC 5883, 5. */
        MULTIHOP(4784);

        final int number;

        Port(int number) {
            this.number = number;
        }
    }
}
