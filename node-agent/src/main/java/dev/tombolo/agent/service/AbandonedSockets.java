package dev.tombolo.agent.service;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.SocketDestroyer;
import dev.tombolo.bpf.service.ServedSocket;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.reconciler.loop.LoopThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connected UDP sockets whose service no longer has the backend they were sent to, in every network namespace of
 * the node: their owners get an error and connect again, instead of talking to nobody. Looks at the start, because
 * backends may have left while nobody looked, and when a backend has left, once for all that left meanwhile; again
 * after a while where not everything could be looked at. One thread of the platform of its own, because netlink makes it wait.
 */
public final class AbandonedSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedSockets.class);
    private static final Path PROC = Path.of("/proc");
    /** A connect that chose its backend just before the backend left has a socket to be found by then. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    private static final Duration LEAST_APART = Duration.ofSeconds(1);
    private static final Duration LONGEST_APART = Duration.ofMinutes(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final int NO_SUCH_FILE = 2;

    private final SocketDestroyer sockets;
    private final UdpBackends backends;
    private final Path proc;
    private final AtomicLong ended = new AtomicLong();
    private final Thread thread;
    private boolean asked = true;
    private volatile Optional<String> failure = Optional.empty();

    public AbandonedSockets(SocketDestroyer sockets, UdpBackends backends) {
        this(sockets, backends, PROC);
    }

    AbandonedSockets(SocketDestroyer sockets, UdpBackends backends, Path proc) {
        this.sockets = sockets;
        this.backends = backends;
        this.proc = proc;
        this.thread = Thread.ofPlatform().daemon().name("end abandoned sockets").unstarted(this::run);
    }

    /** To be called once, when the maps hold what they should: only then is what they lack gone. */
    public void start() {
        backends.onLeft(this::ask);
        thread.start();
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

    /** Zero is for ever. */
    private synchronized void awaitAsked(Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        while (!asked) {
            long rest = until - System.nanoTime();
            if (longest.isZero()) {
                wait();
            } else if (rest > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, rest);
            } else {
                return;
            }
        }
    }

    private synchronized void begin() {
        asked = false;
    }

    private void run() {
        var pause = Duration.ZERO;
        try {
            while (true) {
                awaitAsked(pause);
                Thread.sleep(SETTLING);
                begin();
                pause = look() ? Duration.ZERO : longer(pause);
                Thread.sleep(LEAST_APART);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        var twice = pause.isZero() ? LEAST_APART : pause.multipliedBy(2);
        return twice.compareTo(LONGEST_APART) < 0 ? twice : LONGEST_APART;
    }

    /** What one look came to. */
    private static final class Look {
        private int found;
        private boolean complete = true;
        private Optional<String> failed = Optional.empty();

        private void fail(String why) {
            complete = false;
            failed = failed.or(() -> Optional.of(why));
        }
    }

    /** False if it has to be done again. */
    private boolean look() throws InterruptedException {
        var look = new Look();
        try {
            var namespaces = NetworkNamespaces.of(proc);
            namespaces.problem().ifPresent(look::fail);
            for (Path namespace : namespaces.files()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                endIn(namespace, look);
            }
        } catch (IOException unreadable) {
            look.fail(unreadable.getMessage());
        }
        tell(look.found, look.failed);
        return look.complete;
    }

    private void endIn(Path namespace, Look look) {
        try {
            var outcome = sockets.endUdp(namespace.toString(), this::isAbandoned);
            look.found += outcome.sockets();
            outcome.refused().forEach(refused -> look.fail(refused.getMessage()));
        } catch (BpfException closed) {
            if (closed.errno() == NO_SUCH_FILE) {
                // The process ended since it was listed; the namespace may have others.
                look.complete = false;
            } else {
                look.fail(closed.getMessage());
            }
        }
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
        return !backends.keeps(new Frontend(service, Protocol.UDP), backend, socket.clusterId());
    }

    @Override
    public void close() {
        LoopThread.end(thread, LONGEST_CLOSE);
    }
}
