package dev.tombolo.kube.source;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the fields of one object; a bad entry is reported with the field it stood in and left out. */
final class ObjectReading {
    private final String where;
    private final Consumer<Invalid> invalid;

    ObjectReading(HasMetadata object, Consumer<Invalid> invalid) {
        String namespace = object.getMetadata().getNamespace();
        this.where = object.getKind() + " " + (namespace == null ? "" : namespace + "/")
                + object.getMetadata().getName();
        this.invalid = invalid;
    }

    static ObjectKey key(HasMetadata object) {
        return new ObjectKey(
                object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    static String text(String value) {
        return value == null ? "" : value;
    }

    static <K, V> Map<K, V> map(Map<K, V> value) {
        return value == null ? Map.of() : value;
    }

    static <T> List<T> list(List<T> value) {
        return value == null ? List.of() : value;
    }

    static boolean isTrue(Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    List<IpAddress> addresses(String field, List<String> texts) {
        return each(field, texts, IpAddress::tryParse, "an IP address");
    }

    List<Prefix> prefixes(String field, List<String> texts) {
        return each(field, texts, Prefix::tryParse, "a CIDR");
    }

    Optional<Protocol> protocol(String field, String text) {
        String name = text == null ? "TCP" : text.toUpperCase(Locale.ROOT);
        for (var protocol : Protocol.values()) {
            if (protocol.name().equals(name)) {
                return Optional.of(protocol);
            }
        }
        report(field, text, "TCP, UDP or SCTP");
        return Optional.empty();
    }

    void report(String field, String read, String expected) {
        invalid.accept(new Invalid(where + " " + field, Invalid.Reason.MALFORMED, read, expected));
    }

    private <T> List<T> each(String field, List<String> texts, Function<String, Optional<T>> parse, String expected) {
        var values = new ArrayList<T>();
        for (String text : list(texts)) {
            parse.apply(text).ifPresentOrElse(values::add, () -> report(field, text, expected));
        }
        return values;
    }
}
