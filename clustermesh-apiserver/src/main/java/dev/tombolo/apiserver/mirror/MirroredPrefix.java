package dev.tombolo.apiserver.mirror;

import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The objects of one kind that a peer has: validated and counted against the quota on the way from its etcd into the table of
 * what is copied. Bytes are copied unchanged. Thread-safe.
 */
class MirroredPrefix implements FollowerSink {
    private final Objects objects;
    private final String statePrefix;
    private final String cachePrefix;
    private final Table<String, Value> rows;
    private final Refusals refusals = new Refusals();
    private PeerRules rules;
    private long bytes;

    /** What is believed of the objects under a prefix. */
    interface Objects {
        /** Empty when the object is believed. */
        Optional<Invalid> refusal(PeerRules rules, String key, Value value);

        /** How many are. */
        int quota(PeerQuotas quotas);
    }

    MirroredPrefix(Objects objects, String statePrefix, String cachePrefix, PeerRules rules) {
        this.objects = objects;
        this.rules = rules;
        this.statePrefix = statePrefix;
        this.cachePrefix = cachePrefix;
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
        countBytes();
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
                    refusals.put(stateKey(row.getKey()), why);
                    gone.add(row.getKey());
                }));
        rows.apply(Map.of(), gone);
        countBytes();
    }

    private void countBytes() {
        bytes = rows.snapshot().values().mapToLong(Value::size).sum();
    }

    synchronized Map<Reason, Long> refused() {
        return refusals.counts();
    }

    synchronized Map<Reason, Invalid> refusalExamples() {
        return refusals.examples();
    }

    @Override
    public synchronized void listed(Map<String, Value> all) {
        refusals.clear();
        bytes = 0;
        var accepted = new LinkedHashMap<String, Value>();
        all.forEach((key, value) -> refusal(key, value)
                .or(() -> overQuota(key, value, Optional.empty(), accepted.size()))
                .ifPresentOrElse(why -> refusals.put(key, why), () -> {
                    accepted.put(cacheKey(key), value);
                    bytes += value.size();
                }));
        rows.replaceAll(accepted);
        rows.markInitialized();
    }

    @Override
    public synchronized void put(String key, Value value) {
        var known = rows.snapshot();
        var before = known.get(cacheKey(key));
        var refusal = refusal(key, value);
        if (refusal.isPresent()) {
            // It was something else before, and that is no longer what the peer says.
            deleted(key);
            refusals.put(key, refusal.get());
            return;
        }
        overQuota(key, value, before, known.size()).ifPresentOrElse(why -> refusals.put(key, why), () -> {
            refusals.remove(key);
            rows.put(cacheKey(key), value);
            bytes += value.size() - before.map(Value::size).orElse(0);
        });
    }

    @Override
    public synchronized void deleted(String key) {
        refusals.remove(key);
        rows.snapshot().get(cacheKey(key)).ifPresent(gone -> bytes -= gone.size());
        rows.apply(Map.of(), Set.of(cacheKey(key)));
    }

    private Optional<Invalid> refusal(String key, Value value) {
        return objects.refusal(rules, key, value);
    }

    /** One more, or one that has grown, must leave both the number and the size of all within their bounds. */
    private Optional<Invalid> overQuota(String key, Value value, Optional<Value> before, int present) {
        int quota = objects.quota(rules.peer().quotas());
        if (before.isEmpty() && present >= quota) {
            return Optional.of(new Invalid(key, Reason.QUOTA_EXCEEDED, "one more", "at most " + quota));
        }
        long grown = bytes + value.size() - before.map(Value::size).orElse(0);
        return grown <= Kinds.MOST_BYTES
                ? Optional.empty()
                : Optional.of(new Invalid(
                        key,
                        Reason.QUOTA_EXCEEDED,
                        value.size() + " bytes more",
                        "at most " + Kinds.MOST_BYTES + " bytes of this kind"));
    }

    private String cacheKey(String key) {
        return cachePrefix + key.substring(statePrefix.length());
    }

    private String stateKey(String key) {
        return statePrefix + key.substring(cachePrefix.length());
    }
}
