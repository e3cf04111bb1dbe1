package dev.tombolo.model.loadbalancer;

import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/**
 * Addresses of a pool that follow one another.
 *
 * @param all those that belong to the pool
 * @param free those of them that may be given to a service
 */
public record AddressBlock(AddressRange all, AddressRange free) {
    /** A block in which every address may be given. */
    public static AddressBlock of(AddressRange all) {
        return new AddressBlock(all, all);
    }

    /** A block whose first and last address are given to nobody; one of one or two addresses would have none left. */
    static AddressBlock withoutEnds(Prefix prefix) {
        var all = AddressRange.of(prefix);
        boolean tiny = prefix.length() >= prefix.address().bits() - 1;
        return tiny
                ? of(all)
                : new AddressBlock(
                        all, new AddressRange(all.first().plus(1), all.last().plus(-1)));
    }

    public boolean contains(IpAddress address) {
        return all.contains(address);
    }

    public boolean isV4() {
        return all.isV4();
    }
}
