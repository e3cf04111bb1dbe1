package dev.tombolo.reconciler.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FullDifferenceTest {
    @Test
    void whatIsThereIsComparedWithWhatWasKnownAndWithWhatShouldBe() {
        var difference = FullDifference.of(
                rows(Map.of("same", 1, "other", 1, "missing", 1, "new", 1)),
                rows(Map.of("same", 1, "other", 1, "missing", 1, "over", 1)),
                Map.of("same", 1, "other", 9, "over", 1, "foreign", 9),
                Set.of());
        assertThat(difference.found()).isEqualTo(Map.of("other", 9, "foreign", 9));
        assertThat(difference.lost()).containsExactly("missing");
        assertThat(difference.gone()).containsExactlyInAnyOrder("over", "foreign");
        assertThat(difference.puts()).isEqualTo(Map.of("other", 1, "missing", 1, "new", 1));
    }

    /** It may have been read before the change or after it: then it is neither found nor lost, and is made once more. */
    @Test
    void whatWasReadOfARowThatChangedMeanwhileIsNotBelieved() {
        var difference = FullDifference.of(
                rows(Map.of("written", 2, "same", 1)),
                rows(Map.of("written", 2, "same", 1, "kept", 1)),
                Map.of("same", 1, "removed", 1),
                Set.of("written", "removed", "kept"));
        assertThat(difference.found()).isEmpty();
        assertThat(difference.lost()).isEmpty();
        assertThat(difference.gone()).containsExactlyInAnyOrder("removed", "kept");
        assertThat(difference.puts()).isEqualTo(Map.of("written", 2));
    }

    private static Snapshot<String, Integer> rows(Map<String, Integer> rows) {
        var table = new Table<String, Integer>("rows");
        table.apply(rows, Set.of());
        return table.snapshot();
    }
}
