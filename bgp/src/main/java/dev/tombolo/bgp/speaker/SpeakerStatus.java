package dev.tombolo.bgp.speaker;

import dev.tombolo.model.bgp.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that a speaker can say of itself.
 *
 * @param since of the channel's state
 * @param reason why the channel is in this state
 * @param version of the program that speaks
 * @param configurationProblem why the sessions that are wanted are not those that are held
 */
public record SpeakerStatus(
        ChannelState channel,
        Instant since,
        String reason,
        Optional<String> version,
        Optional<String> configurationProblem,
        Map<PeerId, PeerStatus> peers,
        Counters counters) {
    /** A start takes less. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public SpeakerStatus {
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }

    /** All peers have been told all that they were to be, as far as they can be. */
    public boolean isReady() {
        return channel == ChannelState.READY && configurationProblem.isEmpty();
    }

    /** What keeps routers from being told what they should be, whoever they are; a sentence. */
    public Optional<String> problem(Instant now) {
        boolean waits = channel == ChannelState.STALLED
                || channel != ChannelState.READY && since.plus(PATIENCE).isBefore(now);
        return configurationProblem.or(() -> waits
                ? Optional.of("ExaBGP cannot be told anything, it keeps what it has: " + reason)
                : Optional.empty());
    }

    /**
     * Since start.
     *
     * @param unread lines that could not be read
     * @param lost events that were dropped because nobody read them
     * @param roundTrip of the last command
     */
    public record Counters(
            long commands, long errors, long unread, long lost, long resyncs, int outstanding, Duration roundTrip) {}
}
