package dev.tombolo.kvstore.protocol;

import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code tombolo/egress/v1/owners/<address>}: {@code {"node":"node1","epoch":3,"for":"policy#0","since":"RFC 3339"}}. */
public final class AddressOwnerCodec {
    private static final Pattern NODE = Pattern.compile("[a-z0-9.-]{1,253}");
    private static final int LONGEST_REASON = 1_024;

    private AddressOwnerCodec() {}

    public static String key(AddressOwner owner) {
        return EgressKeys.owner(owner.address());
    }

    public static Value encode(AddressOwner owner) {
        return WireJson.encode(WireJson.object()
                .put("node", owner.node())
                .put("epoch", owner.epoch())
                .put("for", owner.group())
                .put("since", owner.since().toString()));
    }

    public static Decoded<AddressOwner> decode(String key, Value value) {
        Optional<IpAddress> address = key.startsWith(EgressKeys.OWNERS)
                ? IpAddress.tryParse(key.substring(EgressKeys.OWNERS.length()))
                : Optional.empty();
        if (address.isEmpty() || !EgressKeys.owner(address.get()).equals(key)) {
            return WireJson.refuse(key, Invalid.Reason.MALFORMED, key, EgressKeys.OWNERS + "<address>");
        }
        return WireJson.decode(key, value, json -> owner(address.get(), json));
    }

    private static AddressOwner owner(IpAddress address, WireJson json) {
        String node = json.get("node").text();
        if (!NODE.matcher(node).matches()) {
            throw new WireJson.Malformed(node, "the name of a node");
        }
        String group = json.get("for").text();
        if (group.length() > LONGEST_REASON) {
            throw new WireJson.Malformed(group.length() + " characters", "at most " + LONGEST_REASON);
        }
        long epoch = json.get("epoch").number(1, Long.MAX_VALUE - 1);
        return new AddressOwner(
                address, node, epoch, group, instant(json.get("since").text()));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new WireJson.Malformed(text, "a time as in RFC 3339");
        }
    }
}
