package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** One watch: changes of one resource that pass the selectors, each sent at once as a line of its own. */
final class WatchStream {
    private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(20);
    private static final Duration LONGEST_WATCH = Duration.ofHours(2);

    private final Route route;
    private final Request request;
    private final Predicate<JsonNode> selected;
    private final Function<ObjectNode, ObjectNode> shown;
    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();

    /** @param shown how an object is put into an event: as it is, or as a table of one row */
    WatchStream(Route route, Request request, Predicate<JsonNode> selected, Function<ObjectNode, ObjectNode> shown) {
        this.route = route;
        this.request = request;
        this.selected = selected.and(
                object -> route.namespace().isEmpty() || Json.namespace(object).equals(route.namespace()));
        this.shown = shown;
    }

    void serve(HttpExchange exchange, Registry registry, ChangeFeed feed) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            String version = request.query("resourceVersion");
            long from;
            List<ObjectNode> present = List.of();
            if (version.isEmpty() || version.equals("0")) {
                var listing = registry.list(route.kind(), route.namespace());
                present = listing.items();
                from = listing.revision();
            } else {
                from = Long.parseLong(version);
            }
            for (ObjectNode object : present) {
                if (selected.test(object)) {
                    send(out, "ADDED", shown.apply(object));
                }
            }
            out.flush();
            follow(out, feed, from);
        }
    }

    private void follow(OutputStream out, ChangeFeed feed, long from) throws IOException, InterruptedException {
        try (var _ = feed.subscribe(from, change -> {
            // What the listing already held may arrive once more: the feed can be behind etcd for a moment.
            if (change.revision() > from
                    && change.resource().equals(route.kind().resource())) {
                changes.add(change);
            }
        })) {
            send(out, feed);
        } catch (ApiError expired) {
            send(out, "ERROR", expired.status());
        } catch (IOException | InterruptedException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void send(OutputStream out, ChangeFeed feed) throws IOException, InterruptedException {
        long seconds = request.query("timeoutSeconds").isEmpty()
                ? LONGEST_WATCH.toSeconds()
                : Long.parseLong(request.query("timeoutSeconds"));
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (true) {
            long left = Math.min(end - System.nanoTime(), BOOKMARK_INTERVAL.toNanos());
            if (left <= 0) {
                return;
            }
            long newest = feed.newest();
            var change = changes.poll(left, TimeUnit.NANOSECONDS);
            if (change != null) {
                send(out, change);
            } else if (request.isSet("allowWatchBookmarks")) {
                send(out, "BOOKMARK", bookmark(newest));
                out.flush();
            }
            if (changes.isEmpty()) {
                out.flush();
            }
        }
    }

    private void send(OutputStream out, Change change) throws IOException {
        boolean was = change.before() != null && selected.test(change.before());
        boolean is = change.after() != null && selected.test(change.after());
        if (is) {
            send(out, was ? "MODIFIED" : "ADDED", shown.apply(change.after()));
        } else if (was) {
            // An object that stops being selected is gone for this watcher, with the version at which it did.
            ObjectNode last = change.before().deepCopy();
            Json.metadata(last).put("resourceVersion", Long.toString(change.revision()));
            send(out, "DELETED", shown.apply(last));
        }
    }

    private ObjectNode bookmark(long revision) {
        ObjectNode object = Json.object()
                .put("kind", route.kind().kind())
                .put("apiVersion", route.kind().apiVersion());
        object.putObject("metadata")
                .put("resourceVersion", Long.toString(revision))
                .putNull("creationTimestamp");
        return object;
    }

    private static void send(OutputStream out, String type, ObjectNode object) throws IOException {
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        out.write(Json.bytes(event));
        out.write('\n');
    }
}
