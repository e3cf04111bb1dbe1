package dev.tombolo.kube.resource;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.egress.EgressPoolSpec;
import dev.tombolo.model.loadbalancer.AddressPoolSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Custom kinds as rows, and back. */
public final class CustomObjects {
    private CustomObjects() {}

    public static Optional<ClusterMeshObject> clusterMesh(GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return understood(
                object,
                invalid,
                () -> new ClusterMeshObject(
                        name(object),
                        generation(object),
                        part(object, "spec", ClusterMeshObject.Spec.class),
                        part(object, "status", ClusterMeshObject.Status.class)));
    }

    public static Optional<MeshPeerObject> meshPeer(GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return understood(object, invalid, () -> {
            ObjectMeta meta = object.getMetadata();
            var spec = part(object, "spec", MeshPeerObject.Spec.class);
            if (spec == null) {
                throw new IllegalArgumentException("no spec");
            }
            return new MeshPeerObject(
                    meta.getName(),
                    meta.getUid() == null ? "" : meta.getUid(),
                    generation(object),
                    meta.getDeletionTimestamp() != null,
                    meta.getAnnotations(),
                    spec,
                    part(object, "status", MeshPeerObject.Status.class));
        });
    }

    public static Optional<MeshNodeObject> meshNode(GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return understood(
                object,
                invalid,
                () -> new MeshNodeObject(name(object), part(object, "status", MeshNodeObject.Status.class)));
    }

    public static Optional<MeshIdentityObject> meshIdentity(
            GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return understood(object, invalid, () -> {
            var spec = part(object, "spec", IdentitySpec.class);
            String created = object.getMetadata().getCreationTimestamp();
            return new MeshIdentityObject(
                    Long.parseLong(name(object)),
                    spec == null ? Map.of() : spec.labels(),
                    Optional.ofNullable(created).map(Instant::parse));
        });
    }

    public static Optional<EgressPolicyObject> egressPolicy(
            GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return understood(object, invalid, () -> {
            ObjectMeta meta = object.getMetadata();
            return new EgressPolicyObject(
                    meta.getName(),
                    meta.getUid(),
                    generation(object),
                    Optional.ofNullable(meta.getCreationTimestamp()).map(Instant::parse),
                    meta.getLabels(),
                    meta.getAnnotations(),
                    part(object, "spec", EgressPolicySpec.class),
                    part(object, "status", EgressPolicyObject.Status.class));
        });
    }

    /** What the pool cannot mean goes to {@code invalid} too; its row is there all the same, to say so. */
    public static Optional<EgressPoolObject> egressPool(GenericKubernetesResource object, Consumer<Invalid> invalid) {
        Optional<EgressPoolObject> pool = understood(object, invalid, () -> {
            ObjectMeta meta = object.getMetadata();
            return new EgressPoolObject(
                    meta.getName(),
                    meta.getUid(),
                    generation(object),
                    Optional.ofNullable(meta.getCreationTimestamp()).map(Instant::parse),
                    meta.getLabels(),
                    part(object, "spec", EgressPoolSpec.class),
                    part(object, "status", EgressPoolObject.Status.class));
        });
        pool.ifPresent(read -> read.reading(List.of()).refused().forEach(invalid));
        return pool;
    }

    /** As with {@link #egressPool}; also of a pool that is not of the schema there is a row: no row would say that it is gone. */
    public static Optional<AddressPoolObject> addressPool(GenericKubernetesResource object, Consumer<Invalid> invalid) {
        var unreadable = new ArrayList<Invalid>();
        var spec = understood(object, unreadable::add, () -> part(object, "spec", AddressPoolSpec.class));
        Optional<AddressPoolObject> pool = understood(object, invalid, () -> {
            ObjectMeta meta = object.getMetadata();
            return new AddressPoolObject(
                    meta.getName(),
                    meta.getUid(),
                    generation(object),
                    Optional.ofNullable(meta.getCreationTimestamp()).map(Instant::parse),
                    spec.orElse(null),
                    unreadable.stream().findFirst(),
                    part(object, "status", AddressPoolObject.Status.class));
        });
        pool.ifPresent(read -> read.reading().refused().forEach(invalid));
        return pool;
    }

    /** An object of one of our kinds, ready to be created. */
    public static GenericKubernetesResource object(CustomKinds.Kind kind, String name, Object spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion(kind.apiVersion());
        object.setKind(kind.kind());
        object.setMetadata(new ObjectMeta());
        object.getMetadata().setName(name);
        object.setAdditionalProperty("spec", RecordJson.write(spec));
        return object;
    }

    public static GenericKubernetesResource identity(long id, Map<String, String> labels) {
        return object(CustomKinds.MESH_IDENTITY, Long.toString(id), new IdentitySpec(labels));
    }

    /** A spec or status as the map it is sent as. */
    public static Map<String, Object> json(Object part) {
        return RecordJson.write(part);
    }

    static <R> Optional<R> understood(GenericKubernetesResource object, Consumer<Invalid> invalid, Supplier<R> row) {
        try {
            return Optional.ofNullable(row.get());
        } catch (IllegalArgumentException | java.time.DateTimeException malformed) {
            String reason = malformed.getMessage() == null
                    ? ""
                    : malformed.getMessage().lines().findFirst().orElse("");
            invalid.accept(new Invalid(
                    object.getKind() + " " + name(object),
                    Invalid.Reason.MALFORMED,
                    reason,
                    "an object of the published schema"));
            return Optional.empty();
        }
    }

    static <T> T part(GenericKubernetesResource object, String name, Class<T> type) {
        Object part = object.getAdditionalProperties().get(name);
        return part == null ? null : RecordJson.read(part, type);
    }

    static ObjectHead head(GenericKubernetesResource object) {
        ObjectMeta meta = object.getMetadata();
        return new ObjectHead(
                meta.getName(),
                meta.getUid(),
                generation(object),
                Optional.ofNullable(meta.getCreationTimestamp()).map(Instant::parse),
                meta.getLabels(),
                meta.getAnnotations());
    }

    private static String name(GenericKubernetesResource object) {
        return object.getMetadata().getName();
    }

    private static long generation(GenericKubernetesResource object) {
        Long generation = object.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    private record IdentitySpec(Map<String, String> labels) {
        IdentitySpec {
            labels = labels == null ? Map.of() : Map.copyOf(labels);
        }
    }
}
