package dev.tombolo.agent.probe;

import java.time.Instant;

/** What is believed of the path to one remote node. No row: it never answered, so that its silence says nothing. */
public record PathState(Answer answer, Instant since) {
    /** Whether new connections may go that way. */
    public enum Answer {
        ANSWERS,
        DEAD
    }

    public boolean isDead() {
        return answer == Answer.DEAD;
    }
}
