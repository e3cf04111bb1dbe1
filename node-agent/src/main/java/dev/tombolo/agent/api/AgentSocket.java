package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.AgentGrpc;
import dev.tombolo.agent.v1.AgentGrpc.AgentBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The agent of this node, asked by a command in its container.
 *
 * @param tells what one of an older version does not, for the message about it
 */
record AgentSocket(Path socket, String tells) {
    /** To be called by commands whose output is read: what libraries have to say would stand between. */
    static AgentSocket quietly(Map<String, String> environment, String tells) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        Logger.getLogger("").setLevel(Level.OFF);
        return new AgentSocket(
                Path.of(environment.getOrDefault("TOMBOLO_RUN_DIR", "/run/tombolo"), "agent.sock"), tells);
    }

    void ask(Consumer<AgentBlockingStub> question) throws IOException {
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop)
                .usePlaintext()
                .build();
        try {
            question.accept(AgentGrpc.newBlockingStub(channel));
        } catch (StatusRuntimeException refused) {
            throw new IOException(said(refused), refused);
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully();
        }
    }

    private String said(StatusRuntimeException refused) {
        var status = refused.getStatus();
        return switch (status.getCode()) {
            case INVALID_ARGUMENT -> status.getDescription();
            case UNAVAILABLE -> "no agent answers at " + socket + ": see that the agent of this node runs";
            case UNIMPLEMENTED -> "the agent of this node is of a version that tells of no " + tells + "; upgrade it";
            default -> "the agent at " + socket + " says " + text(status);
        };
    }

    private static String text(Status status) {
        return status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    }
}
