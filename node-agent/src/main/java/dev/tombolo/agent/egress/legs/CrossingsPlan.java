package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.attachment.Attachment;
import dev.tombolo.agent.egress.attachment.AttachmentPlan;
import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.agent.egress.legs.Duty.Place;
import dev.tombolo.agent.egress.legs.Duty.Way;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which packets of the node's own pods cross its stack, and by which devices. */
final class CrossingsPlan {
    private final List<Exit> exits;
    private final List<Way> ways;
    private final Map<Packets, Sent> sent =
            new TreeMap<>(Comparator.comparing(Packets::policy).thenComparing(Packets::v4));

    private record Packets(String policy, boolean v4) {}

    private record Sent(Set<Prefix> destinations, Set<String> devices) {}

    private CrossingsPlan(EgressProgram program, OwnPods pods, List<Exit> exits, List<Way> ways) {
        this.exits = exits;
        this.ways = ways;
        program.rows().rules().forEach((key, rule) -> {
            if (rule instanceof Rule.ToGroup(var policy, var _) && pods.sendBy(key)) {
                var packets = new Packets(policy, key.destination().isV4());
                var use = sent.computeIfAbsent(packets, _ -> new Sent(new HashSet<>(), new HashSet<>()));
                use.destinations().add(key.destination());
                use.devices().addAll(pods.devices(key));
            }
        });
    }

    static Crossings crossings(
            NodeId self, EgressProgram program, NodeNetwork network, OwnPods pods, List<Exit> exits, List<Way> ways) {
        var plan = new CrossingsPlan(program, pods, exits, ways);
        var watched = AttachmentPlan.attachments(self, program, network, Set.of()).keySet().stream()
                .filter(Attachment::isUplink)
                .map(Attachment::device)
                .collect(Collectors.toSet());
        return new Crossings(
                plan.sent.entrySet().stream()
                        .map(entry -> plan.crossing(entry.getKey(), entry.getValue()))
                        .toList(),
                watched);
    }

    private Crossing crossing(Packets packets, Sent sent) {
        return new Crossing(
                packets.policy(),
                packets.v4(),
                sent.destinations(),
                sent.devices(),
                exits.stream()
                        .filter(exit -> exit.ownPods() && exit.v4() == packets.v4())
                        .filter(exit -> exit.policies().contains(packets.policy()))
                        .flatMap(exit -> exit.on().map(Place::device).stream())
                        .collect(Collectors.toSet()),
                ways.stream()
                        .filter(way -> way.policies().contains(packets.policy()))
                        .map(Way::device)
                        .collect(Collectors.toSet()));
    }
}
