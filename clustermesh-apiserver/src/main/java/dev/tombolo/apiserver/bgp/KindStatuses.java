package dev.tombolo.apiserver.bgp;

import dev.tombolo.apiserver.derive.ShownStatuses;
import dev.tombolo.kube.object.ObjectHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes into every object of one kind what it has come to. Used by one thread. */
final class KindStatuses<O, S> {
    private final Function<O, ObjectHead> head;
    private final Function<O, S> held;
    private final Writer<S> writer;
    private final ShownStatuses<O, S> shown = new ShownStatuses<>();

    interface Writer<S> {
        void write(String name, S status) throws IOException;
    }

    /** From an object and its last status to the next one. */
    interface Plan<O, S> {
        S status(O object, S before);
    }

    KindStatuses(Function<O, ObjectHead> head, Function<O, S> held, Writer<S> writer) {
        this.head = head;
        this.held = held;
        this.writer = writer;
    }

    void forget() {
        shown.clear();
    }

    /** An object that cannot be written keeps no other waiting; returns the first failure. */
    Optional<IOException> show(List<O> objects, Plan<O, S> plan) {
        shown.retain(objects.stream().map(object -> head.apply(object).name()).toList());
        var failures = new ArrayList<IOException>();
        for (O object : objects) {
            try {
                show(object, plan);
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
        return failures.stream().findFirst();
    }

    private void show(O object, Plan<O, S> plan) throws IOException {
        String name = head.apply(object).name();
        String uid = head.apply(object).uid();
        S status = plan.status(object, shown.before(name, uid, held.apply(object)));
        if (!shown.isOnItsWay(name, object, status) && !status.equals(held.apply(object))) {
            writer.write(name, status);
        }
        shown.put(name, uid, object, status);
    }
}
