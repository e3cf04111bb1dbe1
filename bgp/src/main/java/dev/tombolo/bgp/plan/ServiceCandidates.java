package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement.Entry;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.bgp.BgpAdvertisement.Subject;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.OptionalInt;

/** The addresses of a service that an entry asks for. */
record ServiceCandidates(RouteInput.Mesh mesh, Entry entry, Subject.Services asked, Candidates candidates) {
    private static final String OURS = "io.cilium/bgp-control-plane";

    void of(BgpService service) {
        for (ServiceAddress kind : ServiceAddress.values()) {
            var addresses = service.addresses().getOrDefault(kind, List.of());
            if (asked.addresses().contains(kind) && !addresses.isEmpty()) {
                of(service, kind, addresses);
            }
        }
    }

    private void of(BgpService service, ServiceAddress kind, List<IpAddress> addresses) {
        if (kind == ServiceAddress.LoadBalancerIP
                && service.loadBalancerClass()
                        .filter(some -> !some.equals(OURS))
                        .isPresent()) {
            String other = service.loadBalancerClass().get();
            withhold(service, kind, addresses, "its loadBalancerClass " + other + " is somebody else's, not " + OURS);
            return;
        }
        switch (ServiceReach.of(service, kind, asked.remote(), mesh)) {
            case ServiceReach.Good() -> offer(service, kind, addresses, false);
            case ServiceReach.Standby() -> offer(service, kind, addresses, true);
            case ServiceReach.None(var why) -> withhold(service, kind, addresses, why);
        }
    }

    private void offer(BgpService service, ServiceAddress kind, List<IpAddress> addresses, boolean standby) {
        for (IpAddress address : addresses) {
            String subject = subject(service, kind, address);
            if (service.pending().contains(address)) {
                candidates.withhold(subject, "this node does not serve it yet");
            } else {
                candidates.add(entry, prefix(service, kind, address), subject, standby);
            }
        }
    }

    /** A node that cannot take every service's packets must not draw those of its neighbours with a wider prefix. */
    private Prefix prefix(BgpService service, ServiceAddress kind, IpAddress address) {
        boolean local = kind == ServiceAddress.ClusterIP ? service.internalLocal() : service.externalLocal();
        OptionalInt length = address.isV4() ? asked.aggregationV4() : asked.aggregationV6();
        return local || length.isEmpty() ? Prefix.host(address) : new Prefix(address, length.getAsInt());
    }

    private void withhold(BgpService service, ServiceAddress kind, List<IpAddress> addresses, String why) {
        addresses.forEach(address -> candidates.withhold(subject(service, kind, address), why));
    }

    private static String subject(BgpService service, ServiceAddress kind, IpAddress address) {
        return "Service " + service.name() + " " + kind + " " + address;
    }
}
