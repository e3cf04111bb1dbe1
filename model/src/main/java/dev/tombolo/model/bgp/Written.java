package dev.tombolo.model.bgp;

import java.util.List;
import java.util.Optional;

/** What stands for a field that was left out. */
final class Written {
    private Written() {}

    static String orEmpty(String text) {
        return text == null ? "" : text.strip();
    }

    static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    static <T> Optional<T> orEmpty(Optional<T> value) {
        return value == null ? Optional.empty() : value;
    }

    /** An empty text says as little as none. */
    static Optional<String> text(Optional<String> text) {
        return orEmpty(text).map(String::strip).filter(value -> !value.isEmpty());
    }
}
