package dev.tombolo.agent.egress.rows;

import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.Packed;
import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressRows;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayChoice;
import dev.tombolo.egress.plan.GroupKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.derive.Replan;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The rows that {@link EgressRowPlan} plans, as what differs from those before. What is not of pods is planned as a whole,
 * unless nothing changed but pods; a pod's row is looked at only where the pod is in another set.
 */
public final class RowReplan implements Replan<EgressKey, Packed> {
    private final Supplier<Optional<Inputs>> now;
    private final AppliedProgram carriedOut;
    private Optional<Planned> last = Optional.empty();

    /** What rows are made from. */
    public record Inputs(
            NodeId self,
            EgressProgram program,
            NodeNetwork network,
            Set<String> carriers,
            Set<Prefix> internal,
            PathSizes sizes) {}

    /** All that rows depend on but the pods; of those which of a node's own sets they are in. */
    private record Frame(
            EgressState state,
            Map<GroupKey, GatewayChoice> gateways,
            Map<IpAddress, EgressDecisions.Holder> holders,
            EgressNumbers numbers,
            Map<EgressRows.RuleKey, EgressRows.Rule> rules,
            Set<NodeId> leaving,
            NodeNetwork network,
            Set<String> carriers,
            Set<Prefix> internal,
            PathSizes sizes,
            boolean everyPod,
            Set<EgressRows.SetId> sets) {
        static Frame of(Inputs inputs, SourceRows sources) {
            var program = inputs.program();
            return new Frame(
                    program.state().withoutPods(),
                    program.decisions().gateways(),
                    program.decisions().holders(),
                    program.numbers(),
                    program.rows().rules(),
                    Set.copyOf(program.leaving().keySet()),
                    inputs.network(),
                    inputs.carriers(),
                    inputs.internal(),
                    inputs.sizes(),
                    sources.own().isEmpty(),
                    sources.sets());
        }
    }

    private record Planned(Frame frame, SourceRows sources, Map<EgressKey, Packed> others) {
        static Planned of(Inputs inputs, Optional<Planned> before) {
            var sources = SourceRows.of(inputs.self(), inputs.program());
            var frame = Frame.of(inputs, sources);
            return new Planned(
                    frame,
                    sources,
                    before.filter(planned -> planned.frame().equals(frame))
                            .map(Planned::others)
                            .orElseGet(() -> EgressRowPlan.others(
                                    inputs.self(),
                                    inputs.program(),
                                    sources,
                                    inputs.network(),
                                    inputs.carriers(),
                                    inputs.internal(),
                                    inputs.sizes())));
        }
    }

    /** @param now empty while something is not known */
    public RowReplan(Supplier<Optional<Inputs>> now, AppliedProgram carriedOut) {
        this.now = now;
        this.carriedOut = carriedOut;
    }

    @Override
    public Map<EgressKey, Packed> all() {
        var inputs = now.get();
        if (inputs.isEmpty()) {
            last = Optional.empty();
            return Map.of();
        }
        var planned = Planned.of(inputs.get(), Optional.empty());
        var rows = EgressRowPlan.rows(planned.others(), planned.sources());
        carriedOut.planned(inputs.get().program(), rows);
        last = Optional.of(planned);
        return rows;
    }

    /** Rows stay as they are while something is not known. */
    @Override
    public Changes<EgressKey, Packed> changes() {
        var inputs = now.get();
        if (inputs.isEmpty()) {
            return new Changes<>(Map.of(), Set.of());
        }
        if (last.isEmpty()) {
            return new Changes<>(all(), Set.of());
        }
        var planned = Planned.of(inputs.get(), last);
        // Sources come in order, which a table need not bring them into then.
        var changes = new Changes<EgressKey, Packed>(new LinkedHashMap<>(), new HashSet<>());
        addOthers(last.get().others(), planned.others(), changes);
        addSources(last.get().sources(), planned.sources(), changes);
        carriedOut.changed(inputs.get().program(), changes);
        last = Optional.of(planned);
        return changes;
    }

    private static void addOthers(
            Map<EgressKey, Packed> before, Map<EgressKey, Packed> after, Changes<EgressKey, Packed> changes) {
        if (before == after) {
            return;
        }
        after.forEach((key, row) -> {
            if (!row.equals(before.get(key))) {
                changes.puts().put(key, row);
            }
        });
        before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(changes.removals()::add);
    }

    private static void addSources(SourceRows before, SourceRows after, Changes<EgressKey, Packed> changes) {
        for (var address : after.since(before)) {
            var row = after.row(address);
            if (!Objects.equals(before.row(address), row)) {
                var key = new EgressKey.Source(address);
                row.ifPresentOrElse(
                        now -> changes.puts().put(key, now),
                        () -> changes.removals().add(key));
            }
        }
    }
}
