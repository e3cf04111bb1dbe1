package dev.tombolo.agent.service;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.ServiceView;
import dev.tombolo.reconciler.loop.Failure;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Gathers what there is to say of one service when somebody asks. */
public final class ServiceViews {
    /** Who takes clients outside to backends, and how many each backend has. */
    public interface Connections {
        /** One pass over all of them. */
        Map<Frontend, Map<SocketEndpoint, Integer>> of(Collection<Frontend> frontends) throws IOException;
    }

    private final ServicePlan.Self self;
    private final MeshTables tables;
    private final Supplier<Map<?, Failure>> failures;
    private final Connections connections;

    /** @param failures of the kernel's rows, by frontend */
    public ServiceViews(
            ServicePlan.Self self, MeshTables tables, Supplier<Map<?, Failure>> failures, Connections connections) {
        this.self = self;
        this.tables = tables;
        this.failures = failures;
        this.connections = connections;
    }

    public ServiceView view(ServiceName name) throws IOException {
        var key = new ObjectKey(name.namespace(), name.name());
        var service = tables.kubeServices.snapshot().get(key);
        var served = tables.services.snapshot().get(name);
        if (service.isEmpty() || served.isEmpty()) {
            return unserved(name, service);
        }
        var slices = tables.slices
                .snapshot()
                .values()
                .filter(slice -> slice.service().equals(key))
                .toList();
        var remote = tables.believed
                .services()
                .snapshot()
                .values()
                .filter(other -> other.name().equals(name))
                .toList();
        var facts = new ServiceViewPlan.Facts(
                slices,
                remote,
                tables.paths.snapshot()::get,
                problems(served.get()),
                connections.of(served.get().ports().keySet()));
        return ServiceViewPlan.view(self, service.get(), served.get(), facts);
    }

    private Map<Frontend, String> problems(ServedService served) {
        var problems = new HashMap<Frontend, String>();
        var failed = failures.get();
        for (var frontend : served.ports().keySet()) {
            Optional.ofNullable(failed.get(frontend))
                    .ifPresent(failure -> problems.put(frontend, "not in the kernel: " + failure.reason()));
            holder(frontend)
                    .filter(holder -> !holder.equals(served.name()))
                    .ifPresent(holder -> problems.put(frontend, "served for " + holder + ", which has it too"));
        }
        return problems;
    }

    /** Who keeps it where several services claim it, as the rows of the kernel are planned. */
    private Optional<ServiceName> holder(Frontend frontend) {
        var place = frontend.in(ServiceScope.EVERYBODY);
        var claimants = tables.services.snapshot().values().filter(service -> service.claims(place));
        return OwnerPlan.owner(claimants, place).map(ServedService::name);
    }

    private ServiceView unserved(ServiceName name, Optional<KubeService> service) {
        var annotations = ServiceAnnotations.parse(
                name, service.map(KubeService::annotations).orElse(Map.of()));
        return new ServiceView(
                self.node(),
                self.name().value(),
                name,
                annotations.global(),
                annotations.shared(),
                annotations.affinity(),
                service.map(found -> whyUnserved(found, annotations)).orElse("the agent knows no such Service"),
                List.of());
    }

    private String whyUnserved(KubeService service, ServiceAnnotations annotations) {
        if (service.type() == KubeService.Type.EXTERNAL_NAME) {
            return "it is of type ExternalName, which is an answer of the DNS";
        }
        if (service.headless() || service.clusterIps().isEmpty()) {
            return "it is headless: clients connect to the addresses of pods";
        }
        if (service.isOfAnotherProxy()) {
            return "its labels leave it to another proxy (service.kubernetes.io/service-proxy-name or headless)";
        }
        if (self.served() == ServedServices.ALL) {
            return "the agent has not planned it yet";
        }
        return annotations.global()
                ? "its namespace takes no part in the mesh, and " + ServedServices.SETTING + " is false"
                : "it is not global, and " + ServedServices.SETTING + " is false: kube-proxy serves it";
    }
}
