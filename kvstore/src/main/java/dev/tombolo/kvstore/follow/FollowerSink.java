package dev.tombolo.kvstore.follow;

import dev.tombolo.kvstore.store.Value;
import java.util.Map;

/** Where a followed prefix is delivered, in order, one call at a time. */
public interface FollowerSink {
    /** Everything there is now; what was known before and is not in it is gone. */
    void listed(Map<String, Value> all);

    void put(String key, Value value);

    void deleted(String key);
}
