package dev.tombolo.cli.bgp;

import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.egress.EgressNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What becomes of drains, and what whoever asks for that has to know beside it. Pure. */
final class DrainPlan {
    private DrainPlan() {}

    /** A drain that has begun keeps its time; one that was asked for without a time gets one. */
    static List<DrainChange> begin(List<Drainable> subjects, Instant now) {
        var drain = new BgpDrain(Optional.of(now.truncatedTo(ChronoUnit.SECONDS)), BgpDrain.GRACE);
        return subjects.stream()
                .map(subject -> new DrainChange(
                        subject,
                        subject.drain()
                                .filter(begun -> begun.since().isPresent())
                                .or(() -> Optional.of(drain))))
                .toList();
    }

    static List<DrainChange> end(List<Drainable> subjects) {
        return subjects.stream()
                .map(subject -> new DrainChange(subject, Optional.empty()))
                .toList();
    }

    /** Drains that are asked for: who has forgotten one wonders where the routes are. */
    static List<Notice> lasting(ObservedBgp seen) {
        return Stream.concat(
                        seen.nodes().stream().map(Drainable::of),
                        seen.clusterConfigs().stream().map(Drainable::of))
                .flatMap(subject -> subject.drain().map(drain -> lasting(subject, drain)).stream())
                .toList();
    }

    private static Notice lasting(Drainable subject, BgpDrain drain) {
        String how = drain.since()
                .flatMap(since -> drain.end()
                        .map(end -> " since " + since + ": until " + end
                                + " its routes ask for another way, then they are withdrawn"))
                .orElse(", nobody says since when: its routes ask for another way and stay");
        return new Notice(
                subject + " is drained" + how, "to end that: tombolo bgp drain " + option(subject) + " --undo");
    }

    /** What else decides about the same routes. */
    static List<String> notes(List<DrainChange> changes, ObservedBgp seen) {
        return changes.stream()
                .flatMap(change ->
                        (change.after().isPresent() ? begun(change, seen) : ended(change, changes, seen)).stream())
                .toList();
    }

    private static List<String> begun(DrainChange change, ObservedBgp seen) {
        if (change.subject().kind() == Drainable.Kind.CLUSTER_CONFIG) {
            return List.of();
        }
        String name = change.subject().name();
        var notes = new ArrayList<String>();
        if (seen.node(name).filter(node -> !seen.configs(node).isEmpty()).isEmpty()) {
            notes.add("no CiliumBGPClusterConfig is for node " + name + ", so it has no routes to take back");
        } else if (keepsEgressAddresses(name, seen)) {
            notes.add("egress addresses of node " + name
                    + " are told no more then, and stay on it; to move them: kubectl annotate node " + name + " "
                    + EgressNode.DRAIN_ANNOTATION + "=true");
        }
        return notes;
    }

    private static boolean keepsEgressAddresses(String name, ObservedBgp seen) {
        boolean told = seen.advertisements().stream()
                .flatMap(object -> object.spec().advertisements().stream())
                .anyMatch(entry -> entry.advertisementType().equals("EgressIP"));
        return told
                && seen.node(name)
                        .filter(node -> node.annotations().containsKey(EgressNode.DRAIN_ANNOTATION))
                        .isEmpty();
    }

    /** What is drained is so by whoever wants it drained more. */
    private static List<String> ended(DrainChange change, List<DrainChange> changes, ObservedBgp seen) {
        return others(change.subject(), seen).stream()
                .filter(other -> other.drain().isPresent())
                .filter(other ->
                        changes.stream().noneMatch(ending -> ending.subject().equals(other)))
                .map(other -> other + " is drained still, and with it what they have in common; to end that: "
                        + "tombolo bgp drain " + option(other) + " --undo")
                .toList();
    }

    private static List<Drainable> others(Drainable subject, ObservedBgp seen) {
        return switch (subject.kind()) {
            case NODE ->
                seen.node(subject.name()).stream()
                        .flatMap(node -> seen.configs(node).stream().limit(1))
                        .map(config -> new Drainable(Drainable.Kind.CLUSTER_CONFIG, config.name(), config.drain()))
                        .toList();
            case CLUSTER_CONFIG ->
                seen.nodes().stream()
                        .filter(node -> seen.configs(node).stream()
                                .limit(1)
                                .anyMatch(config -> config.name().equals(subject.name())))
                        .map(Drainable::of)
                        .toList();
        };
    }

    private static String option(Drainable subject) {
        return switch (subject.kind()) {
                    case NODE -> "--node ";
                    case CLUSTER_CONFIG -> "--cluster ";
                }
                + subject.name();
    }
}
