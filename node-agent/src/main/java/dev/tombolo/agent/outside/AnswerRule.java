package dev.tombolo.agent.outside;

import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.net.Prefix;
import java.util.Comparator;

/**
 * That nodes of one cluster answer clients outside for services of another one, or whom they do not.
 *
 * @param cluster the other one, whichever of both this is
 * @param range of addresses of services, or of clients
 */
record AnswerRule(AnswerSide side, ClusterId cluster, Prefix range) implements Comparable<AnswerRule> {
    private static final Comparator<AnswerRule> ORDER = Comparator.comparing(AnswerRule::side)
            .thenComparing(AnswerRule::cluster)
            .thenComparing(AnswerRule::range);

    @Override
    public int compareTo(AnswerRule other) {
        return ORDER.compare(this, other);
    }
}
