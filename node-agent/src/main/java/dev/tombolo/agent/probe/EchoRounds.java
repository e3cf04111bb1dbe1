package dev.tombolo.agent.probe;

import dev.tombolo.agent.probe.PathState.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whom to ask in each round, and what the answers mean. Without clock, socket or thread; confined to one thread. */
public final class EchoRounds {
    /** What a round changed: paths that answer or are dead now, and those of which nothing is known any more. */
    public record Changes(Map<NodeId, Answer> answers, Set<NodeId> forgotten) {
        static final Changes NONE = new Changes(Map.of(), Set.of());
    }

    /** Of a path of the mesh: its rounds are so far apart that three are no passing trouble. */
    private static final int BELIEVED_AFTER = 3;

    private final int mostInARound;
    private final int believedAfter;
    private final Map<IpAddress, PathHealth> health = new HashMap<>();
    private final Map<NodeId, Answer> told = new HashMap<>();
    /** Dead since before the start, and not among the nodes yet. */
    private final Map<NodeId, DeadPath> remembered;

    private final Turns<IpAddress> often = new Turns<>();
    private final Turns<IpAddress> others = new Turns<>();
    private Map<NodeId, IpAddress> addressByNode = Map.of();
    private Set<IpAddress> asked = Set.of();
    private boolean changed;

    /**
     * Rounds that begin with nothing known.
     *
     * @param believedAfter how many silences in a row mean that a path is dead
     */
    public EchoRounds(int mostInARound, int believedAfter) {
        this(mostInARound, believedAfter, Map.of());
    }

    /**
     * Rounds that begin with what is told already.
     *
     * @param remembered paths that were dead, and are until they answer
     */
    EchoRounds(int mostInARound, Map<NodeId, DeadPath> remembered) {
        this(mostInARound, BELIEVED_AFTER, remembered);
    }

    private EchoRounds(int mostInARound, int believedAfter, Map<NodeId, DeadPath> remembered) {
        this.mostInARound = mostInARound;
        this.believedAfter = believedAfter;
        this.remembered = new HashMap<>(remembered);
    }

    /**
     * The nodes there are, by their address in the tunnel. What was known of a node at another address is forgotten.
     *
     * @param preferred those that are asked more often where there are too many to ask all of them in each round
     */
    public void nodes(Map<NodeId, IpAddress> current, Set<NodeId> preferred) {
        addressByNode = Map.copyOf(current);
        var hosts = Set.copyOf(current.values());
        health.keySet().retainAll(hosts);
        current.forEach(this::recall);
        hosts.forEach(host -> health.putIfAbsent(host, PathHealth.UNKNOWN));
        var first = preferred.stream()
                .flatMap(node -> Optional.ofNullable(current.get(node)).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        often.of(List.copyOf(first));
        others.of(hosts.stream().filter(host -> !first.contains(host)).sorted().toList());
        changed = true;
    }

    private void recall(NodeId node, IpAddress host) {
        var before = remembered.remove(node);
        if (before != null) {
            told.put(node, Answer.DEAD);
            if (before.address().equals(host)) {
                health.putIfAbsent(host, PathHealth.DEAD);
            }
        }
    }

    /** All nodes are known by now: those remembered and not among them are no more. */
    void forgetAbsent() {
        remembered.keySet().forEach(node -> told.put(node, Answer.DEAD));
        changed |= !remembered.isEmpty();
        remembered.clear();
    }

    /** A bounded share of the nodes, the next ones in the next round. */
    public List<IpAddress> choose() {
        int roomForOften = Math.max(mostInARound * 3 / 4, mostInARound - others.size());
        var chosen = often.take(roomForOften);
        chosen.addAll(others.take(mostInARound - chosen.size()));
        return chosen;
    }

    /** Those of the chosen that were really asked: who was not asked has missed nothing. */
    public void asked(Collection<IpAddress> chosen) {
        asked = Set.copyOf(chosen);
    }

    /**
     * Ends a round.
     *
     * @param answered heard of since the last round ended, be it by an earlier question: answers from far away take
     *     longer than a round
     * @param onTime false when we were late ourselves: then silence is not held against anybody
     */
    public Changes end(Set<IpAddress> answered, boolean onTime) {
        answered.forEach(host -> note(host, PathHealth.ANSWERS));
        if (onTime) {
            asked.stream()
                    .filter(host -> health.containsKey(host) && !answered.contains(host))
                    .forEach(host -> note(host, health.get(host).missedOne(believedAfter)));
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
