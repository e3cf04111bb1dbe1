package dev.tombolo.model.loadbalancer;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the blocks of a pool. Each problem says what was read, what was expected, and what to do about it. */
record AddressBlockFields(String where, boolean withEnds, List<Invalid> refused) {
    /** No client can send to these; the first of IPv6 holds what stands for IPv4 too. */
    private static final List<Prefix> NOBODYS = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/8", "fe80::/10", "ff00::/8")
            .map(Prefix::parse)
            .toList();

    Optional<AddressBlock> block(String field, AddressPoolSpec.Block text) {
        var block = understood(text);
        if (block.isEmpty()) {
            refuse(
                    field,
                    Reason.BAD_CONFIGURATION,
                    text.toString(),
                    "cidr, or start and stop of one family, for instance start: 192.0.2.10 and stop: 192.0.2.19");
        }
        return block.filter(read -> isAllowed(field, text, read.all()));
    }

    private boolean isAllowed(String field, AddressPoolSpec.Block text, AddressRange range) {
        var forbidden = NOBODYS.stream()
                .filter(prefix -> AddressRange.of(prefix).overlaps(range))
                .findFirst();
        forbidden.ifPresent(prefix -> refuse(
                field,
                Reason.ADDRESS_FORBIDDEN,
                text.toString(),
                "addresses that clients can reach, so none of " + prefix));
        return forbidden.isEmpty();
    }

    private Optional<AddressBlock> understood(AddressPoolSpec.Block text) {
        return text.cidr().isPresent() ? ofCidr(text) : ofEnds(text);
    }

    private Optional<AddressBlock> ofCidr(AddressPoolSpec.Block text) {
        boolean alone = text.start().isEmpty() && text.stop().isEmpty();
        return text.cidr()
                .filter(cidr -> alone && cidr.contains("/"))
                .flatMap(Prefix::tryParse)
                .map(prefix -> withEnds ? AddressBlock.of(AddressRange.of(prefix)) : AddressBlock.withoutEnds(prefix));
    }

    private static Optional<AddressBlock> ofEnds(AddressPoolSpec.Block text) {
        var first = text.start().flatMap(IpAddress::tryParse);
        var last = text.stop().or(text::start).flatMap(IpAddress::tryParse);
        boolean upwards = first.isPresent()
                && last.isPresent()
                && first.get().isV4() == last.get().isV4()
                && first.get().compareTo(last.get()) <= 0;
        return upwards ? Optional.of(AddressBlock.of(new AddressRange(first.get(), last.get()))) : Optional.empty();
    }

    void refuse(String field, Reason reason, String read, String expected) {
        refused.add(new Invalid(where + " " + field, reason, read, expected));
    }
}
