package dev.tombolo.apiserver.derive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes into every object of one kind what it has come to. Used by one thread. */
public final class KindStatuses<O, S> {
    private final Function<O, String> name;
    private final Function<O, String> uid;
    private final Function<O, S> held;
    private final Writer<S> writer;
    private final ShownStatuses<O, S> shown = new ShownStatuses<>();

    public interface Writer<S> {
        void write(String name, S status) throws IOException;
    }

    /** From an object and its last status to the next one. */
    public interface Plan<O, S> {
        S status(O object, S before);
    }

    /** Tells people of a status that an object has been given, now or earlier. */
    public interface Voice<O, S> {
        void tell(O object, S status) throws IOException;
    }

    public KindStatuses(Function<O, String> name, Function<O, String> uid, Function<O, S> held, Writer<S> writer) {
        this.name = name;
        this.uid = uid;
        this.held = held;
        this.writer = writer;
    }

    /** Somebody else may write now, and what we remember grows old. */
    public void forget() {
        shown.clear();
    }

    public Optional<IOException> show(List<O> objects, Plan<O, S> plan) {
        return show(objects, plan, (_, _) -> {});
    }

    /** An object that cannot be written keeps no other waiting; returns the first failure. */
    public Optional<IOException> show(List<O> objects, Plan<O, S> plan, Voice<O, S> voice) {
        shown.retain(objects.stream().map(name).toList());
        var failures = new ArrayList<IOException>();
        for (O object : objects) {
            try {
                voice.tell(object, show(object, plan));
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
        return failures.stream().findFirst();
    }

    private S show(O object, Plan<O, S> plan) throws IOException {
        String key = name.apply(object);
        String id = uid.apply(object);
        S status = plan.status(object, shown.before(key, id, held.apply(object)));
        if (!shown.isOnItsWay(key, object, status) && !status.equals(held.apply(object))) {
            writer.write(key, status);
        }
        shown.put(key, id, object, status);
        return status;
    }
}
