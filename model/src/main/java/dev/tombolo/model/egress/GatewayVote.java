package dev.tombolo.model.egress;

/** What one node says of a gateway's data path; both are names of nodes of one cluster. */
public record GatewayVote(String gateway, String prober, Answer answer) {
    /** Whether a gateway answers who asks it. */
    public enum Answer {
        ANSWERS,
        /** It did, and does not any more. */
        SILENT,
        /** It never did, and has not been asked for long. */
        ASKED,
        /** It never did, and has been asked for long. */
        NEVER;

        /** Whether there was an answer ever. */
        public boolean wasHeard() {
            return this == ANSWERS || this == SILENT;
        }
    }
}
