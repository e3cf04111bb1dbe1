package dev.tombolo.apiserver.derive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindStatusesTest {
    private final List<String> written = new ArrayList<>();
    private final KindStatuses<Thing, String> statuses = new KindStatuses<>(
            Thing::name, Thing::uid, Thing::status, (name, status) -> written.add(name + " " + status));

    private record Thing(String name, String uid, String status) {}

    @Test
    void writesWhatDiffersFromWhatTheObjectHolds() {
        show("2", new Thing("a", "u1", "1"), new Thing("b", "u2", "2"));
        assertThat(written).containsExactly("a 2");
    }

    @Test
    void writesOnceUntilTheObjectIsReadAgain() {
        var read = new Thing("a", "u1", "1");
        show("2", read);
        show("2", read);
        assertThat(written).containsExactly("a 2");
        show("2", new Thing("a", "u1", "1"));
        assertThat(written).as("somebody made it look as before").containsExactly("a 2", "a 2");
    }

    @Test
    void plansWithWhatWasWrittenLast() {
        var read = new Thing("a", "u1", "1");
        assertThat(before(read)).isEqualTo("1");
        show("2", read);
        assertThat(before(read)).isEqualTo("2");
        assertThat(before(new Thing("a", "u2", "3")))
                .as("another one of the name")
                .isEqualTo("3");
    }

    @Test
    void forgetsWhatIsGone() {
        show("2", new Thing("a", "u1", "1"));
        show("2");
        assertThat(before(new Thing("a", "u1", "1"))).isEqualTo("1");
    }

    @Test
    void remembersNothingOnceSomebodyElseMayWrite() {
        var read = new Thing("a", "u1", "1");
        show("2", read);
        statuses.forget();
        show("2", read);
        assertThat(written).containsExactly("a 2", "a 2");
    }

    private void show(String status, Thing... things) {
        assertThat(statuses.show(List.of(things), (_, _) -> status)).isEmpty();
    }

    private String before(Thing thing) {
        var before = new ArrayList<String>();
        statuses.show(List.of(thing), (_, last) -> {
            before.add(last);
            return last;
        });
        return before.getFirst();
    }
}
