package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.model.bgp.BgpPeer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Makes ExaBGP's neighbours those that are wanted: withdraws what those that go were told, replaces the file, has it
 * read, and looks whether that came out as it should; else the file is put back. On a thread of its own.
 */
final class PeerChanges implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);

    private final Conversation conversation;
    private final Dialogue dialogue;
    private final Peers peers;
    private final ConfigText config;
    private final ConfigFile file;
    private final Supplier<Instant> clock;
    private final Thread thread;
    private volatile List<BgpPeer> wanted;
    private volatile Optional<String> problem = Optional.empty();
    private volatile boolean closed;
    private boolean reloadIsDue;

    PeerChanges(
            Conversation conversation,
            Dialogue dialogue,
            Peers peers,
            ConfigText config,
            ConfigFile file,
            Supplier<Instant> clock) {
        this.conversation = conversation;
        this.dialogue = dialogue;
        this.peers = peers;
        this.config = config;
        this.file = file;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("configure ExaBGP").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void makeConfiguration() throws IOException {
        if (file.text().isEmpty()) {
            file.replace(config.of(List.of()));
        }
    }

    synchronized void want(Collection<BgpPeer> all) {
        wanted = List.copyOf(all);
        notifyAll();
    }

    /** Why ExaBGP's neighbours are not those that are wanted. */
    Optional<String> problem() {
        return problem;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            List<BgpPeer> done = null;
            while (!closed) {
                var next = wanted;
                if (next != null && (next != done || isDue(next))) {
                    attempt(next);
                    done = next;
                }
                rest(done);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void rest(List<BgpPeer> done) throws InterruptedException {
        if (wanted == done) {
            wait((problem.isPresent() ? BETWEEN_ATTEMPTS : BETWEEN_LOOKS).toMillis());
        }
    }

    private void attempt(List<BgpPeer> next) throws InterruptedException {
        try {
            problem = change(next);
        } catch (IOException | TimeoutException failure) {
            problem = Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    private Optional<String> change(List<BgpPeer> next) throws IOException, TimeoutException, InterruptedException {
        String text = config.of(next);
        var before = file.text();
        boolean same = before.equals(Optional.of(text));
        var refused = same ? Optional.<String>empty() : file.problem(text);
        if (refused.isPresent()) {
            return refused;
        }
        if (!same) {
            replace(next, text);
        }
        conversation.with(() -> {
            peers.become(next, clock.get());
            dialogue.peersChanged();
        });
        return isReady() ? reload(next, before) : Optional.empty();
    }

    private void replace(List<BgpPeer> next, String text) throws IOException, InterruptedException {
        takeLeave(next);
        try {
            file.replace(text);
            reloadIsDue = true;
        } catch (IOException failure) {
            conversation.with(() -> peers.links().values().forEach(link -> link.rib.silence(false)));
            throw failure;
        }
    }

    /** A router that keeps routes over a restart would keep those of a session that never comes back. */
    private void takeLeave(List<BgpPeer> next) throws InterruptedException {
        var leaving = leaving(next);
        conversation.with(() -> leaving.forEach(link -> link.rib.silence(true)));
        try {
            conversation.await(
                    () -> dialogue.channel() != ChannelState.READY
                            || leaving.stream().allMatch(link -> link.rib.isForgotten()),
                    LONGEST,
                    "withdrawing");
        } catch (TimeoutException slow) {
            // It goes all the same: a peer that is not wanted must not stay because ExaBGP is slow.
        }
    }

    private List<PeerLink> leaving(List<BgpPeer> next) {
        var staying = new HashSet<Session>();
        next.forEach(peer -> staying.add(Session.of(peer)));
        return conversation.look(() -> peers.links().values().stream()
                .filter(link -> link.session().isPresent())
                .filter(link -> !staying.contains(link.session().get()))
                .toList());
    }

    private Optional<String> reload(List<BgpPeer> next, Optional<String> before)
            throws IOException, TimeoutException, InterruptedException {
        long seen = conversation.look(dialogue.sight()::reloads);
        conversation.with(() -> {
            dialogue.ask(new Command.Reload());
            dialogue.ask(new Command.ShowNeighbours());
        });
        conversation.await(
                () -> dialogue.sight().reloads() > seen || dialogue.channel() == ChannelState.ABSENT,
                LONGEST,
                "ExaBGP does not answer whether it has read its new configuration");
        if (isHeld(next)) {
            reloadIsDue = false;
            return Optional.empty();
        }
        if (before.equals(Optional.of(config.of(next))) && hasLostAll()) {
            conversation.with(() -> dialogue.ask(new Command.Shutdown()));
            return Optional.of("ExaBGP has lost all sessions and does not take them again: it is told to end, and its"
                    + " container starts it anew");
        }
        if (before.isPresent()) {
            // Whatever is wrong with it, with the old one ExaBGP can start again.
            file.replace(before.get());
        }
        return Optional.of("ExaBGP has not taken its new configuration");
    }

    /** Its helper died as it wrote to it: until it is started anew it drops every neighbour that it reads of. */
    private boolean hasLostAll() {
        return isReady() && conversation.look(() -> held().isEmpty());
    }

    /** It was not there when the file changed, or something else changed its neighbours or the file. */
    private boolean isDue(List<BgpPeer> next) {
        return problem.isPresent() || isReady() && (reloadIsDue || !isHeld(next)) || isSpoilt(next);
    }

    /** With a file that it cannot read ExaBGP cannot start, and nobody else would write it anew. */
    private boolean isSpoilt(List<BgpPeer> next) {
        try {
            return conversation.look(dialogue::channel) == ChannelState.ABSENT
                    && !file.text().equals(Optional.of(config.of(next)));
        } catch (IOException unreadable) {
            return true;
        }
    }

    private boolean isReady() {
        return conversation.look(() -> dialogue.channel() == ChannelState.READY);
    }

    /** As far as ExaBGP's neighbours show what they are; nothing is to be done while nobody can look. */
    private boolean isHeld(List<BgpPeer> next) {
        var expected = new HashMap<Session, Duration>();
        next.forEach(peer -> expected.put(Session.of(peer), peer.holdTime()));
        return conversation.look(() -> dialogue.channel() != ChannelState.READY || expected.equals(held()));
    }

    private Map<Session, Duration> held() {
        var held = new HashMap<Session, Duration>();
        dialogue.sight()
                .neighbours()
                .forEach(neighbour -> held.put(neighbour.session(), neighbour.configuredHoldTime()));
        return held;
    }
}
