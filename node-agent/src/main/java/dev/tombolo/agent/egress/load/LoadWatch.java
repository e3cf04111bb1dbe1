package dev.tombolo.agent.egress.load;

import dev.tombolo.agent.egress.load.GatewayLoad.AddressLoad;
import dev.tombolo.agent.egress.load.GatewayLoad.State;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.NatUse;
import dev.tombolo.bpf.egress.NatUse.AddressUse;
import dev.tombolo.model.net.IpAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Remembers how loaded the gateway is, and for how long connections have not been refused. One thread looks. */
public final class LoadWatch {
    private static final Duration LATELY = Duration.ofMinutes(LoadPlan.LATELY_MINUTES);

    private final EgressMaps maps;
    private final Clock clock;
    private final Map<IpAddress, Long> refusedBefore = new HashMap<>();
    private final Map<IpAddress, Instant> lastRefused = new HashMap<>();
    private boolean looked;
    private volatile GatewayLoad now = GatewayLoad.NONE;

    public LoadWatch(EgressMaps maps, Clock clock) {
        this.maps = maps;
        this.clock = clock;
    }

    /** As of the last look. */
    public GatewayLoad now() {
        return now;
    }

    /** @param use of the translations, just counted */
    void look(NatUse use) throws BpfException {
        var refused = new HashMap<IpAddress, Long>();
        maps.saturation().forEach((key, value) -> refused.put(key.address(), value.refused()));
        remember(refused);
        var ports = new HashMap<IpAddress, Integer>();
        var byGroup = new HashMap<Integer, Set<IpAddress>>();
        maps.addresses().forEach((key, row) -> {
            ports.merge(row.address(), span(row), Math::max);
            byGroup.computeIfAbsent(key.groupId(), _ -> new HashSet<>()).add(row.address());
        });
        var addresses = new HashMap<IpAddress, AddressLoad>();
        ports.forEach((address, span) -> addresses.put(
                address, load(address, span, use.addresses().get(address), refused.getOrDefault(address, 0L))));
        int capacity = maps.translations().capacity();
        boolean full = LoadPlan.isFull(now.full(), use.entries(), capacity);
        now = new GatewayLoad(use.entries(), capacity, full, use.connections(), addresses, byGroup);
    }

    /** What was refused before this process is no news. */
    private void remember(Map<IpAddress, Long> refused) {
        refused.forEach((address, count) -> {
            Long before = refusedBefore.put(address, count);
            if (looked && count > (before == null ? 0 : before)) {
                lastRefused.put(address, clock.instant());
            }
        });
        looked = true;
    }

    private AddressLoad load(IpAddress address, int span, AddressUse use, long refused) {
        var before = now.addresses().get(address);
        var last = lastRefused.get(address);
        boolean lately = last != null && clock.instant().isBefore(last.plus(LATELY));
        var state = before == null ? State.FINE : before.state();
        return LoadPlan.address(span, use, refused, lately, state);
    }

    private static int span(EgressAddress row) {
        return Math.max(0, row.portMax() - row.portMin() + 1);
    }
}
