package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.store.Value;
import java.util.Map;
import java.util.Optional;

/** Keeps the one value of a key that is followed; the prefix may bring the keys of clusters with longer names too. */
final class AnnouncementSink implements FollowerSink {
    private final String key;
    private volatile Optional<PeerAnnouncement> announced = Optional.empty();

    AnnouncementSink(String key) {
        this.key = key;
    }

    Optional<PeerAnnouncement> announced() {
        return announced;
    }

    @Override
    public void listed(Map<String, Value> all) {
        announced = Optional.ofNullable(all.get(key)).flatMap(PeerAnnouncement::parse);
    }

    @Override
    public void put(String changed, Value value) {
        if (changed.equals(key)) {
            announced = PeerAnnouncement.parse(value);
        }
    }

    @Override
    public void deleted(String gone) {
        if (gone.equals(key)) {
            announced = Optional.empty();
        }
    }
}
