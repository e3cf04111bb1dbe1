package dev.tombolo.apiserver;

import dev.tombolo.apiserver.loadbalancer.AddressPoolEventPlan.PoolEvent;
import dev.tombolo.apiserver.loadbalancer.LoadBalancerController;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.kube.write.KubeEvents;
import dev.tombolo.kube.write.KubeWrites;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What services and pools of addresses have come to, as status and Events of their objects. */
record LoadBalancerReports(KubeWrites writes) implements LoadBalancerController.Reports {
    @Override
    public boolean wanted() throws IOException {
        return writes.statuses().ownsAddressPools();
    }

    @Override
    public boolean addresses(KubeService read, List<IpAddress> addresses, Optional<ObservedCondition> condition)
            throws IOException {
        return writes.serviceAddresses().write(read, addresses, condition);
    }

    @Override
    public boolean isAsRead(KubeService service) throws IOException {
        return writes.serviceAddresses().isAsRead(service);
    }

    @Override
    public void poolStatus(String pool, AddressPoolObject.Status status) throws IOException {
        writes.statuses().addressPool(pool, status);
    }

    @Override
    public void poolEvent(AddressPoolObject pool, PoolEvent event) throws IOException {
        writes.events("clustermesh-apiserver")
                .record(
                        KubeEvents.Subject.addressPool(pool.name(), pool.uid()),
                        event.severity(),
                        event.reason(),
                        event.message());
    }
}
