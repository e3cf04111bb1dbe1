package dev.tombolo.reconciler.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table<String, Integer> table = new Table<>("letters");

    @Test
    void countsOnlyRealChanges() throws Exception {
        var told = new AtomicInteger();
        table.onChange(told::incrementAndGet);
        table.put("a", 1);
        long revision = table.snapshot().revision();
        table.put("a", 1);
        table.remove("b");
        table.replaceAll(Map.of("a", 1));
        assertThat(table.snapshot().revision()).isEqualTo(revision);
        assertThat(told).hasValue(1);
    }

    @Test
    void tellsATrackerThatIsTooFarBehindToReadEverything() {
        for (int i = 0; i < 10_000; i++) {
            table.put("a", i);
        }
        assertThat(table.changesSince(1).complete()).isFalse();
        var recent = table.changesSince(table.snapshot().revision() - 3);
        assertThat(recent.complete()).isTrue();
        assertThat(recent.keys()).isEqualTo(Set.of("a"));
    }

    @Test
    void isInitializedOnceAndForAll() {
        assertThat(table.initialized()).isFalse();
        table.markInitialized();
        table.replaceAll(Map.of());
        assertThat(table.snapshot().initialized()).isTrue();
    }

    @Test
    void showsRowsInAlignedColumns() {
        record Peer(String name, Integer routes) {}
        var columns = Columns.<Peer>none().with("Peer", Peer::name).with("Routes", Peer::routes);
        assertThat(columns.text(List.of(new Peer("n1@west", 2), new Peer("n10@west", null))))
                .isEqualTo("""
                        Peer      Routes
                        n1@west   2
                        n10@west  -
                        """);
    }
}
