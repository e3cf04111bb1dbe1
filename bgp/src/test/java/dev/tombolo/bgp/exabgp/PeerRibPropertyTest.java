package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is put and removed in which order, and however the session goes up and down: the router ends with it. */
class PeerRibPropertyTest {
    private static final Session SESSION =
            new Session("neighbor 192.0.2.2 local-ip 192.0.2.1 local-as 64500 peer-as 64501 router-id 192.0.2.1");

    private final PeerRib rib = new PeerRib();
    private final ExabgpModel exabgp = new ExabgpModel();
    private final Map<Prefix, PathAttributes> wanted = new HashMap<>();
    private final Queue<Command> commands = new ArrayDeque<>();
    private final Queue<Runnable> heard = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;
    private boolean seenUp;

    @Property(tries = 3000)
    void theRouterEndsWithWhatIsWanted(@ForAll long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 120; i++) {
            step(random);
        }
        settle();
        assertThat(exabgp.router).isEqualTo(wanted);
        assertThat(rib.pending()).isZero();
        assertThat(rib.told()).isEqualTo(wanted.size());
        assertThat(rib.acknowledged()).isEqualTo(wanted);
    }

    private void step(Random random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> put(random);
            case 3 -> remove(random);
            case 4, 5 -> say();
            case 6, 7 -> obey();
            case 8, 9 -> hear();
            case 10 -> pass(Duration.ofMillis(random.nextInt(150)));
            default -> bounce(random);
        }
    }

    private void put(Random random) {
        var prefix = prefix(random);
        var attributes = new PathAttributes(
                IpAddress.parse("192.0.2.1"),
                List.of(),
                OptionalLong.of(random.nextInt(3)),
                OptionalLong.empty(),
                new TreeSet<>());
        wanted.put(prefix, attributes);
        rib.put(prefix, attributes);
    }

    private void remove(Random random) {
        var prefix = prefix(random);
        wanted.remove(prefix);
        rib.remove(prefix);
    }

    private static Prefix prefix(Random random) {
        return new Prefix(IpAddress.v4(0x0b00_0000 + (random.nextInt(4) << 8)), 24);
    }

    private void say() {
        rib.settle(now);
        var withdrawal = rib.nextWithdrawal();
        if (!withdrawal.isEmpty()) {
            commands.add(new Command.Withdraw(List.of(SESSION), withdrawal));
        }
        if (seenUp) {
            rib.nextAnnouncement(Optional.empty(), PeerRib.BATCH)
                    .map(next -> new Command.Announce(List.of(SESSION), next.attributes(), next.prefixes()))
                    .ifPresent(commands::add);
        }
    }

    private void obey() {
        var command = commands.poll();
        if (command != null) {
            exabgp.tell(command);
            heard.add(() -> rib.answered(prefixes(command), now));
        }
    }

    private static List<Prefix> prefixes(Command command) {
        return command instanceof Command.Announce announce
                ? announce.prefixes()
                : ((Command.Withdraw) command).prefixes();
    }

    private void hear() {
        var line = heard.poll();
        if (line != null) {
            line.run();
        }
    }

    /** ExaBGP is faster than the time that is given to it. */
    private void pass(Duration time) {
        exabgp.send();
        now = now.plus(time);
    }

    private void bounce(Random random) {
        if (!exabgp.isUp()) {
            exabgp.comeUp();
            heard.add(() -> seenUp = true);
        } else if (random.nextInt(4) == 0) {
            exabgp.goDown();
            heard.add(() -> seenUp = false);
        }
    }

    private void settle() {
        if (!exabgp.isUp()) {
            exabgp.comeUp();
            heard.add(() -> seenUp = true);
        }
        for (int i = 0; i < 60; i++) {
            say();
            obey();
            obey();
            hear();
            hear();
            pass(Duration.ofMillis(60));
        }
    }
}
