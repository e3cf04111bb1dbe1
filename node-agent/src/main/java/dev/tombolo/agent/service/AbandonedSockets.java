package dev.tombolo.agent.service;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.SocketDestroyer;
import dev.tombolo.bpf.service.ServedSocket;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connected UDP sockets whose service no longer has the backend they were sent to, in every network namespace of
 * the node: their owners get an error and connect again, instead of talking to nobody. Looks when a backend has left,
 * once for all that left meanwhile. One thread of the platform of its own, because netlink makes it wait.
 */
public final class AbandonedSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedSockets.class);
    private static final Path PROC = Path.of("/proc");
    /** A connect that chose its backend just before the backend left has a socket to be found by then. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    private static final Duration LEAST_APART = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final int NO_SUCH_FILE = 2;

    private final SocketDestroyer sockets;
    private final UdpBackends backends;
    private final AtomicLong ended = new AtomicLong();
    private final Thread thread;
    private boolean asked;
    private volatile Optional<String> failure = Optional.empty();

    private AbandonedSockets(SocketDestroyer sockets, UdpBackends backends) {
        this.sockets = sockets;
        this.backends = backends;
        this.thread = Thread.ofPlatform().daemon().name("end abandoned sockets").unstarted(this::run);
    }

    public static AbandonedSockets start(SocketDestroyer sockets, UdpBackends backends) {
        var started = new AbandonedSockets(sockets, backends);
        backends.onLeft(started::ask);
        started.thread.start();
        return started;
    }

    /** Sockets ended since the start. */
    public long ended() {
        return ended.get();
    }

    /** Why not every namespace could be looked at the last time. */
    public Optional<String> failure() {
        return failure;
    }

    private synchronized void ask() {
        asked = true;
        notifyAll();
    }

    private synchronized void awaitAsked() throws InterruptedException {
        while (!asked) {
            wait();
        }
    }

    private synchronized void begin() {
        asked = false;
    }

    private void run() {
        try {
            while (true) {
                awaitAsked();
                Thread.sleep(SETTLING);
                begin();
                look();
                Thread.sleep(LEAST_APART);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        Optional<String> failed = Optional.empty();
        int found = 0;
        try {
            for (Path namespace : NetworkNamespaces.of(PROC)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                try {
                    found += sockets.endUdp(namespace.toString(), this::isAbandoned);
                } catch (BpfException refused) {
                    failed = refused.errno() == NO_SUCH_FILE ? failed : Optional.of(refused.getMessage());
                }
            }
        } catch (IOException unreadable) {
            failed = Optional.of(unreadable.getMessage());
        }
        tell(found, failed);
    }

    private void tell(int found, Optional<String> failed) {
        ended.addAndGet(found);
        if (found > 0) {
            LOG.info("ended UDP sockets of backends that left count={}", found);
        }
        if (failed.isPresent() && !failed.equals(failure)) {
            LOG.warn("cannot end UDP sockets of backends that left: {}", failed.get());
        }
        failure = failed;
    }

    private boolean isAbandoned(ServedSocket socket) {
        var service = new SocketEndpoint(socket.service(), socket.servicePort());
        var backend = new SocketEndpoint(socket.backend(), socket.backendPort());
        return !backends.keeps(new Frontend(service, Protocol.UDP), backend);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
