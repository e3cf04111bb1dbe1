package dev.tombolo.benchmarks.bgp;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** GoBGP, asked by its own API over a unix socket, without a program of the command line in between. */
final class GobgpAnnouncer implements Announcer {
    static final Path PROGRAM = Path.of("/usr/bin/gobgpd");
    private static final int BATCH = 100;

    private final Process process;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;
    private final Path socket;
    private long failed;

    GobgpAnnouncer(Network network, int routers) throws IOException {
        socket = network.directory().resolve("gobgp.sock");
        var file = Files.writeString(network.directory().resolve("gobgp.toml"), configuration(routers));
        process = network.onNode(
                Map.of(),
                "gobgp.log",
                List.of(
                        PROGRAM.toString(),
                        "-f",
                        file.toString(),
                        "--api-hosts=unix://" + socket,
                        "--pprof-disable",
                        "-l",
                        "error"));
        Waiting.until("GoBGP", () -> Files.exists(socket));
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop)
                .usePlaintext()
                .build();
    }

    private static String configuration(int routers) {
        var text = new StringBuilder("[global.config]\nas = %d\nrouter-id = \"%s\"\nport = -1\n"
                .formatted(Network.OUR_SYSTEM, Network.NODE));
        for (int i = 0; i < routers; i++) {
            text.append("""
                    [[neighbors]]
                    [neighbors.config]
                    neighbor-address = "%s"
                    peer-as = %d
                    [neighbors.transport.config]
                    local-address = "%s"
                    [neighbors.timers.config]
                    connect-retry = 1
                    hold-time = 9
                    keepalive-interval = 3
                    """.formatted(Network.router(i), Network.systemOf(i), Network.NODE));
        }
        return text.toString();
    }

    @Override
    public void announce(int from, int count) {
        if (count == 1) {
            call("AddPath", GobgpMessages.add(from));
        } else {
            stream(from, count, false);
        }
    }

    @Override
    public void withdraw(int from, int count) {
        if (count == 1) {
            call("DeletePath", GobgpMessages.delete(from));
        } else {
            stream(from, count, true);
        }
    }

    private void call(String name, byte[] request) {
        ClientCalls.blockingUnaryCall(
                channel, method(MethodDescriptor.MethodType.UNARY, name), CallOptions.DEFAULT, request);
    }

    private void stream(int from, int count, boolean withdrawn) {
        var answer = new Answer();
        var requests = ClientCalls.asyncClientStreamingCall(
                channel.newCall(
                        method(MethodDescriptor.MethodType.CLIENT_STREAMING, "AddPathStream"), CallOptions.DEFAULT),
                answer);
        for (int i = 0; i < count; i += BATCH) {
            requests.onNext(GobgpMessages.addAll(from + i, Math.min(BATCH, count - i), withdrawn));
        }
        requests.onCompleted();
        failed += answer.failures();
    }

    private static MethodDescriptor<byte[], byte[]> method(MethodDescriptor.MethodType type, String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName("apipb.GobgpApi/" + name)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    @Override
    public long errors() {
        return failed;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        process.destroyForcibly().onExit().join();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static final class Answer implements StreamObserver<byte[]> {
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile int failures;

        @Override
        public void onNext(byte[] empty) {}

        @Override
        public void onError(Throwable failure) {
            failures = 1;
            done.countDown();
        }

        @Override
        public void onCompleted() {
            done.countDown();
        }

        int failures() {
            try {
                return done.await(Waiting.LONGEST.toSeconds(), TimeUnit.SECONDS) ? failures : 1;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return 1;
            }
        }
    }
}
