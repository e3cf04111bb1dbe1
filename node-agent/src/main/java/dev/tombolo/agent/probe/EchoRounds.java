package dev.tombolo.agent.probe;

import dev.tombolo.agent.probe.PathState.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom to ask in each round, and what the answers mean. Without clock, socket or thread; confined to one thread. */
final class EchoRounds {
    /** What a round changed: paths that answer or are dead now, and those of which nothing is known any more. */
    record Changes(Map<NodeId, Answer> answers, Set<NodeId> forgotten) {
        static final Changes NONE = new Changes(Map.of(), Set.of());
    }

    private final int mostInARound;
    private final Map<IpAddress, PathHealth> health = new HashMap<>();
    private final Map<NodeId, Answer> told = new HashMap<>();
    private Map<NodeId, IpAddress> addressByNode = Map.of();
    private List<IpAddress> hosts = List.of();
    private Set<IpAddress> asked = Set.of();
    private int next;
    private boolean changed;

    EchoRounds(int mostInARound) {
        this.mostInARound = mostInARound;
    }

    /** The nodes there are, by their address in the tunnel. What was known of a node at another address is forgotten. */
    void nodes(Map<NodeId, IpAddress> current) {
        addressByNode = Map.copyOf(current);
        hosts = current.values().stream().distinct().sorted().toList();
        health.keySet().retainAll(new HashSet<>(hosts));
        hosts.forEach(host -> health.putIfAbsent(host, PathHealth.UNKNOWN));
        changed = true;
    }

    /** A bounded share of the nodes, the next ones in the next round. */
    List<IpAddress> choose() {
        int count = Math.min(mostInARound, hosts.size());
        var chosen = new ArrayList<IpAddress>(count);
        for (int i = 0; i < count; i++) {
            chosen.add(hosts.get((next + i) % hosts.size()));
        }
        next = hosts.isEmpty() ? 0 : (next + count) % hosts.size();
        return chosen;
    }

    /** Those of the chosen that were really asked: who was not asked has missed nothing. */
    void asked(Collection<IpAddress> chosen) {
        asked = Set.copyOf(chosen);
    }

    /**
     * Ends a round.
     *
     * @param answered heard of since the last round ended, be it by an earlier question: answers from far away take
     *     longer than a round
     * @param onTime false when we were late ourselves: then silence is not held against anybody
     */
    Changes end(Set<IpAddress> answered, boolean onTime) {
        answered.forEach(host -> note(host, PathHealth.ANSWERS));
        if (onTime) {
            asked.stream()
                    .filter(host -> health.containsKey(host) && !answered.contains(host))
                    .forEach(host -> note(host, health.get(host).missedOne()));
        }
        asked = Set.of();
        return changed ? changes() : Changes.NONE;
    }

    private void note(IpAddress host, PathHealth after) {
        var before = health.replace(host, after);
        changed |= before != null && !before.answer().equals(after.answer());
    }

    private Changes changes() {
        var answers = new LinkedHashMap<NodeId, Answer>();
        var forgotten = new HashSet<>(told.keySet());
        addressByNode.forEach((node, host) -> health.get(host).answer().ifPresent(answer -> {
            forgotten.remove(node);
            if (!Optional.of(answer).equals(Optional.ofNullable(told.put(node, answer)))) {
                answers.put(node, answer);
            }
        }));
        told.keySet().removeAll(forgotten);
        changed = false;
        return new Changes(answers, forgotten);
    }
}
