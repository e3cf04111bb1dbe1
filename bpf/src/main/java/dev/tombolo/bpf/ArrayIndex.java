package dev.tombolo.bpf;

/** Key of an array of the kernel. */
public record ArrayIndex(int index) {
    /** Of an array with one element. */
    public static final ArrayIndex ONLY = new ArrayIndex(0);
}
