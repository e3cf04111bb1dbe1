package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What is to become of a Service's addresses.
 *
 * @param service as it is
 * @param condition absent where pools have no part in it any more
 */
record ServiceChange(KubeService service, List<IpAddress> addresses, Optional<ObservedCondition> condition) {
    ServiceChange {
        addresses = List.copyOf(addresses);
    }

    boolean isNone() {
        return addresses.equals(service.loadBalancerIps())
                && condition.equals(service.loadBalancing().condition());
    }

    List<IpAddress> lost() {
        return service.loadBalancerIps().stream()
                .filter(address -> !addresses.contains(address))
                .toList();
    }

    List<IpAddress> gained() {
        return addresses.stream()
                .filter(address -> !service.loadBalancerIps().contains(address))
                .toList();
    }

    /** The part of it that gives nothing, and says nothing yet of what it will give. */
    ServiceChange onlyTaking() {
        var gained = gained();
        return gained.isEmpty()
                ? this
                : new ServiceChange(
                        service,
                        addresses.stream()
                                .filter(address -> !gained.contains(address))
                                .toList(),
                        service.loadBalancing().condition());
    }
}
