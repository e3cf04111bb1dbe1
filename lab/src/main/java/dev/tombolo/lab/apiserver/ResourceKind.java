package dev.tombolo.lab.apiserver;

import java.util.List;

/** A kind of object that the server serves, as discovery describes it. */
record ResourceKind(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        List<String> shortNames,
        List<String> categories,
        boolean hasStatus,
        boolean hasScale) {
    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods}, {@code deployments.apps}: how messages and stored keys name it. */
    String resource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    String listKind() {
        return kind + "List";
    }
}
