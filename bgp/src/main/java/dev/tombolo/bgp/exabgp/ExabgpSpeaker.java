package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A speaker that is an ExaBGP beside this process; it may come and go, and so may this. */
public final class ExabgpSpeaker implements Speaker {
    /** "BFD down" (RFC 9384). */
    private static final int BFD_DOWN = 10;

    private final Peers peers = new Peers();
    private final List<Consumer<SpeakerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Dialogue dialogue;
    private final Conversation conversation;
    private final PeerChanges changes;
    private final Rib rib;
    private final Supplier<Instant> clock;

    /**
     * @param configuration a file that ExaBGP reads; it is written here
     * @param bridge the helper's program, as ExaBGP finds it
     * @param socket where the helper listens, as both find it
     */
    public record Places(Path configuration, Path bridge, Path socket) {}

    public ExabgpSpeaker(Places places, ConfigCheck check) {
        this.clock = steadyClock();
        this.dialogue = new Dialogue(peers, clock.get());
        this.conversation = new Conversation(places.socket(), dialogue, clock, this::tell);
        var config = new ConfigText(places.bridge(), places.socket());
        var file = new ConfigFile(places.configuration(), check);
        this.changes = new PeerChanges(conversation, dialogue, peers, config, file, clock);
        this.rib = new Rib(conversation, dialogue, peers, clock);
    }

    /** Writes a configuration without peers if there is none, so that ExaBGP can start, and looks for ExaBGP. */
    public ExabgpSpeaker start() throws IOException {
        changes.makeConfiguration();
        conversation.start();
        changes.start();
        return this;
    }

    @Override
    public void apply(Collection<BgpPeer> wanted) {
        changes.want(wanted);
    }

    @Override
    public Target<RouteKey, PathAttributes> routes() {
        return rib;
    }

    @Override
    public void allRoutesPut() {
        conversation.with(dialogue::allPut);
    }

    @Override
    public void reset(PeerId peer) {
        conversation.with(() -> peers.existing(peer)
                .flatMap(PeerLink::session)
                .ifPresent(session -> dialogue.ask(new Command.Teardown(session, BFD_DOWN))));
    }

    @Override
    public SpeakerStatus status() {
        return conversation.look(() -> new SpeakerStatus(
                dialogue.channel(),
                dialogue.standing().since(),
                dialogue.standing().reason(),
                dialogue.version(),
                changes.problem(),
                peers.status(clock.get()),
                dialogue.counters()));
    }

    @Override
    public Map<Prefix, PathAttributes> told(PeerId peer) {
        return conversation.look(() -> peers.existing(peer)
                .filter(PeerLink::isUp)
                .map(link -> link.rib.acknowledged())
                .orElse(Map.of()));
    }

    @Override
    public void listen(Consumer<SpeakerEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        changes.close();
        conversation.close();
    }

    private void tell(SpeakerEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Time of day at start, and from there on what has passed: setting the clock must not look like silence. */
    private static Supplier<Instant> steadyClock() {
        var start = Instant.now();
        long origin = System.nanoTime();
        return () -> start.plusNanos(System.nanoTime() - origin);
    }
}
