package dev.tombolo.bpf;

/**
 * The structs of all maps, and the programs compiled with them.
 *
 * @param version in the path of the pins; changes with the struct of any map
 * @param objects where the compiled objects are on the class path
 */
record Layout(int version, String objects) {
    static final Layout CURRENT = new Layout(1, "META-INF/bpf");
}
