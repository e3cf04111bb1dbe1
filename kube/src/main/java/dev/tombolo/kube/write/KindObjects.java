package dev.tombolo.kube.write;

import dev.tombolo.kube.KubeException;
import dev.tombolo.kube.resource.CustomKinds.Kind;
import dev.tombolo.kube.resource.CustomObjects;
import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.kube.resource.MergePatch;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Objects of custom kinds, read once or written whole. */
final class KindObjects {
    private static final Consumer<Invalid> LEFT_OUT = invalid -> {};
    private final KubernetesClient client;

    KindObjects(KubernetesClient client) {
        this.client = client;
    }

    /** None where the kind is not installed. */
    <R> List<R> listIfServed(Kind kind, BiFunction<GenericKubernetesResource, Consumer<Invalid>, Optional<R>> row)
            throws IOException {
        try {
            return list(kind, row);
        } catch (KubeException refused) {
            if (refused.code() == KubeCall.NOT_FOUND) {
                return List.of();
            }
            throw refused;
        }
    }

    /** Creates the object or changes its spec to the given one; returns whether anything had to change. */
    boolean put(Kind kind, String name, Object spec) throws IOException {
        var current = KubeCall.call(
                "reading " + kind.kind() + " " + name,
                () -> resource(kind, name).get());
        if (current == null) {
            KubeCall.call(
                    "creation of " + kind.kind() + " " + name,
                    () -> client.genericKubernetesResources(kind.context())
                            .resource(CustomObjects.object(kind, name, spec))
                            .create());
            return true;
        }
        Object before = current.getAdditionalProperties().get("spec");
        var patch = MergePatch.between(before instanceof Map<?, ?> map ? map : Map.of(), CustomObjects.json(spec));
        if (patch.isEmpty()) {
            return false;
        }
        String json = JsonText.of(Map.of("spec", patch));
        KubeCall.call(
                "change of " + kind.kind() + " " + name,
                () -> resource(kind, name).patch(PatchContext.of(PatchType.JSON_MERGE), json));
        return true;
    }

    void delete(Kind kind, String name) throws IOException {
        KubeCall.call(
                "deletion of " + kind.kind() + " " + name,
                () -> resource(kind, name).delete());
    }

    <R> Optional<R> find(
            Kind kind, String name, BiFunction<GenericKubernetesResource, Consumer<Invalid>, Optional<R>> row)
            throws IOException {
        var object = KubeCall.call(
                "reading " + kind.kind() + " " + name,
                () -> resource(kind, name).get());
        if (object == null) {
            return Optional.empty();
        }
        var problems = new ArrayList<Invalid>();
        var read = row.apply(object, problems::add);
        if (read.isEmpty()) {
            throw new KubeException(problems.getFirst().toString(), 0, null);
        }
        return read;
    }

    <R> List<R> list(Kind kind, BiFunction<GenericKubernetesResource, Consumer<Invalid>, Optional<R>> row)
            throws IOException {
        var objects = KubeCall.call(
                "listing of " + kind.plural(),
                () -> client.genericKubernetesResources(kind.context()).list());
        return objects.getItems().stream()
                .flatMap(object -> row.apply(object, LEFT_OUT).stream())
                .toList();
    }

    void annotate(Kind kind, String name, Map<String, String> annotations) throws IOException {
        String patch = JsonText.of(Map.of("metadata", Map.of("annotations", annotations)));
        KubeCall.call(
                "annotation of " + kind.kind() + " " + name,
                () -> resource(kind, name).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }

    private Resource<GenericKubernetesResource> resource(Kind kind, String name) {
        return client.genericKubernetesResources(kind.context()).withName(name);
    }
}
