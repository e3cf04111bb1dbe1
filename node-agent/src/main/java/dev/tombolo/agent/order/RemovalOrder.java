package dev.tombolo.agent.order;

import dev.tombolo.agent.mesh.MeshPlans;
import dev.tombolo.model.net.IpAddress;
import java.util.Collection;

/**
 * Keeps the order in which a path and the services that lead through it come and go, whatever the plans say and however
 * late they say it: a service is written only while peer, route and ipcache entry of each remote backend are there, and
 * none of these is taken away while a service in the kernel leads through it. What has to stay is taken away as soon as
 * the last such service has let go.
 *
 * <p>All four targets share this one lock, which is never held while the kernel is asked.
 */
public final class RemovalOrder {
    private final UsedAddresses used = new UsedAddresses();
    private final OrderedPeers peers;
    private final OrderedRoutes routes;
    private final OrderedIpcache ipcache;
    private final OrderedServices services;

    /**
     * @param self this cluster's id: its own backends need no path
     */
    public RemovalOrder(MeshPlans.Targets targets, int self) {
        peers = new OrderedPeers(targets.peers(), this);
        routes = new OrderedRoutes(targets.routes(), this);
        ipcache = new OrderedIpcache(targets.ipcache(), this);
        services = new OrderedServices(targets.services(), this, self);
    }

    public OrderedPeers peers() {
        return peers;
    }

    public OrderedRoutes routes() {
        return routes;
    }

    public OrderedIpcache ipcache() {
        return ipcache;
    }

    public OrderedServices services() {
        return services;
    }

    UsedAddresses used() {
        return used;
    }

    /** Of what was not read yet nothing has been taken away either. */
    boolean isInPlace(IpAddress address) {
        return peers.mayCarry(address) && routes.mayLeadTo(address) && ipcache.mayKnow(address);
    }

    /** To be called without the lock: those who waited have locks of their own. */
    static void release(Collection<Again.Waiter<?>> waiters) {
        waiters.forEach(Again.Waiter::go);
    }
}
