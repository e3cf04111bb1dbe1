package dev.tombolo.kube.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is sent for addresses of services. */
final class ServiceRequestsTest extends RequestScene {
    private static final ObjectKey WEB = new ObjectKey("shop", "web");
    private static final String SERVICE = "/api/v1/namespaces/shop/services/web";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void addressesOfAServiceAreAPatchOfItsStatusForTheVersionThatWasRead() throws IOException {
        service("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\",\"ipMode\":\"VIP\"},{\"ip\":\"192.0.2.2\"},"
                + "{\"hostname\":\"lb.example\"}]},\"conditions\":[{\"type\":\"Other\",\"status\":\"True\"}]}");
        var read = api.reads().service(WEB).orElseThrow();
        requests.clear();
        var condition =
                new ObservedCondition(LoadBalancing.CONDITION, "True", 2, "satisfied", "", Optional.of(Instant.EPOCH));
        assertThat(api.writes()
                        .serviceAddresses()
                        .write(
                                read,
                                List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.9")),
                                Optional.of(condition)))
                .isTrue();
        assertThat(requests)
                .filteredOn(request -> request.startsWith("PATCH"))
                .singleElement()
                .satisfies(patch -> {
                    assertThat(patch).startsWith("PATCH " + SERVICE + "/status ");
                    assertThat(MAPPER.readTree(patch.substring(patch.indexOf('{'))))
                            .isEqualTo(MAPPER.readTree("{\"metadata\":{\"resourceVersion\":\"7\"},\"status\":{"
                                    + "\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\",\"ipMode\":\"VIP\"},"
                                    + "{\"hostname\":\"lb.example\"},{\"ip\":\"192.0.2.9\"}]},"
                                    + "\"conditions\":[{\"type\":\"Other\",\"status\":\"True\"},"
                                    + "{\"type\":\"cilium.io/IPAMRequestSatisfied\",\"status\":\"True\",\"observedGeneration\":2,"
                                    + "\"reason\":\"satisfied\",\"lastTransitionTime\":\"1970-01-01T00:00:00Z\"}]}}"));
                });
    }

    @Test
    void aServiceThatIsNotAsItWasReadIsNotWritten() throws IOException {
        service("{}");
        var read = api.reads().service(WEB).orElseThrow();
        service("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}");
        assertThat(api.writes().serviceAddresses().isAsRead(read)).isFalse();
        assertThat(api.writes().serviceAddresses().write(read, List.of(), Optional.empty()))
                .isFalse();
        service("{}");
        assertThat(api.writes().serviceAddresses().isAsRead(read)).isTrue();
        objects.put(SERVICE + "/status", "conflict");
        assertThat(api.writes().serviceAddresses().write(read, List.of(), Optional.empty()))
                .isFalse();
    }

    private void service(String status) {
        String service = "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"shop\","
                + "\"name\":\"web\",\"resourceVersion\":\"7\"},\"spec\":{\"type\":\"LoadBalancer\"},\"status\":"
                + status
                + "}";
        objects.put(SERVICE, service);
        objects.put(SERVICE + "/status", service);
    }
}
