package dev.tombolo.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobalNamespacesTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    # annotation, setting, takes part, refused values
                    ,       true,  true,  0
                    ,       false, false, 0
                    true,   false, true,  0
                    TRUE,   false, true,  0
                    false,  true,  false, 0
                    False,  true,  false, 0
                    yes,    true,  false, 1
                    ' true',true,  false, 1
                    '',     true,  false, 1
                    """)
    void theNamespacesOwnWordGoesBeforeTheSetting(String annotation, boolean setting, boolean takesPart, int refused) {
        Map<String, String> annotations =
                annotation == null ? Map.of() : Map.of(GlobalNamespaces.ANNOTATION, annotation);
        assertThat(new GlobalNamespaces(setting).include(Optional.of(annotations)))
                .isEqualTo(takesPart);
        assertThat(GlobalNamespaces.check("shop", annotations)).hasSize(refused);
    }

    @Test
    void aNamespaceThatIsNotKnownTakesNoPart() {
        assertThat(GlobalNamespaces.DEFAULT.include(Optional.empty())).isFalse();
    }

    @Test
    void theSettingIsTrueOrFalse() {
        assertThat(GlobalNamespaces.tryParse("true")).contains(GlobalNamespaces.DEFAULT);
        assertThat(GlobalNamespaces.tryParse("False")).contains(new GlobalNamespaces(false));
        assertThat(GlobalNamespaces.tryParse("no")).isEmpty();
    }

    @Test
    void saysWhatWasReadAndWhatWasExpected() {
        assertThat(GlobalNamespaces.check("shop", Map.of(GlobalNamespaces.ANNOTATION, "yes")))
                .singleElement()
                .hasToString(
                        "Namespace shop annotation clustermesh.cilium.io/global: read yes, expected true or false");
    }
}
