package dev.tombolo.model.label;

import static dev.tombolo.model.label.LabelRequirement.Operator.DOES_NOT_EXIST;
import static dev.tombolo.model.label.LabelRequirement.Operator.EXISTS;
import static dev.tombolo.model.label.LabelRequirement.Operator.IN;
import static dev.tombolo.model.label.LabelRequirement.Operator.NOT_IN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    # operator,      web,   db,    no such label
                    IN,              true,  false, false
                    NOT_IN,          false, true,  true
                    EXISTS,          true,  true,  false
                    DOES_NOT_EXIST,  false, false, true
                    """)
    void asksOneLabel(LabelRequirement.Operator operator, boolean web, boolean db, boolean absent) {
        var values = operator == IN || operator == NOT_IN ? Set.of("web", "api") : Set.<String>of();
        var selector = new LabelSelector(List.of(new LabelRequirement("app", operator, values)));
        assertThat(selector.matches(Map.of("app", "web"))).isEqualTo(web);
        assertThat(selector.matches(Map.of("app", "db"))).isEqualTo(db);
        assertThat(selector.matches(Map.of("other", "web"))).isEqualTo(absent);
    }

    @Test
    void everyRequirementHasToHold() {
        var selector = new LabelSelector(
                List.of(LabelRequirement.is("app", "web"), new LabelRequirement("canary", DOES_NOT_EXIST, Set.of())));
        assertThat(selector.matches(Map.of("app", "web"))).isTrue();
        assertThat(selector.matches(Map.of("app", "web", "canary", ""))).isFalse();
        assertThat(selector.matches(Map.of())).isFalse();
    }

    @Test
    void noRequirementSelectsEverything() {
        assertThat(LabelSelector.EVERYTHING.matches(Map.of())).isTrue();
        assertThat(LabelSelector.of(Map.of())).isEqualTo(LabelSelector.EVERYTHING);
    }

    @Test
    void saysTheSameInWhateverOrderItWasWritten() {
        var app = new LabelRequirement("app", IN, Set.of("web", "api"));
        var zone = new LabelRequirement("zone", EXISTS, Set.of());
        assertThat(new LabelSelector(List.of(zone, app, zone))).isEqualTo(new LabelSelector(List.of(app, zone)));
        assertThat(new LabelSelector(List.of(zone, app))).hasToString("app in (api,web),zone");
    }
}
