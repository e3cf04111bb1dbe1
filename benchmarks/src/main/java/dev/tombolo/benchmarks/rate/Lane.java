package dev.tombolo.benchmarks.rate;

/** One of the ways that are compared, with namespaces of its own. */
record Lane(String name, PacketSource source, Traffic traffic, Sink sink) {
    /**
     * What came through.
     *
     * @param perSecond packets that were received
     * @param cpuNanos of a packet that was received, from its making to its count
     */
    record Rate(double perSecond, double cpuNanos, long sent, long received) {
        long lost() {
            return sent - received;
        }
    }

    /** Begins that many connections, of which there are none yet. */
    Rate begin(int connections) {
        return rate(source.each(traffic, connections));
    }

    Rate goOn(int connections) {
        return rate(source.any(traffic, connections));
    }

    private Rate rate(Sent sent) {
        long received = sink.take();
        return new Rate(
                received * 1e9 / sent.wallNanos(),
                (double) sent.cpuNanos() / Math.max(1, received),
                sent.packets(),
                received);
    }
}
