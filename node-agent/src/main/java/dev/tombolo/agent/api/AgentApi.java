package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.AgentGrpc;
import dev.tombolo.agent.v1.BgpRoutesLine;
import dev.tombolo.agent.v1.BgpRoutesRequest;
import dev.tombolo.agent.v1.Flow;
import dev.tombolo.agent.v1.FlowsRequest;
import dev.tombolo.agent.v1.ServiceLine;
import dev.tombolo.agent.v1.ServiceRequest;
import dev.tombolo.agent.v1.StatusReply;
import dev.tombolo.agent.v1.StatusRequest;
import dev.tombolo.agent.v1.TablesReply;
import dev.tombolo.agent.v1.TablesRequest;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.service.ServiceName;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.concurrent.Executors;

/** The agent's API: gRPC on a unix socket of mode 0600 in a directory of mode 0700, for the same user only. */
public final class AgentApi implements AutoCloseable {
    private final Server server;
    private final EventLoopGroup loop;
    private final Path socket;

    private AgentApi(Server server, EventLoopGroup loop, Path socket) {
        this.server = server;
        this.loop = loop;
        this.socket = socket;
    }

    public static AgentApi serve(Path socket, Views views) throws IOException {
        Files.createDirectories(socket.getParent());
        Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwx------"));
        Files.deleteIfExists(socket);
        var loop = new SameUserLoop();
        var server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(new Service(views))
                .build()
                .start();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new AgentApi(server, loop, socket);
    }

    /** Loads what {@link #serve} needs and opens nothing. */
    public static void touch() throws IOException {
        var loop = new SameUserLoop();
        NettyServerBuilder.forAddress(new DomainSocketAddress("none"))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .addService(new Service(null))
                .build();
        loop.shutdownGracefully();
    }

    @Override
    public void close() throws IOException {
        server.shutdownNow();
        loop.shutdownGracefully();
        Files.deleteIfExists(socket);
    }

    private static final class Service extends AgentGrpc.AgentImplBase {
        private final Views views;

        Service(Views views) {
            this.views = views;
        }

        @Override
        public void status(StatusRequest request, StreamObserver<StatusReply> answer) {
            var reason = views.notReady();
            answer.onNext(StatusReply.newBuilder()
                    .setReady(reason.isEmpty())
                    .setReason(reason.orElse(""))
                    .setDetail(views.status())
                    .build());
            answer.onCompleted();
        }

        @Override
        public void tables(TablesRequest request, StreamObserver<TablesReply> answer) {
            var table = views.tables().get(request.getName());
            if (table == null) {
                answer.onError(Status.NOT_FOUND
                        .withDescription("no table \"" + request.getName() + "\"; there are "
                                + views.tables().keySet())
                        .asRuntimeException());
                return;
            }
            answer.onNext(TablesReply.newBuilder().setText(table.get()).build());
            answer.onCompleted();
        }

        @Override
        public void flows(FlowsRequest request, StreamObserver<Flow> reader) {
            FlowStream.serve(views.flows(), request, (ServerCallStreamObserver<Flow>) reader, Clock.systemUTC());
        }

        @Override
        public void service(ServiceRequest request, StreamObserver<ServiceLine> answer) {
            try {
                views.service(new ServiceName(request.getNamespace(), request.getName())).lines().stream()
                        .map(line -> ServiceLine.newBuilder().setText(line).build())
                        .forEach(answer::onNext);
                answer.onCompleted();
            } catch (IOException unreadable) {
                answer.onError(
                        Status.INTERNAL.withDescription(unreadable.getMessage()).asRuntimeException());
            }
        }

        @Override
        public void bgpRoutes(BgpRoutesRequest request, StreamObserver<BgpRoutesLine> answer) {
            try {
                views.routes(RoutesQuestion.parse(request.getWordsList())).lines().stream()
                        .map(line -> BgpRoutesLine.newBuilder().setText(line).build())
                        .forEach(answer::onNext);
                answer.onCompleted();
            } catch (IllegalArgumentException misread) {
                answer.onError(Status.INVALID_ARGUMENT
                        .withDescription(misread.getMessage())
                        .asRuntimeException());
            }
        }
    }
}
