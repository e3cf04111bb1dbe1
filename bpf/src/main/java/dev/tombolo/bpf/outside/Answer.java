package dev.tombolo.bpf.outside;

/** Value of {@code lb_answer}. */
public record Answer(int allowed) {
    public static final Answer ALLOWED = new Answer(1);
}
