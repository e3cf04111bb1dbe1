package dev.tombolo.wireguard;

import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A device of wireguard-go, by its socket. The socket lives in the file system and not in the network namespace, so
 * device names are unique across all namespaces that share the directory.
 */
public final class UserspaceWireGuard implements WireGuardDevice {
    public static final Path SOCKETS = Path.of("/var/run/wireguard");
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final String name;
    private final UapiSocket socket;

    public UserspaceWireGuard(Path sockets, String name) {
        this.name = name;
        socket = new UapiSocket(sockets.resolve(name + ".sock"), ANSWER);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<DeviceState> read() throws IOException {
        var answer = socket.exchange(UapiText.GET);
        if (answer.isPresent()) {
            check(answer.get(), "reading", object());
        }
        return answer.map(UapiText::state);
    }

    /** wireguard-go opens its port anew even when it is told the same one, so only a difference is sent. */
    @Override
    public synchronized void configure(PrivateKey privateKey, int port) throws IOException {
        var now = required();
        if (now.port() != port || !now.publicKey().equals(Optional.of(privateKey.publicKey()))) {
            send(UapiText.configure(privateKey, port), "configuring", object());
        }
    }

    @Override
    public synchronized void put(WireGuardPeer peer) throws IOException {
        var now = Optional.ofNullable(required().peers().get(peer.publicKey())).map(PeerState::peer);
        var delta = PeerDelta.between(now, peer);
        if (delta.touchesPeer() || !delta.removed().isEmpty()) {
            send(UapiText.change(delta), "changing", "peer " + peer.publicKey() + " at " + object());
        }
    }

    @Override
    public synchronized void remove(WireGuardKey publicKey) throws IOException {
        send(UapiText.removal(publicKey), "removing", "peer " + publicKey + " at " + object());
    }

    private DeviceState required() throws IOException {
        return read().orElseThrow(this::absent);
    }

    private void send(String request, String operation, String object) throws IOException {
        check(socket.exchange(request).orElseThrow(this::absent), operation, object);
    }

    private static void check(String answer, String operation, String object) throws IOException {
        int errno = UapiText.errno(answer);
        if (errno != 0) {
            throw new WireGuardException(operation, object, errno);
        }
    }

    private IOException absent() {
        return new IOException("no user-space WireGuard answers at " + socket.path());
    }

    private String object() {
        return "WireGuard device " + name;
    }
}
