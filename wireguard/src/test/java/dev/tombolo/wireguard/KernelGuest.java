package dev.tombolo.wireguard;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The kernel back end, tried inside a virtual machine whose kernel has the module (src/test/kernels/run). Its
 * init made namespaces a and b, joined by a wire with 172.31.0.1 and 172.31.0.2. Prints PASS or FAIL lines.
 */
final class KernelGuest {
    private static final Prefix PODS = Prefix.parse("10.2.0.0/24");
    private static final Prefix MORE = Prefix.parse("10.2.1.0/24");
    private static final Prefix V6 = Prefix.parse("fd00:2::/64");
    private static final int PORT = 51_871;
    /** More than the first guess of the state's size holds. */
    private static final int MANY = 600;

    private final KernelWireGuard a = device("a");
    private final KernelWireGuard b = device("b");
    private final PrivateKey keyOfA = PrivateKey.generate();
    private final PrivateKey keyOfB = PrivateKey.generate();

    private interface Check {
        void run() throws IOException;
    }

    private KernelGuest() {}

    public static void main(String[] arguments) {
        var guest = new KernelGuest();
        boolean held = check("the back end is found to be the kernel", guest::backend)
                & check("a peer reads back as it was written", guest::program)
                & check("pods are reached by the tunnel", guest::reach)
                & check("allowed IPs change by their difference on a live peer", guest::changeRanges)
                & check("an allowed IP moves to another peer in one step", guest::moveRange)
                & check("six hundred peers are programmed and read back", guest::manyPeers)
                & check("refusals are sentences", guest::refusals)
                & check("deleting twice leaves nothing", guest::delete);
        System.exit(held ? 0 : 1);
    }

    private static boolean check(String what, Check check) {
        try {
            check.run();
            System.out.println("PASS " + what);
            return true;
        } catch (IOException | RuntimeException | AssertionError e) {
            System.out.println("FAIL " + what + ": " + e);
            return false;
        }
    }

    private static KernelWireGuard device(String namespace) {
        return new KernelWireGuard(Optional.of(Path.of("/run/netns", namespace)), "tombolo-wg0");
    }

    private void backend() {
        var found = WireGuardBackend.detect();
        require(found instanceof WireGuardBackend.Kernel, found);
    }

    private void program() throws IOException {
        for (var device : new KernelWireGuard[] {a, b}) {
            device.create();
            device.create();
        }
        a.configure(keyOfA, PORT);
        b.configure(keyOfB, PORT);
        a.put(peerB(Set.of(PODS)));
        b.put(new WireGuardPeer(
                keyOfA.publicKey(), endpoint("172.31.0.1"), Set.of(Prefix.parse("100.64.0.1")), Duration.ZERO));
        var state = a.read().orElseThrow();
        require(state.publicKey().equals(Optional.of(keyOfA.publicKey())) && state.port() == PORT, state);
        require(seenByA().peer().equals(peerB(Set.of(PODS))), seenByA());
        addresses("a", "100.64.0.1", "10.2.0.0/16");
        addresses("b", "10.2.0.1", "100.64.0.1/32");
        run("b", "ip addr add 10.2.1.1/32 dev lo");
    }

    private static void addresses(String namespace, String address, String route) throws IOException {
        require(run(namespace, "ip addr add " + address + "/32 dev tombolo-wg0"), address);
        require(run(namespace, "ip link set tombolo-wg0 mtu 1380 up"), "up");
        require(run(namespace, "ip route add " + route + " dev tombolo-wg0"), route);
    }

    private void reach() throws IOException {
        // The first handshake may have been sent before the other end was up; WireGuard tries again after 5 s.
        boolean answered = false;
        for (int attempt = 0; attempt < 6 && !answered; attempt++) {
            answered = pings("10.2.0.1");
        }
        require(answered, "no answer");
        require(seenByA().lastHandshake().isPresent() && seenByA().rxBytes() > 0, seenByA());
    }

    private void changeRanges() throws IOException {
        var handshake = seenByA().lastHandshake();
        require(!pings("10.2.1.1"), "an address outside of the ranges answered");
        a.put(peerB(Set.of(PODS, MORE, V6)));
        require(pings("10.2.1.1"), "the added range gave no answer");
        a.put(peerB(Set.of(PODS, V6)));
        require(!pings("10.2.1.1"), "the removed range answered");
        require(pings("10.2.0.1"), "the range that stayed gave no answer");
        require(seenByA().peer().allowedIps().equals(new TreeSet<>(Set.of(PODS, V6))), seenByA());
        require(seenByA().lastHandshake().equals(handshake), "there was another handshake");
        require(a.read().orElseThrow().peers().size() == 1, "ranges are still parked");
    }

    private void moveRange() throws IOException {
        var other = PrivateKey.generate().publicKey();
        a.put(new WireGuardPeer(other, Optional.empty(), Set.of(PODS), Duration.ofSeconds(25)));
        require(!seenByA().peer().allowedIps().contains(PODS), seenByA());
        a.remove(other);
        a.remove(other);
        a.put(peerB(Set.of(PODS)));
        require(pings("10.2.0.1"), "no answer after the range came back");
    }

    private void manyPeers() throws IOException {
        for (int i = 0; i < MANY; i++) {
            var range = Prefix.parse("10." + (100 + i / 250) + "." + i % 250 + ".0/24");
            var key = PrivateKey.generate().publicKey();
            a.put(new WireGuardPeer(key, Optional.empty(), Set.of(range), Duration.ZERO));
        }
        require(
                a.read().orElseThrow().peers().size() == MANY + 1,
                a.read().orElseThrow().peers().size());
    }

    private void refusals() {
        try {
            device("nosuch").configure(keyOfA, PORT);
            require(false, "a namespace that is not there was taken");
        } catch (IOException e) {
            require(
                    e.getMessage()
                            .equals("configuring of WireGuard device tombolo-wg0 refused: ENOENT (no such thing)"),
                    e);
        }
    }

    private void delete() throws IOException {
        a.delete();
        a.delete();
        require(a.read().isEmpty(), "the device is still there");
    }

    private WireGuardPeer peerB(Set<Prefix> ranges) {
        return new WireGuardPeer(keyOfB.publicKey(), endpoint("172.31.0.2"), ranges, Duration.ofSeconds(20));
    }

    private PeerState seenByA() throws IOException {
        return a.read().orElseThrow().peers().get(keyOfB.publicKey());
    }

    private static Optional<SocketEndpoint> endpoint(String address) {
        return Optional.of(SocketEndpoint.parse(address + ":" + PORT));
    }

    private static boolean pings(String address) throws IOException {
        return run("a", "busybox ping -c 1 -W 3 " + address);
    }

    private static boolean run(String namespace, String words) throws IOException {
        var process = new ProcessBuilder(("/bin/ip netns exec " + namespace + " " + words).split(" "))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void require(boolean held, Object seen) {
        if (!held) {
            throw new AssertionError(seen);
        }
    }
}
