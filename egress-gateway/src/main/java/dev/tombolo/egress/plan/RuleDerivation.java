package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.SetRules.Loss;
import dev.tombolo.egress.plan.SetRules.Member;
import dev.tombolo.egress.plan.SetRules.Verdict;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rules of a set from the policies that select it. At an address, each policy is taken by the longest of its own
 * prefixes that contains it: a destination applies the policy, an excluded range does not. Of the policies that apply,
 * the one with the longest prefix wins, and among equal ones the one of the highest rank.
 */
final class RuleDerivation {
    private static final Comparator<Member> RANK = Comparator.comparing(Member::policy, EgressPolicy.RANK);
    private final Map<Prefix, Level> levels = new TreeMap<>();
    private final Map<Prefix, Verdict> verdicts = new HashMap<>();
    private final List<Loss> losses = new ArrayList<>();

    /** Who names a prefix, as a destination or as a hole; the best rank first. */
    private record Level(Prefix prefix, List<Member> destinations, List<Member> holes) {
        Level(Prefix prefix) {
            this(prefix, new ArrayList<>(), new ArrayList<>());
        }
    }

    /** A prefix on the way down to the one that is looked at, with what holds within it. */
    private record Step(Level level, Optional<Verdict> verdict) {}

    RuleDerivation(List<Member> members) {
        members.stream().sorted(RANK).forEach(member -> {
            member.policy()
                    .destinations()
                    .forEach(prefix -> level(prefix).destinations().add(member));
            member.policy().excluded().forEach(prefix -> level(prefix).holes().add(member));
        });
    }

    private Level level(Prefix prefix) {
        return levels.computeIfAbsent(prefix, Level::new);
    }

    SetRules rules() {
        // Shorter prefixes come before those within them, but the families lie in each other's midst.
        descend(levels.values().stream().filter(level -> level.prefix().isV4()).toList());
        descend(levels.values().stream().filter(level -> !level.prefix().isV4()).toList());
        return new SetRules(verdicts, losses);
    }

    private void descend(List<Level> family) {
        Deque<Step> way = new ArrayDeque<>();
        for (var level : family) {
            while (!way.isEmpty() && !way.peek().level().prefix().contains(level.prefix())) {
                way.pop();
            }
            var above = way.isEmpty() ? Optional.<Verdict>empty() : way.peek().verdict();
            var verdict = verdict(level, way);
            if (!verdict.equals(above)) {
                verdict.ifPresent(said -> verdicts.put(level.prefix(), said));
            }
            way.push(new Step(level, verdict));
        }
    }

    /** From the longest prefix outwards: the first that a policy names as a destination and has not cut a hole below. */
    private Optional<Verdict> verdict(Level level, Deque<Step> way) {
        var holes = new ArrayList<>(level.holes());
        var applying = applying(level, holes);
        lose(level.prefix(), applying);
        for (var around : way) {
            if (!applying.isEmpty()) {
                break;
            }
            holes.addAll(around.level().holes());
            applying = applying(around.level(), holes);
        }
        return applying.isEmpty()
                ? excluded(holes, way)
                : Optional.of(applying.getFirst().verdict());
    }

    private static List<Member> applying(Level level, List<Member> holes) {
        if (holes.isEmpty()) {
            return level.destinations();
        }
        var holed = holes.stream().map(member -> member.policy().name()).collect(Collectors.toSet());
        return level.destinations().stream()
                .filter(member -> !holed.contains(member.policy().name()))
                .toList();
    }

    /** Nobody applies: a hole is one only in a destination around it. */
    private static Optional<Verdict> excluded(List<Member> holes, Deque<Step> way) {
        boolean surrounded = way.stream().anyMatch(step -> step.verdict().isPresent());
        return holes.stream()
                .filter(_ -> surrounded)
                .min(RANK)
                .map(member -> new Verdict.Excluded(member.policy().name()));
    }

    /** All but the first of those that apply at a prefix. */
    private void lose(Prefix prefix, List<Member> applying) {
        applying.stream()
                .skip(1)
                .map(member -> new Loss(
                        member.policy().name(),
                        prefix,
                        applying.getFirst().policy().name()))
                .forEach(losses::add);
    }
}
