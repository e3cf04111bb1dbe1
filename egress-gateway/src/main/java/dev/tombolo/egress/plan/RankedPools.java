package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Pools by rank: an address that is in two of them is the first one's. */
public record RankedPools(List<EgressPool> pools) {
    public RankedPools {
        pools = pools.stream().sorted(EgressPool.RANK).toList();
    }

    public static RankedPools of(Collection<EgressPool> pools) {
        return new RankedPools(List.copyOf(pools));
    }

    /** Whose an address is; empty for one that does not float. */
    public Optional<EgressPool> of(IpAddress address) {
        return pools.stream().filter(pool -> pool.contains(address)).findFirst();
    }

    Optional<EgressPool> named(String name) {
        return pools.stream().filter(pool -> pool.name().equals(name)).findFirst();
    }

    /** A pool's own addresses of a family, the lowest first. */
    public Stream<IpAddress> addresses(EgressPool pool, boolean v4) {
        return pool.ranges().stream()
                .filter(range -> range.isV4() == v4)
                .flatMap(RankedPools::addresses)
                .filter(address -> of(address).equals(Optional.of(pool)));
    }

    private static Stream<IpAddress> addresses(AddressRange range) {
        return LongStream.range(0, range.size()).mapToObj(range.first()::plus);
    }
}
