package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.Flow;
import dev.tombolo.agent.v1.FlowsRequest;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;

/** Asks the agent of this node for its flows and prints each as a line, for a command line elsewhere to read. */
public final class FlowsClient {
    private final AgentSocket socket;
    private final PrintStream out;
    private final PrintStream err;

    FlowsClient(AgentSocket socket, PrintStream out, PrintStream err) {
        this.socket = socket;
        this.out = out;
        this.err = err;
    }

    /** Returns when there are no more, or when nobody reads what is printed. */
    public void print(FlowsRequest request) throws IOException {
        socket.ask(agent -> {
            var flows = agent.flows(request);
            while (!out.checkError() && flows.hasNext()) {
                print(flows.next());
            }
        });
    }

    private void print(Flow flow) {
        if (flow.getMissed() > 0) {
            err.println(flow.getMissed() + " flows came faster than they were read, and are missing here");
        } else {
            out.println(flow(flow).line());
        }
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
