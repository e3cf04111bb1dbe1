package dev.tombolo.kube.resource;

import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import dev.tombolo.model.bgp.BgpOverrideSpec;
import dev.tombolo.model.bgp.BgpPeerConfigSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Cilium's kinds for BGP as rows. Also of an object that is not of the schema there is a row: no row would say that it is gone,
 * and sessions would go with it. What cannot be meant goes to {@code invalid}.
 */
public final class BgpRows {
    private BgpRows() {}

    public static Optional<BgpClusterConfigObject> clusterConfig(
            GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return row(
                object,
                BgpClusterConfigSpec.class,
                BgpClusterConfigObject.Status.class,
                BgpClusterConfigObject::new,
                row -> row.reading().refused(),
                invalid);
    }

    public static Optional<BgpPeerConfigObject> peerConfig(
            GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return row(
                object,
                BgpPeerConfigSpec.class,
                BgpPeerConfigObject.Status.class,
                BgpPeerConfigObject::new,
                row -> row.reading().refused(),
                invalid);
    }

    public static Optional<BgpAdvertisementObject> advertisement(
            GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return row(
                object,
                BgpAdvertisementSpec.class,
                BgpAdvertisementObject.Status.class,
                BgpAdvertisementObject::new,
                row -> row.reading().refused(),
                invalid);
    }

    public static Optional<BgpOverrideObject> override(GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return row(
                object,
                BgpOverrideSpec.class,
                BgpOverrideObject.Status.class,
                BgpOverrideObject::new,
                row -> row.reading().refused(),
                invalid);
    }

    public static Optional<BgpNodeConfigObject> nodeConfig(
            GenericKubernetesResource object, Consumer<Invalid> invalid) {
        return CustomObjects.understood(
                object,
                invalid,
                () -> new BgpNodeConfigObject(
                        CustomObjects.head(object),
                        CustomObjects.part(object, "spec", BgpNodeConfigObject.Spec.class),
                        CustomObjects.part(object, "status", BgpNodeConfigObject.Status.class)));
    }

    private static <R, S, T> Optional<R> row(
            GenericKubernetesResource object,
            Class<S> specType,
            Class<T> statusType,
            Constructor<R, S, T> constructor,
            Function<R, List<Invalid>> refused,
            Consumer<Invalid> invalid) {
        var unreadable = new java.util.ArrayList<Invalid>();
        var spec =
                CustomObjects.understood(object, unreadable::add, () -> CustomObjects.part(object, "spec", specType));
        Optional<R> row = CustomObjects.understood(
                object,
                invalid,
                () -> constructor.row(
                        CustomObjects.head(object),
                        spec.orElse(null),
                        unreadable.stream().findFirst(),
                        CustomObjects.part(object, "status", statusType)));
        row.ifPresent(read -> refused.apply(read).forEach(invalid));
        return row;
    }

    private interface Constructor<R, S, T> {
        R row(ObjectHead head, S spec, Optional<Invalid> unreadable, T status);
    }
}
