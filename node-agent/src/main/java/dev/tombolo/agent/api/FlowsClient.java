package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.AgentGrpc;
import dev.tombolo.agent.v1.Flow;
import dev.tombolo.agent.v1.FlowsRequest;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.model.net.IpAddress;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Asks the agent of this node for its flows and prints each as a line, for a command line elsewhere to read. */
public final class FlowsClient {
    private final Path socket;
    private final PrintStream out;
    private final PrintStream err;

    public FlowsClient(Path socket, PrintStream out, PrintStream err) {
        this.socket = socket;
        this.out = out;
        this.err = err;
    }

    /** Returns when there are no more, or when nobody reads what is printed. */
    public void print(FlowsRequest request) throws IOException {
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop)
                .usePlaintext()
                .build();
        try {
            var flows = AgentGrpc.newBlockingStub(channel).flows(request);
            while (!out.checkError() && flows.hasNext()) {
                print(flows.next());
            }
        } catch (StatusRuntimeException refused) {
            throw new IOException(said(refused), refused);
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully();
        }
    }

    private void print(Flow flow) {
        if (flow.getMissed() > 0) {
            err.println(flow.getMissed() + " flows came faster than they were read, and are missing here");
        } else {
            out.println(flow(flow).line());
        }
    }

    private String said(StatusRuntimeException refused) {
        var status = refused.getStatus();
        return switch (status.getCode()) {
            case INVALID_ARGUMENT -> status.getDescription();
            case UNAVAILABLE -> "no agent answers at " + socket + ": see that the agent of this node runs";
            case UNIMPLEMENTED -> "the agent of this node is of a version that tells of no flows; upgrade it";
            default -> "the agent at " + socket + " says " + text(status);
        };
    }

    private static String text(Status status) {
        return status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    }

    private static EgressFlow flow(Flow flow) {
        return new EgressFlow(
                Instant.ofEpochSecond(flow.getTimeUnixSeconds(), flow.getTimeNanos()),
                flow.getNode(),
                flow.getPod(),
                end(flow.getSource()),
                end(flow.getDestination()),
                flow.getProtocol(),
                flow.getEgress().getAddress().isEmpty() ? Optional.empty() : Optional.of(end(flow.getEgress())),
                flow.getPolicy(),
                flow.getReason(),
                flow.getHook(),
                flow.getWithheld());
    }

    private static EgressFlow.End end(Flow.End end) {
        return new EgressFlow.End(IpAddress.parse(end.getAddress()), end.getPort());
    }
}
