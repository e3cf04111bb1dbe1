package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.lab.apiserver.Dependents.Dependent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Removes what belonged to removed objects: dependents of owners, and everything in namespaces that are terminating. */
final class Collector implements AutoCloseable {
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 200;

    private final Registry registry;
    private final Kinds kinds;
    private final Dependents dependents = new Dependents();
    private final Set<String> terminating = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<Work> work = new LinkedBlockingQueue<>();
    private final AutoCloseable subscription;
    private final Thread thread;

    private sealed interface Work {
        record RemoveOne(Dependent dependent) implements Work {}

        record EmptyNamespace(String name) implements Work {}
    }

    Collector(Registry registry, Kinds kinds, ChangeFeed feed) {
        this.registry = registry;
        this.kinds = kinds;
        long revision = feed.newest();
        for (ResourceKind kind : kinds.all()) {
            registry.list(kind, "").items().forEach(object -> present(kind.resource(), object));
        }
        this.subscription = feed.subscribe(revision, this::received);
        this.thread = Thread.ofVirtual().name("collect dependents").start(this::run);
    }

    private void received(Change change) {
        if (change.before() != null) {
            dependents.remove(change.resource(), change.before());
        }
        if (change.after() != null) {
            present(change.resource(), change.after());
        } else if (change.before() != null) {
            absent(change);
        }
    }

    private void present(String resource, ObjectNode object) {
        dependents.add(resource, object);
        if (dependents.isLate(object)) {
            work.add(new Work.RemoveOne(new Dependent(resource, Json.namespace(object), Json.name(object))));
        }
        boolean ends = Json.isTerminating(object);
        if (resource.equals("namespaces") && ends && terminating.add(Json.name(object))) {
            work.add(new Work.EmptyNamespace(Json.name(object)));
        } else if (terminating.contains(Json.namespace(object)) && !ends) {
            work.add(new Work.EmptyNamespace(Json.namespace(object)));
        }
    }

    private void absent(Change change) {
        dependents
                .orphaned(Json.meta(change.before(), "uid"))
                .forEach(dependent -> work.add(new Work.RemoveOne(dependent)));
        if (change.resource().equals("namespaces")) {
            terminating.remove(Json.name(change.before()));
        } else if (terminating.contains(Json.namespace(change.before()))) {
            work.add(new Work.EmptyNamespace(Json.namespace(change.before())));
        }
    }

    private void run() {
        try {
            while (true) {
                Work next = work.take();
                // One pass over a namespace does for all that went from it meanwhile.
                work.removeIf(next::equals);
                attempt(next);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Work next) throws InterruptedException {
        try {
            switch (next) {
                case Work.RemoveOne(var one) ->
                    kinds.named(one.resource()).ifPresent(kind -> remove(kind, one.namespace(), one.name()));
                case Work.EmptyNamespace(var name) -> empty(name);
            }
        } catch (ApiError storeIsAway) {
            work.add(next);
            Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        }
    }

    private void empty(String namespace) {
        boolean isEmpty = true;
        for (ResourceKind kind : kinds.all()) {
            if (kind.namespaced()) {
                for (ObjectNode object : registry.list(kind, namespace).items()) {
                    isEmpty = false;
                    if (!Json.isTerminating(object)) {
                        remove(kind, namespace, Json.name(object));
                    }
                }
            }
        }
        if (isEmpty) {
            registry.finishNamespace(namespace);
        }
    }

    private void remove(ResourceKind kind, String namespace, String name) {
        try {
            registry.delete(kind, namespace, name, Json.object());
        } catch (ApiError refusal) {
            if (refusal.code() != 404) {
                throw refusal;
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            subscription.close();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
