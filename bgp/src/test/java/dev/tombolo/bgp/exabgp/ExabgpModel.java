package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.Prefix;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How ExaBGP 4.2 and one session of it treat what they are told, as rib/outgoing.py has it: changes are collected by
 * their attributes and sent in the order in which these came first.
 */
final class ExabgpModel {
    final Map<Prefix, PathAttributes> router = new HashMap<>();
    private final Map<Prefix, PathAttributes> cache = new HashMap<>();
    private final Map<Optional<PathAttributes>, Map<Prefix, Optional<PathAttributes>>> groups = new LinkedHashMap<>();
    private final Map<Prefix, Optional<PathAttributes>> latest = new HashMap<>();
    private boolean up;
    private boolean sendsWithdrawals;

    void tell(Command command) {
        switch (command) {
            case Command.Announce announce ->
                announce.prefixes().forEach(prefix -> announce(prefix, announce.attributes()));
            case Command.Withdraw withdraw -> withdraw.prefixes().forEach(this::withdraw);
            default -> throw new IllegalArgumentException(command.text());
        }
    }

    private void announce(Prefix prefix, PathAttributes attributes) {
        if (!attributes.equals(cache.get(prefix))) {
            collect(prefix, Optional.of(attributes));
            cache.put(prefix, attributes);
        }
    }

    private void withdraw(Prefix prefix) {
        var before = latest.get(prefix);
        if (before != null) {
            groups.getOrDefault(before, new HashMap<>()).remove(prefix);
        }
        collect(prefix, Optional.empty());
        cache.remove(prefix);
    }

    private void collect(Prefix prefix, Optional<PathAttributes> attributes) {
        groups.computeIfAbsent(attributes, _ -> new LinkedHashMap<>()).put(prefix, attributes);
        latest.put(prefix, attributes);
    }

    /** A turn of its loop, for as long as the session is up. */
    void send() {
        if (up && !latest.isEmpty()) {
            groups.values().forEach(group -> group.forEach(this::send));
            groups.clear();
            latest.clear();
            sendsWithdrawals = true;
        }
    }

    private void send(Prefix prefix, Optional<PathAttributes> attributes) {
        attributes.ifPresentOrElse(announced -> router.put(prefix, announced), () -> {
            if (sendsWithdrawals) {
                router.remove(prefix);
            }
        });
    }

    void goDown() {
        up = false;
        groups.clear();
        latest.clear();
        router.clear();
    }

    /** Says so, and in the same turn begins to send all it holds. */
    void comeUp() {
        up = true;
        sendsWithdrawals = false;
        cache.forEach((prefix, attributes) -> collect(prefix, Optional.of(attributes)));
        send();
    }

    boolean isUp() {
        return up;
    }
}
