package dev.tombolo.agent.service;

import dev.tombolo.model.service.ServiceAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the backends of all clusters serve: those that affinity prefers, of clusters that are not drained. If these are
 * gone, those of drained clusters; if nothing but dead paths is left, these: a probe may be wrong, an empty service fails for
 * certain.
 */
record BackendChoice(ServiceAnnotations annotations) {
    static BackendSet of(
            ServiceAnnotations annotations, BackendSet locals, List<Backend> alive, List<Backend> deadPaths) {
        return new BackendChoice(annotations).of(locals, alive, deadPaths);
    }

    private BackendSet of(BackendSet locals, List<Backend> alive, List<Backend> deadPaths) {
        var inUse = preferred(wanted(locals.active()), wanted(alive));
        var withDrained = inUse.isEmpty() ? preferred(locals.active(), alive) : inUse;
        var withDead = preferred(locals.active(), deadPaths);
        var active = withDrained.isEmpty() ? withDead : withDrained;
        var used = active.stream().map(Backend::endpoint).collect(Collectors.toSet());
        var dead = withDead.stream()
                .filter(backend -> deadPaths.contains(backend) && !used.contains(backend.endpoint()))
                .toList();
        var drained = Stream.concat(locals.active().stream(), alive.stream()).filter(backend -> !isWanted(backend));
        var draining = Stream.concat(locals.draining().stream(), drained)
                .filter(backend -> !active.contains(backend))
                .toList();
        return new BackendSet(active, draining, dead);
    }

    private List<Backend> preferred(List<Backend> locals, List<Backend> remotes) {
        return switch (annotations.affinity()) {
            case LOCAL -> locals.isEmpty() ? remotes : locals;
            case REMOTE -> remotes.isEmpty() ? locals : remotes;
            case NONE -> {
                var all = new ArrayList<>(locals);
                all.addAll(remotes);
                yield all;
            }
        };
    }

    private List<Backend> wanted(List<Backend> backends) {
        return backends.stream().filter(this::isWanted).toList();
    }

    private boolean isWanted(Backend backend) {
        return annotations.weights().of(backend.cluster()) > 0;
    }
}
