package dev.tombolo.kube.source;

/**
 * One object for each of the values that come again and again: what a client reads is a new object every time, and very many
 * pods have the same labels. It has room for the commonest of them, and what does not fit costs memory only. Confined to
 * one thread at a time.
 */
final class Recurring {
    private static final int ROOM = 4_096;
    private static final int HIGH_BITS = 16;

    private final Object[] values = new Object[ROOM];

    @SuppressWarnings("unchecked")
    <T> T of(T value) {
        int hash = value.hashCode();
        int place = (hash ^ hash >>> HIGH_BITS) & (ROOM - 1);
        if (value.equals(values[place])) {
            return (T) values[place];
        }
        values[place] = value;
        return value;
    }
}
