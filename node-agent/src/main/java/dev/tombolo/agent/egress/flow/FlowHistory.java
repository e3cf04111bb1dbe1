package dev.tombolo.agent.egress.flow;

import dev.tombolo.agent.api.Flows;
import dev.tombolo.egress.flow.EgressFlow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;

/** The last flows of this node, in memory only. Safe for many threads. */
public final class FlowHistory implements Flows {
    public static final int CAPACITY = 4096;

    private final EgressFlow[] flows = new EgressFlow[CAPACITY];
    private final Supplier<FlowNames> names;
    private long next;

    /** @param names of pods that were not known yet when their flow was added: a new pod's are the most interesting */
    public FlowHistory(Supplier<FlowNames> names) {
        this.names = names;
    }

    synchronized void add(EgressFlow flow) {
        flows[(int) (next % CAPACITY)] = flow;
        next++;
        notifyAll();
    }

    @Override
    public synchronized long oldest() {
        return Math.max(0, next - CAPACITY);
    }

    @Override
    public Part from(long number) {
        var now = names.get();
        var part = unnamed(number);
        return new Part(part.flows().stream().map(flow -> named(flow, now)).toList(), part.next(), part.missed());
    }

    private synchronized Part unnamed(long number) {
        long first = Math.max(number, oldest());
        var found = new ArrayList<EgressFlow>();
        for (long i = first; i < next; i++) {
            found.add(flows[(int) (i % CAPACITY)]);
        }
        return new Part(found, next, first - number);
    }

    private static EgressFlow named(EgressFlow flow, FlowNames now) {
        return flow.pod().isEmpty() ? flow.withPod(now.pod(flow.source().address())) : flow;
    }

    @Override
    public synchronized void await(long number, Duration longest) throws InterruptedException {
        if (next <= number) {
            wait(longest.toMillis());
        }
    }
}
