package dev.tombolo.agent.egress.program;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressReplan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.PeerRequests;
import dev.tombolo.egress.plan.PeerRequestsPlan;
import dev.tombolo.kube.object.EgressPolicyObject;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the program, and remembers the numbers that it gave, and who owned what. Confined to the thread that plans. */
public final class EgressPlanning {
    private static final Logger LOG = LoggerFactory.getLogger(EgressPlanning.class);

    private final EgressNumbersFile file;
    private final KnownOwners owners;
    private final Supplier<NumbersInUse> inUse;
    private EgressNumbers numbers;
    private EgressReplan replan = new EgressReplan();

    /** @param inUse what rows in the kernel have, now and at each plan */
    public EgressPlanning(EgressNumbersFile file, KnownOwners owners, Supplier<NumbersInUse> inUse) {
        this.file = file;
        this.owners = owners;
        this.inUse = inUse;
        numbers = inUse.get().with(file.read());
    }

    /** @param peers what other clusters ask of this one */
    public EgressProgram program(
            EgressState heard, Collection<PeerRequests> peers, Map<String, EgressPolicyObject.Version> versions) {
        var state = owners.with(heard);
        try {
            var decisions = PeerRequestsPlan.join(state, replan.decide(state), peers);
            number(state, decisions);
            return new EgressProgram(state, versions, decisions, numbers, replan.rows(decisions, numbers));
        } catch (RuntimeException fault) {
            // What it remembers may be half of one state and half of another.
            replan = new EgressReplan();
            throw fault;
        }
    }

    /** In the file before in any row. */
    private void number(EgressState state, EgressDecisions decisions) {
        var next = numbers.next(state, decisions, NumbersInUse.after(numbers, inUse));
        if (next.equals(numbers)) {
            return;
        }
        numbers = next;
        try {
            file.write(next);
        } catch (IOException failure) {
            LOG.warn("{} cannot be written, so that a restart would move flows: {}", file.file(), failure.getMessage());
        }
    }
}
