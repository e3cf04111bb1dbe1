package dev.tombolo.kvstore.follow;

import java.util.Optional;

/**
 * A prefix to follow.
 *
 * @param canary the key that shows that the prefix has been written completely; empty if its writer makes none
 */
public record FollowedPrefix(String prefix, Optional<String> canary, FollowerSink sink) {}
