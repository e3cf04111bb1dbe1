package dev.tombolo.cli.output;

/** How results are printed. Tables are for people and may change; json and yaml are stable. */
public enum OutputFormat {
    TABLE,
    JSON,
    YAML
}
