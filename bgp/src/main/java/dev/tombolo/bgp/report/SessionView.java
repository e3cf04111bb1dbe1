package dev.tombolo.bgp.report;

/**
 * What the speaker says of a session.
 *
 * @param state of RFC 4271 in lower case
 * @param lastError why it is not established, as far as it is known; may be empty
 */
public record SessionView(String state, String lastError) {
    static final String ESTABLISHED = "established";
    /** Of a session that the speaker has not begun yet. */
    static final SessionView IDLE = new SessionView("idle", "");

    boolean isEstablished() {
        return state.equals(ESTABLISHED);
    }
}
