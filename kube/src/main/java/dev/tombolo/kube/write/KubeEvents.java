package dev.tombolo.kube.write;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;

/** Events that a person sees with {@code kubectl describe}. The same one again raises its count. */
public final class KubeEvents {
    /** Where events of cluster-scoped objects live. */
    private static final String CLUSTER_SCOPED_NAMESPACE = "default";

    private final KubernetesClient client;
    private final String component;
    private final InstantSource clock;

    KubeEvents(KubernetesClient client, String component, InstantSource clock) {
        this.client = client;
        this.component = component;
        this.clock = clock;
    }

    /**
     * What an event is about.
     *
     * @param namespace empty for a cluster-scoped object
     */
    public record Subject(String apiVersion, String kind, String namespace, String name, String uid) {
        public static Subject service(ObjectKey key, String uid) {
            return new Subject("v1", "Service", key.namespace(), key.name(), uid);
        }

        /** In the namespace itself, because that is where its owner looks. */
        public static Subject namespace(String name) {
            return new Subject("v1", "Namespace", name, name, "");
        }

        public static Subject meshPeer(String name, String uid) {
            return of(CustomKinds.MESH_PEER, name, uid);
        }

        public static Subject egressPolicy(String name, String uid) {
            return of(CustomKinds.EGRESS_POLICY, name, uid);
        }

        public static Subject egressPool(String name, String uid) {
            return of(CustomKinds.EGRESS_POOL, name, uid);
        }

        public static Subject addressPool(String name, String uid) {
            return of(CustomKinds.ADDRESS_POOL, name, uid);
        }

        private static Subject of(CustomKinds.Kind kind, String name, String uid) {
            return new Subject(kind.apiVersion(), kind.kind(), "", name, uid);
        }
    }

    /** Whether a person needs to act. */
    public enum Severity {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Severity(String text) {
            this.text = text;
        }
    }

    public void record(Subject subject, Severity severity, String reason, String message) throws IOException {
        String name = name(subject, reason, message);
        String namespace = subject.namespace().isEmpty() ? CLUSTER_SCOPED_NAMESPACE : subject.namespace();
        var event = event(subject, severity, reason, message, namespace, name);
        boolean created = KubeCall.unlessConflict(
                "creation of Event " + name,
                () -> client.v1().events().resource(event).create());
        if (!created) {
            countAgain(namespace, name);
        }
    }

    private void countAgain(String namespace, String name) throws IOException {
        var resource = client.v1().events().inNamespace(namespace).withName(name);
        KubeCall.call("update of Event " + name, () -> {
            var before = resource.get();
            int count = before == null || before.getCount() == null ? 1 : before.getCount();
            return before == null
                    ? null
                    : resource.patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            JsonText.of(Map.of("count", count + 1, "lastTimestamp", now())));
        });
    }

    private Event event(
            Subject subject, Severity severity, String reason, String message, String namespace, String name) {
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(subject.apiVersion())
                .withKind(subject.kind())
                .withNamespace(subject.namespace().isEmpty() ? null : subject.namespace())
                .withName(subject.name())
                .withUid(subject.uid())
                .endInvolvedObject()
                .withType(severity.text)
                .withReason(reason)
                .withMessage(message)
                .withCount(1)
                .withFirstTimestamp(now())
                .withLastTimestamp(now())
                .withNewSource(component, null)
                .build();
    }

    private String name(Subject subject, String reason, String message) {
        int hash = Objects.hash(component, subject, reason, message);
        return subject.name() + "." + Integer.toHexString(hash);
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
