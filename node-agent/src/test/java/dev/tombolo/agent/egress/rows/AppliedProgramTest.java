package dev.tombolo.agent.egress.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.derive.Replan;
import dev.tombolo.reconciler.table.Table;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AppliedProgramTest {
    private static final EgressKey ONE = new EgressKey.Internal(Prefix.parse("10.1.0.0/16"));
    private static final EgressKey TWO = new EgressKey.Internal(Prefix.parse("10.2.0.0/16"));
    private static final Packed ROW = new Row(1);
    private static final Packed OTHER = new Row(2);

    private record Row(int content) implements Packed {
        @Override
        public void writeTo(FieldWriter fields) {
            fields.put(content);
        }
    }

    private final Table<EgressKey, Packed> applied = new Table<>("egress rows (applied)");
    private final AppliedProgram carriedOut = new AppliedProgram(applied);
    private final EgressProgram first = new TwoNodes().program();
    private final EgressProgram second = new TwoNodes().program();

    @Test
    void aProgramIsCarriedOutOnceAllOfItsRowsAreThere() {
        carriedOut.planned(first, Map.of(ONE, ROW, TWO, ROW));
        applied.put(ONE, ROW);
        applied.markInitialized();
        assertThat(carriedOut.now()).isEmpty();
        applied.put(TWO, OTHER);
        assertThat(carriedOut.now()).isEmpty();
        applied.put(TWO, ROW);
        assertThat(carriedOut.now()).containsSame(first);
    }

    @Test
    void theOneBeforeIsClaimedWhileRowsOfTheNextAreWritten() {
        applied.apply(Map.of(ONE, ROW), Set.of());
        applied.markInitialized();
        carriedOut.planned(first, Map.of(ONE, ROW));
        assertThat(carriedOut.now()).containsSame(first);
        carriedOut.planned(second, Map.of(TWO, ROW));
        assertThat(carriedOut.now()).containsSame(first);
        applied.put(TWO, ROW);
        assertThat(carriedOut.now()).as("a row of the one before is left").containsSame(first);
        applied.remove(ONE);
        assertThat(carriedOut.now()).containsSame(second);
    }

    @Test
    void whatTheKernelHadBeforeItWasReadIsNotClaimed() {
        carriedOut.planned(first, Map.of());
        assertThat(carriedOut.now()).isEmpty();
        applied.markInitialized();
        assertThat(carriedOut.now()).containsSame(first);
    }

    @Test
    void aChangeIsCarriedOutOnceWhatItChangesIsThere() {
        applied.apply(Map.of(ONE, ROW, TWO, ROW), Set.of());
        applied.markInitialized();
        carriedOut.planned(first, Map.of(ONE, ROW, TWO, ROW));

        carriedOut.changed(second, new Replan.Changes<>(Map.of(ONE, OTHER), Set.of(TWO)));

        assertThat(carriedOut.now()).containsSame(first);
        applied.put(ONE, OTHER);
        assertThat(carriedOut.now()).as("a row of the one before is left").containsSame(first);
        applied.remove(TWO);
        assertThat(carriedOut.now()).containsSame(second);
    }

    @Test
    void aChangeOfWhatIsNotThereYetWaitsForAllOfIt() {
        carriedOut.planned(first, Map.of(ONE, ROW, TWO, ROW));
        carriedOut.changed(second, new Replan.Changes<>(Map.of(TWO, OTHER), Set.of()));
        applied.apply(Map.of(TWO, OTHER), Set.of());
        applied.markInitialized();
        assertThat(carriedOut.now()).isEmpty();
        applied.put(ONE, ROW);
        assertThat(carriedOut.now()).containsSame(second);
    }
}
