package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/** Removes what belonged to removed objects: dependents of owners, and everything in namespaces that are terminating. */
final class Collector implements AutoCloseable {
    private static final Set<String> NEVER_OWN = Set.of("pods", "endpointslices.discovery.k8s.io", "events", "leases.coordination.k8s.io", "secrets", "configmaps");
    private static final int MOST_PASSES = 600;

    private final Registry registry;
    private final Kinds kinds;
    private final LinkedBlockingQueue<Change> work = new LinkedBlockingQueue<>();
    private final AutoCloseable subscription;
    private final Thread thread;

    Collector(Registry registry, Kinds kinds, ChangeFeed feed) {
        this.registry = registry;
        this.kinds = kinds;
        this.subscription = feed.subscribe(feed.newest(), this::received);
        this.thread = Thread.ofVirtual().name("collect dependents").start(this::run);
    }

    private void received(Change change) {
        boolean ownerGone = change.after() == null && !NEVER_OWN.contains(change.resource());
        boolean namespaceEnds = change.resource().equals("namespaces") && change.after() != null && Json.isTerminating(change.after());
        if (ownerGone || namespaceEnds) {
            work.add(change);
        }
    }

    private void run() {
        try {
            while (true) {
                var change = work.take();
                if (change.after() == null) {
                    collect(Json.meta(change.before(), "uid"));
                } else {
                    empty(Json.name(change.after()));
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void collect(String owner) {
        for (ResourceKind kind : kinds.all()) {
            for (ObjectNode object : registry.list(kind, "").items()) {
                if (isOwnedBy(object, owner)) {
                    remove(kind, object);
                }
            }
        }
    }

    private static boolean isOwnedBy(ObjectNode object, String owner) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference.path("uid").asText().equals(owner)) {
                return true;
            }
        }
        return false;
    }

    private void empty(String namespace) throws InterruptedException {
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            int left = 0;
            for (ResourceKind kind : kinds.all()) {
                if (kind.namespaced()) {
                    for (ObjectNode object : registry.list(kind, namespace).items()) {
                        left++;
                        if (!Json.isTerminating(object)) {
                            remove(kind, object);
                        }
                    }
                }
            }
            if (left == 0) {
                finish(namespace);
                return;
            }
            Thread.sleep(50);
        }
    }

    private void finish(String namespace) {
        try {
            registry.finishNamespace(registry.get(Kinds.NAMESPACE, "", namespace));
        } catch (ApiError alreadyGone) {
            return;
        }
    }

    private void remove(ResourceKind kind, ObjectNode object) {
        try {
            registry.delete(kind, Json.namespace(object), Json.name(object), Json.object());
        } catch (ApiError alreadyGone) {
            return;
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
