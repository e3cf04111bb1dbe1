package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that a Service asks for by name.
 *
 * @param refused what of it cannot be read
 */
public record RequestedAddresses(List<IpAddress> addresses, List<Invalid> refused) {
    private static final String ANNOTATION = "lbipam.cilium.io/ips";
    private static final String OLD_ANNOTATION = "io.cilium/lb-ipam-ips";
    private static final int MOST = 64;

    public RequestedAddresses {
        addresses = List.copyOf(addresses);
        refused = List.copyOf(refused);
    }

    /** The field of the spec and the annotation count both. */
    public static RequestedAddresses of(KubeService service) {
        var addresses = new LinkedHashSet<IpAddress>();
        var refused = new ArrayList<Invalid>();
        texts(service)
                .forEach(text -> IpAddress.tryParse(text)
                        .filter(_ -> addresses.size() < MOST)
                        .ifPresentOrElse(addresses::add, () -> refused.add(refusal(service, text))));
        return new RequestedAddresses(List.copyOf(addresses), refused);
    }

    private static Stream<String> texts(KubeService service) {
        String listed = ServiceAnnotation.value(service.annotations(), ANNOTATION, OLD_ANNOTATION);
        return Stream.concat(
                service.loadBalancing().loadBalancerIp().stream(),
                Arrays.stream(listed.split(",")).map(String::strip).filter(text -> !text.isEmpty()));
    }

    private static Invalid refusal(KubeService service, String text) {
        return new Invalid(
                "Service " + service.key() + " annotation " + ANNOTATION,
                Invalid.Reason.BAD_ANNOTATION,
                text,
                "at most " + MOST + " addresses, separated by commas");
    }

    /** Whether it asks for addresses of which none can be read: any other one would be a wrong one. */
    boolean unclear() {
        return addresses.isEmpty() && !refused.isEmpty();
    }
}
