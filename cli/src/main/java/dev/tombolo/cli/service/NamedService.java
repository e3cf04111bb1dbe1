package dev.tombolo.cli.service;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.service.ServiceName;
import java.io.IOException;
import java.util.Optional;

/** A service that a command is asked about. */
record NamedService(ServiceName name) {
    /** @param where it was read, for the message about what is none */
    static NamedService parse(String where, String text, Optional<String> namespace) throws IOException {
        String full = text.contains("/") ? text : namespace.orElse("") + "/" + text;
        String[] parts = full.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw CommandFailure.usage(
                    where + ": read " + text + ", expected NAMESPACE/NAME, or NAME with --namespace");
        }
        return new NamedService(new ServiceName(parts[0], parts[1]));
    }

    void mustExist(KubeApi api) throws IOException {
        if (api.reads().service(new ObjectKey(name.namespace(), name.name())).isEmpty()) {
            throw CommandFailure.failed("read service " + name + ", expected one of " + api.address()
                    + "; see kubectl -n " + name.namespace() + " get services");
        }
    }
}
