package dev.tombolo.model.service.view;

import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.view.ViewLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A service as the agent of one node serves it.
 *
 * @param global whether backends of other clusters may join
 * @param shared whether other clusters may use its backends
 * @param unserved why the node leaves it to others; empty where it does not
 */
public record ServiceView(
        String node,
        String cluster,
        ServiceName name,
        boolean global,
        boolean shared,
        Affinity affinity,
        String unserved,
        List<FrontendView> frontends) {
    private static final String SERVICE = "service";
    private static final String FRONTEND = "frontend";
    private static final String BACKEND = "backend";
    private static final int FIELDS = 8;

    public ServiceView {
        frontends = List.copyOf(frontends);
    }

    /** The same with other frontends. */
    public ServiceView with(List<FrontendView> frontends) {
        return new ServiceView(node, cluster, name, global, shared, affinity, unserved, frontends);
    }

    /** As an agent's command prints it for the command line to read: each frontend with its backends behind it. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(line());
        for (var frontend : frontends) {
            lines.add(FRONTEND + "\t" + frontend.line());
            frontend.backends().forEach(backend -> lines.add(BACKEND + "\t" + backend.line()));
        }
        return lines;
    }

    private String line() {
        return ViewLine.of(
                SERVICE,
                node,
                cluster,
                name.namespace(),
                name.name(),
                Boolean.toString(global),
                Boolean.toString(shared),
                affinity.name(),
                unserved);
    }

    /** Reads what {@link #lines} wrote; empty for anything else. */
    public static Optional<ServiceView> parse(List<String> lines) {
        try {
            return lines.isEmpty() ? Optional.empty() : Optional.of(read(lines));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static ServiceView read(List<String> lines) {
        var first = after(SERVICE, lines.getFirst());
        ViewLine.expect(first, FIELDS);
        var name = new ServiceName(first.get(2), first.get(3));
        boolean global = Audience.flag(first.get(4));
        boolean shared = Audience.flag(first.get(5));
        var affinity = Affinity.valueOf(first.get(6));
        var frontends = frontends(lines.subList(1, lines.size()));
        return new ServiceView(first.get(0), first.get(1), name, global, shared, affinity, first.get(7), frontends);
    }

    private static List<FrontendView> frontends(List<String> lines) {
        var heads = new ArrayList<FrontendView>();
        var backends = new ArrayList<List<BackendView>>();
        for (var line : lines) {
            if (line.startsWith(FRONTEND)) {
                heads.add(FrontendView.of(after(FRONTEND, line)));
                backends.add(new ArrayList<>());
            } else if (heads.isEmpty()) {
                throw new IllegalArgumentException("a backend without a frontend: " + line);
            } else {
                backends.getLast().add(BackendView.of(after(BACKEND, line)));
            }
        }
        var frontends = new ArrayList<FrontendView>();
        for (int i = 0; i < heads.size(); i++) {
            frontends.add(heads.get(i).with(backends.get(i)));
        }
        return frontends;
    }

    private static List<String> after(String word, String line) {
        var fields = ViewLine.fields(line);
        if (!fields.getFirst().equals(word)) {
            throw new IllegalArgumentException("read " + line + ", expected " + word);
        }
        return fields.subList(1, fields.size());
    }
}
