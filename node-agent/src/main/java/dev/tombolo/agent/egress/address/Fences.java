package dev.tombolo.agent.egress.address;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.egress.EgressFence;
import dev.tombolo.bpf.egress.EgressFenceKey;
import dev.tombolo.model.net.IpAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * What the programs know of the floating addresses of this node: those it owns, and of these the ones that another node
 * has announced since. The row of a lost address stays until no translation to it is left.
 */
public final class Fences implements OwnedAddresses.Fence {
    private static final long ALWAYS = 1;

    private final BpfMap<EgressFenceKey, EgressFence> map;

    public Fences(BpfMap<EgressFenceKey, EgressFence> map) {
        this.map = map;
    }

    /** Lets packets leave with the address. Only for who knows, now, that it is this node's. */
    @Override
    public void open(IpAddress address) throws BpfException {
        map.put(new EgressFenceKey(address), EgressFence.OWNED);
    }

    /** Nothing leaves with the address any more. */
    @Override
    public void close(IpAddress address) throws BpfException {
        map.put(new EgressFenceKey(address), new EgressFence(ALWAYS, 0));
    }

    /** Ends what is known of addresses, which are nobody's but their administrator's then: packets leave with them. */
    void forget(Set<IpAddress> addresses) throws BpfException {
        map.deleteAll(addresses.stream().map(EgressFenceKey::new).toList());
    }

    /** Addresses that packets leave with, and those that nothing leaves with. */
    record Rows(Set<IpAddress> open, Set<IpAddress> closed) {}

    Rows read() throws BpfException {
        var rows = new Rows(new HashSet<>(), new HashSet<>());
        map.forEach((key, fence) -> (fence.isDeposed() ? rows.closed : rows.open).add(key.address()));
        return rows;
    }

    /** To be called when no translation to addresses is left that this node does not hold. */
    public void forgetAllBut(Set<IpAddress> held) throws BpfException {
        var gone = read().closed();
        gone.removeAll(held);
        forget(gone);
    }
}
