package dev.tombolo.cli.output;

import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How results are printed. Tables are for people and may change; json and yaml are stable. */
public enum OutputFormat {
    TABLE,
    JSON,
    YAML;

    /** Reads what stands after {@code -o}. */
    public static final class Reader implements ITypeConverter<OutputFormat> {
        @Override
        public OutputFormat convert(String text) {
            return Stream.of(values())
                    .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("read " + text + ", expected table, json or yaml"));
        }
    }
}
