package dev.tombolo.apiserver.mirror;

import dev.tombolo.kvstore.protocol.Decoded;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.IdentityCodec;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.protocol.NodeCodec;
import dev.tombolo.kvstore.protocol.ServiceCodec;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a mirror reads of a peer, kind by kind, and why it refuses an object. Pure. */
final class Kinds {
    /** Longer keys are nobody's; they would fill logs and status. */
    private static final int LONGEST_KEY = 1_024;

    /** Of all objects of a kind together: four times what the default quotas need, and far from what fills an etcd. */
    static final long MOST_BYTES = 64L << 20;

    static final List<Kind> MIRRORED = List.of(Kind.NODES, Kind.IDENTITIES, Kind.IPS, Kind.SERVICES);

    private Kinds() {}

    /** Empty when the object is believed. */
    static Optional<Invalid> refusal(Kind kind, PeerRules rules, String prefix, String key, Value value) {
        if (key.length() > LONGEST_KEY) {
            return Optional.of(new Invalid(
                    "a key of cluster " + rules.peer().name(),
                    Invalid.Reason.WRONG_KEY,
                    key,
                    "at most 1024 characters"));
        }
        if (value.size() > largest(kind)) {
            return Optional.of(new Invalid(
                    key, Invalid.Reason.TOO_LARGE, value.size() + " bytes", "at most " + largest(kind) + " bytes"));
        }
        return switch (kind) {
            case NODES ->
                check(
                        NodeCodec.decode(key, value),
                        prefix,
                        key,
                        node -> node.id().name(),
                        rules::check);
            case IDENTITIES ->
                check(
                        IdentityCodec.decode(key, value),
                        prefix,
                        key,
                        found -> found.id().toString(),
                        found -> rules.check(found.id(), found.labels()));
            case IPS ->
                check(
                        EndpointCodec.decode(prefix, key, value),
                        prefix,
                        key,
                        endpoint -> EndpointCodec.leaf(endpoint.prefix()),
                        rules::check);
            case SERVICES ->
                check(
                        ServiceCodec.decode(key, value),
                        prefix,
                        key,
                        service -> service.name().toString(),
                        rules::check);
            case ENDPOINT_SLICES, SERVICE_EXPORTS ->
                Optional.of(new Invalid(key, Invalid.Reason.WRONG_KEY, kind.name(), "a kind that is mirrored"));
        };
    }

    /** A service names every backend; the rest describes one thing. */
    private static int largest(Kind kind) {
        return switch (kind) {
            case SERVICES -> 1 << 20;
            case NODES -> 128 << 10;
            case IDENTITIES -> 64 << 10;
            case IPS, ENDPOINT_SLICES, SERVICE_EXPORTS -> 16 << 10;
        };
    }

    static int quota(Kind kind, PeerQuotas quotas) {
        return switch (kind) {
            case NODES -> quotas.nodes();
            case IDENTITIES -> quotas.identities();
            case IPS -> quotas.endpoints();
            case SERVICES -> quotas.services();
            case ENDPOINT_SLICES, SERVICE_EXPORTS -> 0;
        };
    }

    private static <T> Optional<Invalid> check(
            Decoded<T> decoded,
            String prefix,
            String key,
            Function<T, String> leaf,
            Function<T, Optional<Invalid>> rules) {
        return switch (decoded) {
            case Decoded.Refused<T>(var why) -> Optional.of(why);
            // Another spelling of the same thing would live beside it under a second key.
            case Decoded.Ok<T>(var value)
            when !key.equals(prefix + leaf.apply(value)) ->
                Optional.of(new Invalid(key, Invalid.Reason.WRONG_KEY, key, prefix + leaf.apply(value)));
            case Decoded.Ok<T>(var value) -> rules.apply(value);
        };
    }
}
