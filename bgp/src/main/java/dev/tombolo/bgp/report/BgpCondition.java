package dev.tombolo.bgp.report;

import dev.tombolo.model.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One statement about an object, without a time.
 *
 * @param type Cilium's where Cilium has it
 * @param reason one CamelCase word
 */
public record BgpCondition(String type, boolean holds, String reason, String message) {
    static final String INVALID = "tombolo.dev/Invalid";
    static final String IN_FORCE = "tombolo.dev/InForce";
    private static final int SHOWN = 3;

    /** Names every field that was refused; none where nothing was. */
    static List<BgpCondition> refused(List<Invalid> refused, boolean inForce) {
        var conditions = new ArrayList<BgpCondition>();
        if (!refused.isEmpty()) {
            conditions.add(new BgpCondition(
                    INVALID,
                    true,
                    inForce ? "FieldsRefused" : "SpecRefused",
                    listed(refused.stream().map(Invalid::toString).toList())));
        }
        return conditions;
    }

    /** The first few; a status has to stay small. */
    static String listed(List<String> problems) {
        String shown = problems.stream().limit(SHOWN).collect(Collectors.joining("; "));
        return problems.size() > SHOWN ? shown + "; and " + (problems.size() - SHOWN) + " more" : shown;
    }
}
