package dev.tombolo.apiserver.mirror;

import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.table.Table;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of one peer's objects: validated and counted against the quota on the way from its etcd into the table of
 * what is copied. Bytes are copied unchanged. Thread-safe.
 */
final class MirroredKind implements FollowerSink {
    private final Kind kind;
    private final String statePrefix;
    private final String cachePrefix;
    private final Table<String, Value> rows;
    private final Map<Reason, Long> refused = new EnumMap<>(Reason.class);
    private PeerRules rules;
    private Optional<Invalid> lastRefusal = Optional.empty();

    MirroredKind(Kind kind, PeerRules rules) {
        this.kind = kind;
        this.rules = rules;
        this.statePrefix = MeshKeys.state(kind, rules.peer().name());
        this.cachePrefix = MeshKeys.cache(kind, rules.peer().name());
        this.rows = new Table<>("etcd " + cachePrefix);
    }

    /** Full keys of the own etcd's cache and the peer's bytes. */
    Table<String, Value> rows() {
        return rows;
    }

    String statePrefix() {
        return statePrefix;
    }

    String cachePrefix() {
        return cachePrefix;
    }

    Kind kind() {
        return kind;
    }

    /** What an earlier process copied: kept until the peer has been read again, as far as it is still believed. */
    synchronized void seed(Map<String, Value> cached) {
        var kept = new LinkedHashMap<String, Value>();
        cached.forEach((key, value) -> {
            if (refusal(stateKey(key), value).isEmpty()) {
                kept.put(key, value);
            }
        });
        rows.replaceAll(kept);
        rows.markInitialized();
    }

    /** From now on other rules hold, also for what has been copied already. */
    synchronized void rules(PeerRules newRules) {
        if (newRules.equals(rules)) {
            return;
        }
        rules = newRules;
        var gone = new HashSet<String>();
        rows.snapshot()
                .forEach(row -> refusal(stateKey(row.getKey()), row.getValue()).ifPresent(why -> {
                    count(why);
                    gone.add(row.getKey());
                }));
        rows.apply(Map.of(), gone);
    }

    synchronized Map<Reason, Long> refused() {
        return new EnumMap<>(refused);
    }

    synchronized Optional<Invalid> lastRefusal() {
        return lastRefusal;
    }

    @Override
    public synchronized void listed(Map<String, Value> all) {
        refused.clear();
        int quota = Kinds.quota(kind, rules.peer().quotas());
        var accepted = new LinkedHashMap<String, Value>();
        all.forEach((key, value) -> {
            var refusal =
                    refusal(key, value).or(() -> accepted.size() < quota ? Optional.empty() : overQuota(key, quota));
            refusal.ifPresentOrElse(this::count, () -> accepted.put(cacheKey(key), value));
        });
        rows.replaceAll(accepted);
        rows.markInitialized();
    }

    @Override
    public synchronized void put(String key, Value value) {
        int quota = Kinds.quota(kind, rules.peer().quotas());
        var known = rows.snapshot();
        var refusal = refusal(key, value);
        if (refusal.isPresent()) {
            count(refusal.get());
            // It was something else before, and that is no longer what the peer says.
            rows.remove(cacheKey(key));
        } else if (known.get(cacheKey(key)).isEmpty() && known.size() >= quota) {
            overQuota(key, quota).ifPresent(this::count);
        } else {
            rows.put(cacheKey(key), value);
        }
    }

    @Override
    public void deleted(String key) {
        rows.apply(Map.of(), Set.of(cacheKey(key)));
    }

    private Optional<Invalid> refusal(String key, Value value) {
        return Kinds.refusal(kind, rules, statePrefix, key, value);
    }

    private Optional<Invalid> overQuota(String key, int quota) {
        return Optional.of(new Invalid(key, Reason.QUOTA_EXCEEDED, "one more", "at most " + quota));
    }

    private void count(Invalid why) {
        refused.merge(why.reason(), 1L, Long::sum);
        lastRefusal = Optional.of(why);
    }

    private String cacheKey(String key) {
        return cachePrefix + key.substring(statePrefix.length());
    }

    private String stateKey(String key) {
        return statePrefix + key.substring(cachePrefix.length());
    }
}
