package dev.tombolo.certs;

import dev.tombolo.model.Invalid;
import java.io.IOException;

/** A stored certificate or key is not one. The message never contains what may be part of a key. */
public final class UnreadablePem extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Invalid why;

    UnreadablePem(Invalid why) {
        super(why.toString());
        this.why = why;
    }

    UnreadablePem(String where, String read, String expected) {
        this(new Invalid(where, Invalid.Reason.MALFORMED, read, expected));
    }

    public Invalid why() {
        return why;
    }
}
