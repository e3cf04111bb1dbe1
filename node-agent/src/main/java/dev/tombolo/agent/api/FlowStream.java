package dev.tombolo.agent.api;

import dev.tombolo.agent.v1.Flow;
import dev.tombolo.agent.v1.FlowsRequest;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.egress.flow.FlowFilter;
import dev.tombolo.egress.flow.Verdict;
import dev.tombolo.model.net.Prefix;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers one request for flows, on the thread of the call, which may wait as long as the reader is there. */
final class FlowStream {
    /** Also how long a reader that went away, or one that does not read, keeps the call. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Flows flows;
    private final FlowsRequest request;
    private final FlowFilter filter;
    private final ServerCallStreamObserver<Flow> reader;

    private FlowStream(Flows flows, FlowsRequest request, FlowFilter filter, ServerCallStreamObserver<Flow> reader) {
        this.flows = flows;
        this.request = request;
        this.filter = filter;
        this.reader = reader;
    }

    static void serve(Flows flows, FlowsRequest request, ServerCallStreamObserver<Flow> reader, Clock clock) {
        try {
            new FlowStream(flows, request, filter(request, clock), reader).serve();
        } catch (IllegalArgumentException misread) {
            reader.onError(Status.INVALID_ARGUMENT
                    .withDescription(misread.getMessage())
                    .asRuntimeException());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static FlowFilter filter(FlowsRequest request, Clock clock) {
        return new FlowFilter(
                Optional.of(request.getPod()).filter(pod -> !pod.isEmpty()),
                Optional.of(request.getTo()).filter(to -> !to.isEmpty()).map(Prefix::parse),
                Optional.of(request.getVerdict())
                        .filter(verdict -> !verdict.isEmpty())
                        .map(Verdict::valueOf),
                request.getSinceSeconds() == 0
                        ? Optional.empty()
                        : Optional.of(clock.instant().minusSeconds(request.getSinceSeconds())));
    }

    private void serve() throws InterruptedException {
        var part = flows.from(flows.oldest());
        var known = accepted(part);
        int last = request.getLast() == 0 ? known.size() : Math.min(known.size(), request.getLast());
        send(known.subList(known.size() - last, known.size()));
        long next = part.next();
        while (request.getFollow() && !reader.isCancelled()) {
            flows.await(next, LOOK_AGAIN);
            part = flows.from(next);
            next = part.next();
            if (part.missed() > 0) {
                reader.onNext(Flow.newBuilder().setMissed(part.missed()).build());
            }
            send(accepted(part));
        }
        if (!reader.isCancelled()) {
            reader.onCompleted();
        }
    }

    private List<EgressFlow> accepted(Flows.Part part) {
        return new ArrayList<>(part.flows().stream().filter(filter::accepts).toList());
    }

    /** A reader that does not keep up waits here and misses flows later, instead of having them all kept for it. */
    private void send(List<EgressFlow> some) throws InterruptedException {
        for (var flow : some) {
            while (!reader.isReady() && !reader.isCancelled()) {
                Thread.sleep(LOOK_AGAIN.dividedBy(20));
            }
            if (reader.isCancelled()) {
                return;
            }
            reader.onNext(message(flow));
        }
    }

    private static Flow message(EgressFlow flow) {
        return Flow.newBuilder()
                .setTimeUnixSeconds(flow.time().getEpochSecond())
                .setTimeNanos(flow.time().getNano())
                .setNode(flow.node())
                .setPod(flow.pod())
                .setSource(end(flow.source()))
                .setDestination(end(flow.destination()))
                .setProtocol(flow.protocol())
                .setEgress(flow.egress().map(FlowStream::end).orElse(Flow.End.getDefaultInstance()))
                .setPolicy(flow.policy())
                .setReason(flow.reason())
                .setHook(flow.hook())
                .setWithheld(flow.withheld())
                .build();
    }

    private static Flow.End end(EgressFlow.End end) {
        return Flow.End.newBuilder()
                .setAddress(end.address().toString())
                .setPort(end.port())
                .build();
    }
}
