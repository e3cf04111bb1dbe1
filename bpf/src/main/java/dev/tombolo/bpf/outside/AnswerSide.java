package dev.tombolo.bpf.outside;

/** Whose nodes answer the clients of whose services; {@code enum lb_answer_side} in C. */
public enum AnswerSide {
    /** Those of the other cluster, for services of this one. */
    THERE,
    /** Those of this cluster, for services of the other one. */
    HERE,
    /** Of the other cluster's own nodes as clients, whom it does not answer so. */
    CLIENT
}
