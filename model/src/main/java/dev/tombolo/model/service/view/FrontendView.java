package dev.tombolo.model.service.view;

import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.view.ViewLine;
import java.util.List;
import java.util.stream.Stream;

/**
 * One address and port under which a service is reached.
 *
 * @param port the name that the service has for it; may be empty
 * @param problem why it is not in the kernel as it should be; empty where it is
 */
public record FrontendView(
        SocketEndpoint endpoint,
        Protocol protocol,
        String port,
        Kind kind,
        Audience audience,
        String problem,
        List<BackendView> backends) {
    private static final int AUDIENCE_AT = 5;

    public FrontendView {
        backends = List.copyOf(backends);
    }

    /** Where the address is from. */
    public enum Kind {
        CLUSTER("cluster address"),
        LOAD_BALANCER("load balancer"),
        EXTERNAL("external address"),
        NODE_PORT("node port"),
        /** For programs in the node's own network alone. */
        LOOPBACK("loopback of the node");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As people read it. */
        public String words() {
            return words;
        }
    }

    public List<BackendView> in(BackendView.State state) {
        return backends.stream().filter(backend -> backend.state() == state).toList();
    }

    /** How much of the new connections a backend gets, from 0 to 1. */
    public double share(BackendView backend) {
        int all = backends.stream().mapToInt(BackendView::weight).sum();
        return all == 0 ? 0 : (double) backend.weight() / all;
    }

    /** All that are known, those included that nobody gets. */
    public int connections() {
        return backends.stream().mapToInt(BackendView::connections).sum();
    }

    FrontendView with(List<BackendView> backends) {
        return new FrontendView(endpoint, protocol, port, kind, audience, problem, backends);
    }

    String line() {
        var fields = Stream.concat(
                Stream.of(endpoint.toString(), protocol.name(), port, kind.name(), problem),
                audience.fields().stream());
        return ViewLine.of(fields.toArray(String[]::new));
    }

    static FrontendView of(List<String> fields) {
        ViewLine.expect(fields, AUDIENCE_AT + Audience.FIELDS);
        return new FrontendView(
                SocketEndpoint.parse(fields.get(0)),
                Protocol.valueOf(fields.get(1)),
                fields.get(2),
                Kind.valueOf(fields.get(3)),
                Audience.of(fields.subList(AUDIENCE_AT, fields.size())),
                fields.get(4),
                List.of());
    }
}
