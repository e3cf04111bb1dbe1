package dev.tombolo.bpf;

/**
 * A record that writes itself into its struct: all components, in their order. A codec can ask any record for them, which
 * takes many times as long until it is compiled; a start writes tens of thousands of rows before that.
 */
public interface Packed {
    void writeTo(FieldWriter fields);
}
