package dev.tombolo.agent.order;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Peers, of which none loses a prefix while a service leads to an address in it that no other peer carries. A prefix that
 * moves is simply given to its new peer, which takes it from the old one in one step.
 */
public final class OrderedPeers implements Target<WireGuardKey, TunnelPeer> {
    private final Target<WireGuardKey, TunnelPeer> target;
    private final RemovalOrder order;
    private final Carriers carriers = new Carriers();
    private boolean observed;
    private final Again<WireGuardKey> again = new Again<>();

    OrderedPeers(Target<WireGuardKey, TunnelPeer> target, RemovalOrder order) {
        this.target = target;
        this.order = order;
    }

    /** Whom to tell that a peer that had to stay, or to keep a prefix, can be considered again. */
    public void onRelease(Consumer<WireGuardKey> listener) {
        again.tell(listener);
    }

    boolean mayCarry(IpAddress address) {
        return !observed || carriers.carries(address);
    }

    @Override
    public Map<WireGuardKey, TunnelPeer> observe() throws IOException {
        var rows = target.observe();
        synchronized (order) {
            carriers.clear();
            rows.forEach((key, peer) -> peer.allowed().forEach(prefix -> carriers.give(key, prefix)));
            observed = true;
        }
        return rows;
    }

    @Override
    public void put(WireGuardKey key, TunnelPeer peer) throws IOException {
        var allowed = new HashSet<>(peer.allowed());
        Set<Prefix> unwanted;
        Set<Prefix> taken;
        synchronized (order) {
            unwanted = unwanted(key, peer.allowed());
            allowed.addAll(kept(key, peer.allowed()));
            taken = take(key, allowed);
        }
        try {
            target.put(key, new TunnelPeer(peer.node(), peer.endpoint(), allowed));
        } catch (IOException | RuntimeException refused) {
            giveBack(key, taken);
            throw refused;
        }
        var free = new ArrayList<Again.Waiter<?>>();
        synchronized (order) {
            free.addAll(losers(key, unwanted));
            allowed.forEach(prefix -> carriers.give(key, prefix));
            peer.allowed().forEach(prefix -> free.addAll(order.used().waitingWithin(prefix)));
        }
        RemovalOrder.release(free);
    }

    @Override
    public void remove(WireGuardKey key) throws IOException {
        Set<Prefix> unwanted;
        boolean stays;
        synchronized (order) {
            unwanted = unwanted(key, Set.of());
            stays = !kept(key, Set.of()).isEmpty();
            if (!stays) {
                take(key, Set.of());
            }
        }
        if (!stays) {
            try {
                target.remove(key);
            } catch (IOException | RuntimeException refused) {
                giveBack(key, unwanted);
                throw refused;
            }
        }
        List<Again.Waiter<?>> free;
        synchronized (order) {
            free = losers(key, unwanted);
        }
        RemovalOrder.release(free);
    }

    private Set<Prefix> unwanted(WireGuardKey key, Set<Prefix> allowed) {
        var unwanted = new HashSet<>(carriers.of(key));
        unwanted.removeAll(allowed);
        return unwanted;
    }

    /** Before the kernel is asked, so that meanwhile no service is led to what is about to go. */
    private Set<Prefix> take(WireGuardKey key, Set<Prefix> allowed) {
        var taken = unwanted(key, allowed);
        taken.forEach(prefix -> carriers.take(key, prefix));
        return taken;
    }

    /** The kernel has refused, so it has still what it had. */
    private void giveBack(WireGuardKey key, Set<Prefix> taken) {
        synchronized (order) {
            taken.forEach(prefix -> carriers.give(key, prefix));
        }
    }

    /** Those who have lost to this peer what it no longer wants: WireGuard does not give it back by itself. */
    private List<Again.Waiter<?>> losers(WireGuardKey key, Set<Prefix> unwanted) {
        var waiters = new ArrayList<Again.Waiter<?>>();
        unwanted.stream()
                .flatMap(prefix -> carriers.losers(key, prefix).stream())
                .forEach(loser -> waiters.add(again.waiter(loser)));
        return waiters;
    }

    /** What the peer has and is not to have, and yet must keep for now; it is considered again when that has changed. */
    private List<Prefix> kept(WireGuardKey key, Set<Prefix> allowed) {
        var waiter = again.waiter(key);
        var kept = new ArrayList<Prefix>();
        for (Prefix prefix : carriers.of(key)) {
            if (allowed.contains(prefix)) {
                continue;
            }
            if (!order.used().isSeen()) {
                order.used().awaitFirstSight(waiter);
                kept.add(prefix);
                continue;
            }
            user(key, prefix, allowed).ifPresent(address -> {
                order.used().await(address, waiter);
                kept.add(prefix);
            });
        }
        return kept;
    }

    private Optional<IpAddress> user(WireGuardKey key, Prefix prefix, Set<Prefix> allowed) {
        return order.used()
                .within(
                        prefix,
                        address -> !carriers.carriesWithout(key, address)
                                && allowed.stream().noneMatch(other -> other.contains(address)));
    }
}
