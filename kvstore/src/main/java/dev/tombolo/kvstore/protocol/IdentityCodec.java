package dev.tombolo.kvstore.protocol;

import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.identity.IdentityLabels;
import dev.tombolo.model.identity.SecurityIdentity;

/** {@code cilium/state/identities/v1/id/<decimal>}: labels as one string, the number in the key. */
public final class IdentityCodec {
    private IdentityCodec() {}

    /** An identity with its number. */
    public record Numbered(SecurityIdentity id, IdentityLabels labels) {}

    public static Value encode(IdentityLabels labels) {
        return Value.of(labels.encoded());
    }

    public static Decoded<Numbered> decode(String key, Value value) {
        String leaf = key.substring(key.lastIndexOf('/') + 1);
        if (!leaf.matches("[1-9]\\d{0,9}") || Long.parseLong(leaf) > 0xFFFFFFFFL) {
            return WireJson.refuse(key, Reason.WRONG_KEY, leaf, "a number of 32 bits");
        }
        if (value.size() > WireJson.LARGEST_VALUE) {
            return WireJson.refuse(key, Reason.TOO_LARGE, value.size() + " bytes", "labels");
        }
        return IdentityLabels.tryParse(value.text())
                .<Decoded<Numbered>>map(
                        labels -> new Decoded.Ok<>(new Numbered(new SecurityIdentity(Long.parseLong(leaf)), labels)))
                .orElseGet(
                        () -> WireJson.refuse(key, Reason.MALFORMED, value.text(), "source:key=value; for each label"));
    }
}
