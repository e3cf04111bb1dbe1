package dev.tombolo.kvstore.follow;

import java.time.Duration;

/**
 * How patient a follower is.
 *
 * @param overdue without a heartbeat for so long a source is stale: two minutes or three intervals (Cilium: 2 min)
 */
public record FollowPace(Duration overdue, Duration firstRetry, Duration longestRetry) {
    public static final FollowPace DEFAULT =
            new FollowPace(Duration.ofMinutes(2), Duration.ofMillis(200), Duration.ofSeconds(5));

    public static FollowPace heartbeatEvery(Duration interval) {
        var threeIntervals = interval.multipliedBy(3);
        var overdue = threeIntervals.compareTo(DEFAULT.overdue) < 0 ? threeIntervals : DEFAULT.overdue;
        return new FollowPace(overdue, DEFAULT.firstRetry, DEFAULT.longestRetry);
    }
}
