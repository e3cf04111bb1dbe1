package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfRing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What the programs of the egress gateway tell of flows, and the names that C has for it. For one thread. */
public final class EgressEvents implements AutoCloseable {
    private final BpfRing<EgressEvent> ring;
    private final Map<Integer, String> reasons;
    private final Map<Integer, String> hooks;

    private EgressEvents(BpfRing<EgressEvent> ring, Map<Integer, String> reasons, Map<Integer, String> hooks) {
        this.ring = ring;
        this.reasons = reasons;
        this.hooks = hooks;
    }

    public static EgressEvents of(BpfObject object) throws BpfException {
        return new EgressEvents(
                object.ring("eg_events", EgressEvent.class, "egress_event"),
                byNumber(object.btf().enumValues("verdict_reason")),
                byNumber(object.btf().enumValues("hook")));
    }

    private static Map<Integer, String> byNumber(Map<String, Integer> names) {
        var byNumber = new HashMap<Integer, String>();
        names.forEach((name, number) -> byNumber.put(number, name));
        return byNumber;
    }

    /** Takes what was told since; returns how many that were. */
    public int read(Consumer<EgressEvent> taker) throws BpfException {
        return ring.read(taker);
    }

    public String reason(EgressEvent event) {
        return reasons.getOrDefault(event.reason(), "REASON_" + event.reason());
    }

    public String hook(EgressEvent event) {
        return hooks.getOrDefault(event.hook(), "HOOK_" + event.hook());
    }

    @Override
    public void close() {
        ring.close();
    }
}
