package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.RouteCheck;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The routes of all peers as a reconciler sees them: promises that are checked and then kept by the dialogue. */
final class Rib implements Target<RouteKey, PathAttributes> {
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    private final Conversation conversation;
    private final Dialogue dialogue;
    private final Peers peers;
    private final Supplier<Instant> clock;

    Rib(Conversation conversation, Dialogue dialogue, Peers peers, Supplier<Instant> clock) {
        this.conversation = conversation;
        this.dialogue = dialogue;
        this.peers = peers;
        this.clock = clock;
    }

    /**
     * What it returns are the promises, and before all routes are put also what was found: what is not wanted of that is
     * then removed. Refused rows are not there. Now and then it has ExaBGP print all it holds, and what differs from the
     * promises is told again; not each time, since commands wait meanwhile, 0.1 s for a thousand routes.
     */
    @Override
    public Map<RouteKey, PathAttributes> observe() throws IOException {
        if (conversation.look(dialogue::channel) != ChannelState.READY) {
            throw new IOException("what ExaBGP holds is not known: "
                    + conversation.look(() -> dialogue.standing().reason()));
        }
        if (conversation.look(dialogue.sight()::routesAt).plus(BETWEEN_LOOKS).isBefore(clock.get())) {
            look();
        }
        return conversation.look(this::promised);
    }

    private void look() throws IOException {
        long seen = conversation.look(dialogue.sight()::routeLooks);
        conversation.with(() -> dialogue.ask(new Command.ShowRoutes()));
        try {
            conversation.await(
                    () -> dialogue.sight().routeLooks() > seen, LONGEST_LOOK, "ExaBGP does not say what it holds");
        } catch (TimeoutException late) {
            throw new IOException(late.getMessage(), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private Map<RouteKey, PathAttributes> promised() {
        var rows = new HashMap<RouteKey, PathAttributes>();
        peers.links().forEach((id, link) -> {
            var refused = link.rib.refused();
            link.rib.wanted().forEach((prefix, attributes) -> {
                if (!refused.containsKey(prefix)) {
                    rows.put(new RouteKey(id, prefix), attributes);
                }
            });
        });
        return rows;
    }

    @Override
    public void put(RouteKey key, PathAttributes attributes) throws IOException {
        var failed = change(Set.of(), Map.of(key, attributes));
        if (!failed.isEmpty()) {
            throw failed.get(key);
        }
    }

    @Override
    public void remove(RouteKey key) {
        change(Set.of(key), Map.of());
    }

    @Override
    public Map<RouteKey, IOException> putAll(Map<RouteKey, PathAttributes> rows) {
        return change(Set.of(), rows);
    }

    @Override
    public Map<RouteKey, IOException> removeAll(Set<RouteKey> keys) {
        return change(keys, Map.of());
    }

    @Override
    public Map<RouteKey, IOException> change(Set<RouteKey> gone, Map<RouteKey, PathAttributes> puts) {
        var failed = new LinkedHashMap<RouteKey, IOException>();
        conversation.with(() -> {
            gone.forEach(this::removeNow);
            puts.forEach((key, attributes) -> putNow(key, attributes)
                    .ifPresent(problem -> failed.put(key, new IOException("not advertised: " + problem))));
        });
        return failed;
    }

    /** What was advertised of a prefix so far must not stay when what replaces it can't be. */
    private Optional<String> putNow(RouteKey key, PathAttributes attributes) {
        var link = peers.link(key.peer(), clock.get());
        var problem = RouteCheck.problem(key.prefix(), attributes)
                .or(() -> link.peer().flatMap(peer -> RouteCheck.problem(peer, key.prefix(), attributes)));
        if (problem.isPresent()) {
            link.rib.remove(key.prefix());
        } else {
            link.rib.put(key.prefix(), attributes);
        }
        return problem;
    }

    private void removeNow(RouteKey key) {
        peers.existing(key.peer()).ifPresent(link -> link.rib.remove(key.prefix()));
    }
}
