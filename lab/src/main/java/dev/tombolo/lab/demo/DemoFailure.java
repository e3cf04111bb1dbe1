package dev.tombolo.lab.demo;

/** A step of the demo did not hold; the message says what was read and what was expected. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }
}
