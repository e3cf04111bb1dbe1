package dev.tombolo.cli.service;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.ServiceView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A service as one node serves it, for programs. */
final class ServiceDocument {
    private ServiceDocument() {}

    static Map<String, Object> of(ServiceView view) {
        var document = new LinkedHashMap<String, Object>();
        document.put("namespace", view.name().namespace());
        document.put("name", view.name().name());
        document.put("node", view.node());
        document.put("cluster", view.cluster());
        document.put("global", view.global());
        document.put("shared", view.shared());
        document.put("affinity", word(view.affinity()));
        document.put("unserved", view.unserved().isEmpty() ? null : view.unserved());
        document.put(
                "frontends",
                view.frontends().stream().map(ServiceDocument::frontend).toList());
        return document;
    }

    private static Map<String, Object> frontend(FrontendView frontend) {
        var document = head(frontend);
        document.put("connections", frontend.audience().packets() ? frontend.connections() : null);
        document.put("problem", frontend.problem().isEmpty() ? null : frontend.problem());
        document.put(
                "backends",
                frontend.backends().stream()
                        .map(backend -> backend(backend, frontend))
                        .toList());
        return document;
    }

    static Map<String, Object> head(FrontendView frontend) {
        var audience = frontend.audience();
        var document = new LinkedHashMap<String, Object>();
        document.put("address", frontend.endpoint().address().toString());
        document.put("port", frontend.endpoint().port());
        document.put("protocol", frontend.protocol().name());
        document.put("port_name", frontend.port());
        document.put("kind", word(frontend.kind()));
        document.put("inside", audience.sockets());
        document.put("outside", audience.packets());
        document.put("node_only", audience.nodeOnly());
        document.put(
                "source_ranges",
                audience.ranges()
                        .<List<String>>map(
                                ranges -> ranges.stream().map(Prefix::toString).toList())
                        .orElse(null));
        document.put("session_affinity", audience.byClient());
        document.put("direct", audience.direct());
        return document;
    }

    static Map<String, Object> backend(BackendView backend, FrontendView frontend) {
        var document = new LinkedHashMap<String, Object>();
        document.put("address", backend.endpoint().address().toString());
        document.put("port", backend.endpoint().port());
        document.put("cluster", backend.cluster().isEmpty() ? null : backend.cluster());
        document.put("node", backend.node().isEmpty() ? null : backend.node());
        document.put("zone", backend.zone().isEmpty() ? null : backend.zone());
        document.put("state", word(backend.state()));
        document.put("share", frontend.share(backend));
        document.put("connections", frontend.audience().packets() ? backend.connections() : null);
        document.put("why", backend.why().isEmpty() ? null : backend.why());
        return document;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
