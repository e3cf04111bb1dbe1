package dev.tombolo.certs;

import java.util.SortedMap;
import java.util.TreeMap;

/** Files that belong together, by name. Printing it shows the names. */
public record PemSet(SortedMap<String, String> contents) {
    public static final PemSet EMPTY = new PemSet(new TreeMap<>());

    static final String KEY = ".key";

    public PemSet {
        contents = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(contents));
    }

    /** {@code <name>.crt} and {@code <name>.key}. */
    public PemSet with(String name, Credential credential) {
        return withCertificate(name, credential.certificatePem())
                .and(name + KEY, credential.privateKey().pem());
    }

    /** {@code <name>.crt}, for instance of an authority. */
    public PemSet withCertificate(String name, String pem) {
        return and(name + ".crt", pem);
    }

    private PemSet and(String file, String pem) {
        var more = new TreeMap<>(contents);
        more.put(file, pem);
        return new PemSet(more);
    }

    @Override
    public String toString() {
        return "PemSet" + contents.keySet();
    }
}
