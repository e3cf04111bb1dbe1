package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.model.loadbalancer.AddressBlock;
import dev.tombolo.model.loadbalancer.AddressPool;
import dev.tombolo.model.loadbalancer.AddressPoolReading;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Pools by age. One that has an address of an older pool, or one twice, is in conflict: it gives none any more, and what it
 * gave stays.
 *
 * @param conflicts by the name of the pool at fault
 * @param unread whether some of a pool is not understood, so that what it has is not known
 */
record RankedAddressPools(List<AddressPool> pools, Map<String, Conflict> conflicts, boolean unread) {
    /** A pool at fault, and with whom; perhaps itself. */
    record Conflict(AddressRange range, AddressRange other, String pool) {}

    static RankedAddressPools of(Collection<AddressPoolReading> readings) {
        var pools = readings.stream()
                .flatMap(reading -> reading.pool().stream())
                .sorted(AddressPool.RANK)
                .toList();
        boolean unread =
                readings.stream().anyMatch(reading -> !reading.refused().isEmpty());
        return new RankedAddressPools(pools, conflicts(pools), unread);
    }

    private record Claim(AddressRange range, String pool) {}

    private static Map<String, Conflict> conflicts(List<AddressPool> pools) {
        var claims = new TreeMap<IpAddress, Claim>();
        var conflicts = new LinkedHashMap<String, Conflict>();
        for (var pool : pools) {
            var own = new TreeMap<IpAddress, Claim>();
            var conflict = pool.blocks().stream()
                    .flatMap(block -> conflict(new Claim(block.all(), pool.name()), claims, own).stream())
                    .findFirst();
            conflict.ifPresentOrElse(found -> conflicts.put(pool.name(), found), () -> claims.putAll(own));
        }
        return conflicts;
    }

    private static Optional<Conflict> conflict(
            Claim claim, NavigableMap<IpAddress, Claim> claims, NavigableMap<IpAddress, Claim> own) {
        var found = Stream.of(own, claims)
                .flatMap(others -> overlapped(claim.range(), others).stream())
                .findFirst();
        own.put(claim.range().first(), claim);
        return found.map(other -> new Conflict(claim.range(), other.range(), other.pool()));
    }

    /** None of the claims overlaps another, so that only the last that begins before the range ends can overlap it. */
    private static Optional<Claim> overlapped(AddressRange range, NavigableMap<IpAddress, Claim> claims) {
        return Optional.ofNullable(claims.floorEntry(range.last()))
                .map(Map.Entry::getValue)
                .filter(claim -> claim.range().overlaps(range));
    }

    /** Whether it gives addresses. */
    boolean gives(AddressPool pool) {
        return !pool.disabled() && !conflicts.containsKey(pool.name());
    }

    boolean contains(IpAddress address) {
        return pools.stream().anyMatch(pool -> pool.contains(address));
    }

    /** Whether a service that has an address of a pool may have it still; where that is not known, it may. */
    boolean letsKeep(LoadBalancerService service, IpAddress address) {
        return pools.stream()
                        .anyMatch(pool ->
                                pool.contains(address) && pool.services().matches(service.label()))
                || unread && !contains(address);
    }

    /** The pools that a service could get an address of, oldest first. */
    List<AddressPool> giving(LoadBalancerService service) {
        var giving = new ArrayList<AddressPool>();
        for (var pool : pools) {
            if (gives(pool) && pool.services().matches(service.label())) {
                giving.add(pool);
            }
        }
        return giving;
    }

    /** Whether an address may be given at all: the ends of a block may not be. */
    static boolean isFree(AddressPool pool, IpAddress address) {
        return pool.blocks().stream().map(AddressBlock::free).anyMatch(range -> range.contains(address));
    }
}
