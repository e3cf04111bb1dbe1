package dev.tombolo.agent.egress.flow;

import dev.tombolo.bpf.egress.EgressEvent;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.egress.flow.EgressFlow.End;
import dev.tombolo.model.net.IpAddress;
import java.util.Optional;

/** From what the kernel tells to what users are shown. */
final class FlowPlan {
    private static final IpAddress NONE = new IpAddress(0, 0);
    private static final String FORWARDED = "FORWARDED";

    private FlowPlan() {}

    static EgressFlow flow(EgressEvent event, String reason, String hook, FlowNames names, Moment moment) {
        return new EgressFlow(
                moment.of(event.time()),
                names.node(),
                names.pod(event.near()),
                new End(event.near(), event.nearPort()),
                new End(event.far(), event.farPort()),
                event.protocol(),
                event.address().equals(NONE) ? Optional.empty() : Optional.of(new End(event.address(), event.port())),
                names.policy(event.policyId()),
                reason.equals(FORWARDED) ? "" : reason,
                hook,
                event.withheld());
    }
}
