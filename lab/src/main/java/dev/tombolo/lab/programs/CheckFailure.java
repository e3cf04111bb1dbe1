package dev.tombolo.lab.programs;

/** Something that was checked did not hold; the message says what was read and what was expected. */
public final class CheckFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CheckFailure(String message) {
        super(message);
    }
}
