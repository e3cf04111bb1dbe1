package dev.tombolo.model.bgp;

import dev.tombolo.model.bgp.BgpAdvertisementSpec.Communities;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads the communities of an entry. */
record CommunityFields(BgpFields fields) {
    SortedSet<Community> read(String field, Optional<Communities> text) {
        var communities = new TreeSet<Community>();
        text.ifPresent(written -> {
            String names = String.join(", ", CommunityText.WELL_KNOWN.keySet());
            each(field + ".standard", written.standard(), CommunityText::standard, "n:n or one number", communities);
            each(field + ".wellKnown", written.wellKnown(), CommunityText::wellKnown, "one of " + names, communities);
            each(field + ".large", written.large(), CommunityText::large, "n:n:n of 32 bits each", communities);
        });
        return communities;
    }

    private void each(
            String field,
            List<String> texts,
            Function<String, Optional<Community>> parse,
            String expected,
            SortedSet<Community> read) {
        for (String text : texts) {
            parse.apply(text.strip()).ifPresentOrElse(read::add, () -> fields.refuse(field, text, expected));
        }
    }
}
