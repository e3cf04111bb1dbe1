package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes of each group whose address floats that are asked whether they answer: its gateway, and a few that could take
 * over from it. More would cost every node a device each.
 */
public final class Standbys {
    private static final int MOST = 2;

    private Standbys() {}

    /** Gateways and standbys by group, of groups that policies name, used or not. The decisions were made from the state. */
    public static Map<GroupKey, List<NodeId>> of(EgressState state, EgressDecisions decisions) {
        var pools = RankedPools.of(state.pools());
        var asked = new HashMap<GroupKey, List<NodeId>>();
        decisions.gateways().forEach((key, choice) -> {
            if (key.cluster().equals(state.self()) && floats(pools, key)) {
                asked.put(key, asked(choice));
            }
        });
        return asked;
    }

    /** All of them, by the texts that numbers are given to. */
    static Set<String> nodes(EgressState state, EgressDecisions decisions) {
        return of(state, decisions).values().stream()
                .flatMap(List::stream)
                .map(NodeId::toString)
                .collect(Collectors.toSet());
    }

    private static boolean floats(RankedPools pools, GroupKey key) {
        return key.gateway().address() instanceof EgressAddress.Fixed(var address)
                && pools.of(address).isPresent();
    }

    private static List<NodeId> asked(GatewayChoice choice) {
        var asked = new ArrayList<NodeId>();
        if (choice instanceof GatewayChoice.Serving(var _, var group)) {
            asked.addAll(group.shares().keySet());
        }
        int most = MOST + Math.max(1, asked.size());
        choice.candidates().stream()
                .filter(node -> !asked.contains(node))
                .limit(most - asked.size())
                .forEach(asked::add);
        return asked;
    }
}
