package dev.tombolo.agent.egress;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressPlan;
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
final class EgressPlanning {
    private static final Logger LOG = LoggerFactory.getLogger(EgressPlanning.class);

    private final EgressNumbersFile file;
    private final KnownOwners owners;
    private final Supplier<NumbersInUse> inUse;
    private EgressNumbers numbers;

    /** @param inUse what rows in the kernel have, now and at each plan */
    EgressPlanning(EgressNumbersFile file, KnownOwners owners, Supplier<NumbersInUse> inUse) {
        this.file = file;
        this.owners = owners;
        this.inUse = inUse;
        numbers = inUse.get().with(file.read());
    }

    EgressProgram program(
            EgressState heard, Collection<PeerRequests> peers, Map<String, EgressPolicyObject.Version> versions) {
        var state = owners.with(heard);
        var decisions = PeerRequestsPlan.join(state, EgressPlan.decide(state), peers);
        number(state, decisions);
        return new EgressProgram(state, versions, decisions, numbers, EgressPlan.rows(decisions, numbers));
    }

    /** In the file before in any row. */
    private void number(EgressState state, EgressDecisions decisions) {
        var next = numbers.next(state, decisions, inUse.get().after(numbers));
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
