package dev.tombolo.model.egress;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the ranges of a pool. Each problem says what was read, what was expected, and what to do about it. */
record EgressPoolRanges(String where, Collection<Prefix> pods, List<Invalid> refused) {
    private static final long MOST_ADDRESSES = 1 << 16;

    /** This network, loopback, link-local, multicast and what comes after it; none is an address of a node in a network. */
    private static final List<Prefix> NOBODYS = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8")
            .map(Prefix::parse)
            .toList();

    /** @param earlier ranges of the same pool */
    Optional<AddressRange> range(String field, EgressPoolSpec.Range text, List<AddressRange> earlier) {
        var range = understood(text);
        if (range.isEmpty()) {
            return refuse(
                    field,
                    Reason.BAD_CONFIGURATION,
                    text.toString(),
                    "cidr, or start and end of one family, for instance start: 192.0.2.10 and end: 192.0.2.19");
        }
        return range.filter(read -> isAllowed(field, text, read, earlier));
    }

    private boolean isAllowed(String field, EgressPoolSpec.Range text, AddressRange range, List<AddressRange> earlier) {
        if (range.size() > MOST_ADDRESSES) {
            refuse(field, Reason.TOO_LARGE, text.toString(), "at most 65536 addresses: a /16 of IPv4, a /112 of IPv6");
            return false;
        }
        var forbidden = overlapped(NOBODYS, range);
        if (forbidden.isPresent()) {
            refuse(
                    field,
                    Reason.ADDRESS_FORBIDDEN,
                    text.toString(),
                    "addresses that a node can have in its network, so none of " + forbidden.get());
            return false;
        }
        var ofPods = overlapped(pods, range);
        if (ofPods.isPresent()) {
            refuse(
                    field,
                    Reason.ADDRESS_IS_OURS,
                    text.toString(),
                    "addresses that no pod can have, so none of " + ofPods.get());
            return false;
        }
        var twice = earlier.stream().filter(range::overlaps).findFirst();
        twice.ifPresent(other -> refuse(
                field,
                Reason.BAD_CONFIGURATION,
                text.toString(),
                "addresses that are not in " + other + " above; remove one of the two"));
        return twice.isEmpty();
    }

    private static Optional<Prefix> overlapped(Collection<Prefix> forbidden, AddressRange range) {
        return forbidden.stream()
                .filter(prefix -> AddressRange.of(prefix).overlaps(range))
                .findFirst();
    }

    private static Optional<AddressRange> understood(EgressPoolSpec.Range text) {
        if (text.cidr().isPresent()) {
            boolean alone = text.start().isEmpty() && text.end().isEmpty();
            return text.cidr().filter(_ -> alone).flatMap(Prefix::tryParse).map(AddressRange::hosts);
        }
        var first = text.start().flatMap(IpAddress::tryParse);
        var last = text.end().or(text::start).flatMap(IpAddress::tryParse);
        boolean upwards = first.isPresent()
                && last.isPresent()
                && first.get().isV4() == last.get().isV4()
                && first.get().compareTo(last.get()) <= 0;
        return upwards ? Optional.of(new AddressRange(first.get(), last.get())) : Optional.empty();
    }

    <T> Optional<T> refuse(String field, Reason reason, String read, String expected) {
        refused.add(new Invalid(where + " " + field, reason, read, expected));
        return Optional.empty();
    }
}
