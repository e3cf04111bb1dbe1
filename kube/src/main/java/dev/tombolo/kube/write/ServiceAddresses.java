package dev.tombolo.kube.write;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.kube.resource.CustomObjects;
import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.kube.resource.MergePatch;
import dev.tombolo.kube.source.ServiceRows;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.IpAddress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the addresses that clients outside have for a Service, and what is to say of them, into its status. */
public final class ServiceAddresses {
    private static final Consumer<Invalid> LEFT_OUT = _ -> {};
    private final KubernetesClient client;

    ServiceAddresses(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Returns false where the Service is not as it was read, and writes nothing then: what was decided from it may be wrong.
     *
     * @param read what the decision was made from
     * @param condition absent where nothing is to be said any more
     */
    public boolean write(KubeService read, List<IpAddress> addresses, Optional<ObservedCondition> condition)
            throws IOException {
        var current = find(read.key());
        if (!isAs(read, current)) {
            return false;
        }
        String patch = patch(current, addresses, condition);
        return KubeCall.unlessConflict(
                "status of Service " + read.key(),
                () -> resource(read.key()).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }

    /** Whether a Service is as it was read. */
    public boolean isAsRead(KubeService read) throws IOException {
        return isAs(read, find(read.key()));
    }

    private static boolean isAs(KubeService read, Service current) {
        return current != null && ServiceRows.row(current, LEFT_OUT).equals(Optional.of(read));
    }

    private Service find(ObjectKey key) throws IOException {
        return KubeCall.call("reading Service " + key, () -> resource(key).get());
    }

    private Resource<Service> resource(ObjectKey key) {
        return client.services().inNamespace(key.namespace()).withName(key.name());
    }

    private String patch(Service current, List<IpAddress> addresses, Optional<ObservedCondition> condition) {
        var status = current.getStatus() == null ? new ServiceStatus() : current.getStatus();
        var before = map(status);
        var after = new LinkedHashMap<String, Object>(before);
        after.put("conditions", conditions(status, condition));
        after.put("loadBalancer", Map.of("ingress", ingress(status, addresses)));
        // With the version it fails where somebody has changed the Service meanwhile.
        return JsonText.of(Map.of(
                "metadata",
                Map.of("resourceVersion", current.getMetadata().getResourceVersion()),
                "status",
                MergePatch.between(before, after)));
    }

    /** Names stay, and what else is said of an address that stays. */
    private List<Object> ingress(ServiceStatus status, List<IpAddress> addresses) {
        var left = new ArrayList<>(addresses);
        var ingress = new ArrayList<Object>();
        for (var entry : entries(status)) {
            boolean isName = entry.getIp() == null || entry.getIp().isEmpty();
            if (isName || IpAddress.tryParse(entry.getIp()).filter(left::remove).isPresent()) {
                ingress.add(map(entry));
            }
        }
        left.forEach(address -> ingress.add(Map.of("ip", address.toString())));
        return ingress;
    }

    private static List<LoadBalancerIngress> entries(ServiceStatus status) {
        var balancer = status.getLoadBalancer();
        return balancer == null || balancer.getIngress() == null ? List.of() : balancer.getIngress();
    }

    private List<Object> conditions(ServiceStatus status, Optional<ObservedCondition> condition) {
        var conditions = new ArrayList<Object>();
        if (status.getConditions() != null) {
            status.getConditions().stream()
                    .filter(other -> !LoadBalancing.CONDITION.equals(other.getType()))
                    .forEach(other -> conditions.add(map(other)));
        }
        condition.map(CustomObjects::json).ifPresent(conditions::add);
        return conditions;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> map(Object part) {
        return client.getKubernetesSerialization().convertValue(part, Map.class);
    }
}
