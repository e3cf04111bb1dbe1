package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.PodSlot;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The gateways of a group by slot. A pod's address decides its slot.
 *
 * @param slots empty where the slot's gateway is dead and no other may take over: its pods' packets are dropped
 */
public record GatewayGroup(List<Optional<NodeId>> slots) {
    public static final int SLOTS = 64;

    public GatewayGroup {
        slots = List.copyOf(slots);
    }

    static GatewayGroup of(List<NodeId> gateways) {
        return new GatewayGroup(IntStream.range(0, SLOTS)
                .mapToObj(slot -> Optional.of(Rendezvous.winner(slot, gateways, NodeId::toString)))
                .toList());
    }

    public static int slot(IpAddress pod) {
        return PodSlot.of(pod, SLOTS);
    }

    public Optional<NodeId> gatewayOf(IpAddress pod) {
        return slots.get(slot(pod));
    }

    /** How many slots each gateway has, by name. */
    public Map<NodeId, Integer> shares() {
        return slots.stream()
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.summingInt(_ -> 1)));
    }

    GatewayGroup without(Predicate<NodeId> dead) {
        return new GatewayGroup(
                slots.stream().map(slot -> slot.filter(dead.negate())).toList());
    }
}
