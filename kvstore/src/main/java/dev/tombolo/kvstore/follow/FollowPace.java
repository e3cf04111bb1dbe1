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

    /**
     * How often a heartbeat is really written, where leases may be short. Readers call a source stale after three
     * intervals, and that has to be before the first lease runs out, two thirds of its time after the writer's death:
     * else they would believe that what vanishes was meant to go.
     */
    public static Duration beat(Duration heartbeat, Duration lease) {
        var sixth = lease.dividedBy(6);
        return heartbeat.compareTo(sixth) < 0 ? heartbeat : sixth;
    }

    public static FollowPace heartbeatEvery(Duration interval) {
        var threeIntervals = interval.multipliedBy(3);
        var overdue = threeIntervals.compareTo(DEFAULT.overdue) < 0 ? threeIntervals : DEFAULT.overdue;
        return new FollowPace(overdue, DEFAULT.firstRetry, DEFAULT.longestRetry);
    }
}
