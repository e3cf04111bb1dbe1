package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.PeerId;
import java.util.Comparator;
import java.util.Optional;

/**
 * Something that an advertisement selects and that is not told.
 *
 * @param peer empty where no router is told
 * @param subject as in {@link PlannedRoute.Reason}
 * @param why a sentence for whoever expected the route
 */
public record Withheld(String advertisement, Optional<PeerId> peer, String subject, String why)
        implements Comparable<Withheld> {
    private static final Comparator<Withheld> ORDER = Comparator.comparing(Withheld::advertisement)
            .thenComparing(withheld -> withheld.peer().map(PeerId::toString).orElse(""))
            .thenComparing(Withheld::subject)
            .thenComparing(Withheld::why);

    @Override
    public int compareTo(Withheld other) {
        return ORDER.compare(this, other);
    }
}
