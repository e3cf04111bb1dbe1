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
 */
final class RankedAddressPools {
    private final List<AddressPool> pools;
    private final boolean unread;

    /** Of pools that are not in conflict, by the first address; none overlaps another. */
    private final NavigableMap<IpAddress, Claim> claims = new TreeMap<>();

    private final Map<String, Conflict> conflicts = new LinkedHashMap<>();
    private final List<AddressPool> conflicting = new ArrayList<>();

    /** A pool at fault, and with whom; perhaps itself. */
    record Conflict(AddressRange range, AddressRange other, String pool) {}

    private record Claim(AddressRange range, AddressPool pool) {}

    private RankedAddressPools(List<AddressPool> pools, boolean unread) {
        this.pools = pools;
        this.unread = unread;
        pools.forEach(this::rank);
    }

    static RankedAddressPools of(Collection<AddressPoolReading> readings) {
        return new RankedAddressPools(
                readings.stream()
                        .flatMap(reading -> reading.pool().stream())
                        .sorted(AddressPool.RANK)
                        .toList(),
                readings.stream().anyMatch(reading -> !reading.refused().isEmpty()));
    }

    private void rank(AddressPool pool) {
        var own = new TreeMap<IpAddress, Claim>();
        var conflict = pool.blocks().stream()
                .flatMap(block -> conflict(new Claim(block.all(), pool), own).stream())
                .findFirst();
        if (conflict.isPresent()) {
            conflicts.put(pool.name(), conflict.get());
            conflicting.add(pool);
        } else {
            claims.putAll(own);
        }
    }

    private Optional<Conflict> conflict(Claim claim, NavigableMap<IpAddress, Claim> own) {
        var found = Stream.of(own, claims)
                .flatMap(others -> overlapped(claim.range(), others).stream())
                .findFirst();
        own.put(claim.range().first(), claim);
        return found.map(
                other -> new Conflict(claim.range(), other.range(), other.pool().name()));
    }

    /** None of the claims overlaps another, so that only the last that begins before the range ends can overlap it. */
    private static Optional<Claim> overlapped(AddressRange range, NavigableMap<IpAddress, Claim> claims) {
        return Optional.ofNullable(claims.floorEntry(range.last()))
                .map(Map.Entry::getValue)
                .filter(claim -> claim.range().overlaps(range));
    }

    List<AddressPool> pools() {
        return pools;
    }

    /** By the name of the pool at fault. */
    Map<String, Conflict> conflicts() {
        return conflicts;
    }

    /** Whether it gives addresses. */
    boolean gives(AddressPool pool) {
        return !pool.disabled() && !conflicts.containsKey(pool.name());
    }

    /** Of one that gives none, in words. */
    String whyNot(AddressPool pool) {
        var conflict = conflicts.get(pool.name());
        if (conflict == null) {
            return pool.name() + " is disabled";
        }
        return pool.name() + " is in conflict with "
                + (conflict.pool().equals(pool.name()) ? "itself" : "the older pool " + conflict.pool());
    }

    /** The pools that have an address, that in conflict with nobody first. */
    List<AddressPool> containing(IpAddress address) {
        var containing = new ArrayList<AddressPool>();
        overlapped(new AddressRange(address, address), claims).ifPresent(claim -> containing.add(claim.pool()));
        for (var pool : conflicting) {
            if (pool.contains(address)) {
                containing.add(pool);
            }
        }
        return containing;
    }

    boolean contains(IpAddress address) {
        return !containing(address).isEmpty();
    }

    /** Whether a service that has an address of a pool may have it still; where that is not known, it may. */
    boolean letsKeep(LoadBalancerService service, IpAddress address) {
        var containing = containing(address);
        return containing.isEmpty()
                ? unread
                : containing.stream().anyMatch(pool -> pool.services().matches(service.label()));
    }

    /** Whether a service can be given an address of a pool, if it has one. */
    boolean gives(AddressPool pool, LoadBalancerService service) {
        return gives(pool) && pool.services().matches(service.label());
    }

    /** Whether an address may be given at all: the ends of a block may not be. */
    static boolean isFree(AddressPool pool, IpAddress address) {
        return pool.blocks().stream().map(AddressBlock::free).anyMatch(range -> range.contains(address));
    }
}
