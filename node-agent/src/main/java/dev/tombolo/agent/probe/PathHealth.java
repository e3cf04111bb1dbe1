package dev.tombolo.agent.probe;

import dev.tombolo.agent.probe.PathState.Answer;
import java.util.Optional;

/**
 * What the rounds so far say of one path. Good news is believed at once; bad news only when there were several in a row,
 * because a packet may get lost on a good path.
 *
 * @param answer empty until the first answer
 * @param missed rounds in a row without an answer
 */
record PathHealth(Optional<Answer> answer, int missed) {
    static final PathHealth UNKNOWN = new PathHealth(Optional.empty(), 0);
    static final PathHealth ANSWERS = new PathHealth(Optional.of(Answer.ANSWERS), 0);
    static final PathHealth DEAD = new PathHealth(Optional.of(Answer.DEAD), 0);

    /** @param believedAfter how many misses in a row are believed */
    PathHealth missedOne(int believedAfter) {
        int misses = Math.min(missed + 1, believedAfter);
        return new PathHealth(misses < believedAfter ? answer : answer.map(_ -> Answer.DEAD), misses);
    }
}
