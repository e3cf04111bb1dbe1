package dev.tombolo.agent.order;

import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Routes into the tunnel, of which none goes while a service leads to an address that no other covers. */
public final class OrderedRoutes implements Target<Prefix, TunnelRoute> {
    private final Target<Prefix, TunnelRoute> target;
    private final RemovalOrder order;
    private final Set<Prefix> open = new HashSet<>();
    private final Lengths lengths = new Lengths();
    private boolean observed;
    private final Again<Prefix> again = new Again<>();

    OrderedRoutes(Target<Prefix, TunnelRoute> target, RemovalOrder order) {
        this.target = target;
        this.order = order;
    }

    /** Whom to tell that a route that had to stay can be considered again. */
    public void onRelease(Consumer<Prefix> listener) {
        again.tell(listener);
    }

    boolean mayLeadTo(IpAddress address) {
        return !observed || lengths.covering(address).anyMatch(open::contains);
    }

    @Override
    public Map<Prefix, TunnelRoute> observe() throws IOException {
        var rows = target.observe();
        synchronized (order) {
            open.clear();
            lengths.clear();
            rows.forEach(this::note);
            observed = true;
        }
        return rows;
    }

    @Override
    public void put(Prefix range, TunnelRoute route) throws IOException {
        target.put(range, route);
        List<Again.Waiter<?>> free;
        synchronized (order) {
            note(range, route);
            free = order.used().waitingWithin(range);
        }
        RemovalOrder.release(free);
    }

    private void note(Prefix range, TunnelRoute route) {
        if (route.source().isPresent()) {
            open(range);
        }
    }

    private void open(Prefix range) {
        synchronized (order) {
            if (open.add(range)) {
                lengths.add(range);
            }
        }
    }

    @Override
    public void remove(Prefix range) throws IOException {
        boolean wasOpen;
        synchronized (order) {
            var waiter = again.waiter(range);
            if (!order.used().isSeen()) {
                order.used().awaitFirstSight(waiter);
                return;
            }
            var user = order.used().within(range, address -> isOnlyRoute(range, address));
            if (user.isPresent()) {
                order.used().await(user.get(), waiter);
                return;
            }
            wasOpen = open.remove(range);
            if (wasOpen) {
                lengths.remove(range);
            }
        }
        try {
            target.remove(range);
        } catch (IOException | RuntimeException refused) {
            if (wasOpen) {
                open(range);
            }
            throw refused;
        }
    }

    private boolean isOnlyRoute(Prefix range, IpAddress address) {
        return lengths.covering(address).noneMatch(other -> !other.equals(range) && open.contains(other));
    }
}
