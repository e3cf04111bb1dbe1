package dev.tombolo.kube.write;

import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.kube.resource.ManifestDifference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whole manifests, for the command line. */
public final class Manifested {
    private static final int PASSES = 2;
    private final KubernetesClient client;

    Manifested(KubernetesClient client) {
        this.client = client;
    }

    /**
     * One object that was applied.
     *
     * @param name with its kind, {@code DaemonSet tombolo-system/tombolo-agent}
     */
    public record Applied(String name, Outcome outcome) {}

    /** What applying came to. */
    public enum Outcome {
        CREATED,
        CHANGED,
        UNCHANGED
    }

    /** Creates what is missing and changes what differs, in the order of the manifest. */
    public List<Applied> apply(String yaml) throws IOException {
        var applied = new ArrayList<Applied>();
        for (var object : objects(yaml)) {
            applied.add(new Applied(name(object), apply(object)));
        }
        return applied;
    }

    /** Deletes what is there, last first; absent objects and unknown kinds are fine. Returns what was there. */
    public List<String> delete(String yaml) throws IOException {
        var deleted = new ArrayList<String>();
        for (var object : objects(yaml).reversed()) {
            var resource = resource(object);
            var answer = KubeCall.call("deletion of " + name(object), resource::delete);
            if (!answer.isEmpty()) {
                deleted.add(name(object));
            }
        }
        return deleted;
    }

    /** The names of those objects of a manifest that exist. */
    public List<String> present(String yaml) throws IOException {
        var present = new ArrayList<String>();
        for (var object : objects(yaml)) {
            if (KubeCall.call("reading " + name(object), resource(object)::get) != null) {
                present.add(name(object));
            }
        }
        return present;
    }

    /** Whether the API server has the kinds of a manifest at all. */
    public boolean offers(String apiVersion, String kind) throws IOException {
        var resources = KubeCall.call("discovery of " + apiVersion, () -> client.getApiResources(apiVersion));
        return resources != null
                && resources.getResources().stream().anyMatch(resource -> kind.equals(resource.getKind()));
    }

    /** Whether the API server serves a kind that was defined a moment ago. */
    public boolean established(String definition) throws IOException {
        return definition(definition)
                .map(CustomResourceDefinition::getStatus)
                .filter(status -> status.getConditions().stream()
                        .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus())))
                .isPresent();
    }

    /** The labels of a kind's definition, which say whose it is; empty where there is none. */
    public Optional<Map<String, String>> labels(String definition) throws IOException {
        return definition(definition).map(found -> {
            var labels = found.getMetadata().getLabels();
            return labels == null ? Map.of() : labels;
        });
    }

    private Optional<CustomResourceDefinition> definition(String name) throws IOException {
        return Optional.ofNullable(KubeCall.call(
                "reading CustomResourceDefinition " + name,
                () -> client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(name)
                        .get()));
    }

    private Outcome apply(GenericKubernetesResource object) throws IOException {
        String name = name(object);
        for (int pass = 0; pass < PASSES; pass++) {
            var live = KubeCall.call("reading " + name, resource(object)::get);
            if (live != null) {
                return change(name, object, live);
            }
            if (KubeCall.unlessConflict("creation of " + name, resource(object)::create)) {
                return Outcome.CREATED;
            }
        }
        return Outcome.UNCHANGED;
    }

    private Outcome change(String name, GenericKubernetesResource object, GenericKubernetesResource live)
            throws IOException {
        var patch = new TreeMap<>(ManifestDifference.of(map(live), map(object)));
        patch.remove("apiVersion");
        patch.remove("kind");
        if (patch.isEmpty()) {
            return Outcome.UNCHANGED;
        }
        String json = JsonText.of(patch);
        var resource = resource(object);
        KubeCall.call("change of " + name, () -> resource.patch(PatchContext.of(PatchType.JSON_MERGE), json));
        return Outcome.CHANGED;
    }

    private Resource<GenericKubernetesResource> resource(GenericKubernetesResource object) throws IOException {
        var kind = ManifestKind.of(object.getApiVersion(), object.getKind());
        var all = client.genericKubernetesResources(kind.context());
        return kind.namespaced()
                ? all.inNamespace(object.getMetadata().getNamespace()).resource(object)
                : all.resource(object);
    }

    private static List<GenericKubernetesResource> objects(String yaml) {
        return Arrays.stream(yaml.split("(?m)^---$"))
                .map(text -> Serialization.unmarshal(text, GenericKubernetesResource.class))
                .filter(object -> object != null && object.getKind() != null)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> map(GenericKubernetesResource object) {
        return client.getKubernetesSerialization().convertValue(object, Map.class);
    }

    private static String name(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        return object.getKind() + " " + (namespace == null ? "" : namespace + "/")
                + object.getMetadata().getName();
    }
}
