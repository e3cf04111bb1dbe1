package dev.tombolo.agent.probe;

import dev.tombolo.agent.probe.PathState.Answer;
import java.util.Optional;

/**
 * What the rounds so far say of one path. Good news is believed at once; bad news when it is the third in a row, because
 * a packet may get lost on a good path.
 *
 * @param answer empty until the first answer
 * @param missed rounds in a row without an answer
 */
record PathHealth(Optional<Answer> answer, int missed) {
    static final PathHealth UNKNOWN = new PathHealth(Optional.empty(), 0);
    static final PathHealth ANSWERS = new PathHealth(Optional.of(Answer.ANSWERS), 0);
    private static final int BELIEVED_AFTER = 3;
    static final PathHealth DEAD = new PathHealth(Optional.of(Answer.DEAD), BELIEVED_AFTER);

    PathHealth missedOne() {
        int misses = Math.min(missed + 1, BELIEVED_AFTER);
        return new PathHealth(misses < BELIEVED_AFTER ? answer : answer.map(_ -> Answer.DEAD), misses);
    }
}
