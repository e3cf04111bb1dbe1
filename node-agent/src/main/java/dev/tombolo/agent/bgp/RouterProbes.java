package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Connects to the ports of routers that do not speak with this node, now and then, to tell a router that refuses from one that
 * cannot be reached. A router that speaks is left alone.
 */
final class RouterProbes implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Supplier<Collection<BgpPeer>> mute;
    private final Map<PeerId, RouterAnswer> answers = new ConcurrentHashMap<>();
    private final Watch watch;

    /** @param mute the peers of which nothing is heard */
    RouterProbes(Supplier<Collection<BgpPeer>> mute) {
        this.mute = mute;
        watch = Watch.start("look for routers", "routers that are silent are not looked for", this::next);
    }

    private void next() throws InterruptedException {
        look();
        Thread.sleep(INTERVAL);
    }

    private void look() {
        var now = new HashMap<PeerId, RouterAnswer>();
        for (var peer : mute.get()) {
            now.put(peer.id(), ask(peer));
        }
        answers.keySet().retainAll(now.keySet());
        answers.putAll(now);
    }

    static RouterAnswer ask(BgpPeer peer) {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(
                    InetAddress.getByAddress(peer.localAddress().familyBytes()), 0));
            var router = InetAddress.getByAddress(peer.peerAddress().familyBytes());
            socket.connect(new InetSocketAddress(router, peer.peerPort()), (int) LONGEST.toMillis());
            return new RouterAnswer.Taken();
        } catch (SocketTimeoutException silent) {
            return new RouterAnswer.Silent();
        } catch (ConnectException refused) {
            return String.valueOf(refused.getMessage()).contains("refused")
                    ? new RouterAnswer.Refused()
                    : new RouterAnswer.NoWay(String.valueOf(refused.getMessage()));
        } catch (IOException noWay) {
            return new RouterAnswer.NoWay(String.valueOf(noWay.getMessage()));
        }
    }

    /** Empty where it was not looked for. */
    Optional<RouterAnswer> of(PeerId peer) {
        return Optional.ofNullable(answers.get(peer));
    }

    @Override
    public void close() {
        watch.close();
    }
}
