package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.failover.GatewayWatcher;
import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whether the gateways of this node's pods answer by the devices that lead there, also where no address floats and so no
 * vote is asked for.
 */
final class GatewayEchoes implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Table<NodeId, IpAddress> probes = new Table<>("egress gateway legs");
    private final Table<NodeId, Boolean> answers = new Table<>("egress gateway answers");
    private final Derivation<?, ?> derivation;
    private final GatewayWatcher watcher;

    /** @param used the gateways, with the numbers that they have on this node */
    GatewayEchoes(
            Table<String, EgressProgram> program, Table<String, Carrier> carriers, Supplier<Map<NodeId, Integer>> used)
            throws NetlinkException {
        derivation = Derivation.into(probes)
                .fromAll(program)
                .fromAll(carriers)
                .startWhole(() -> asked(used.get(), carriers.snapshot().toMap()));
        watcher = GatewayWatcher.start(probes, answers, PAUSE);
    }

    private static Map<NodeId, IpAddress> asked(Map<NodeId, Integer> used, Map<String, Carrier> carriers) {
        var asked = new HashMap<NodeId, IpAddress>();
        used.forEach((gateway, number) -> {
            var carrier = carriers.get(Carrier.toGateway(number));
            if (carrier != null && carrier.source().isPresent()) {
                asked.put(gateway, ProbeAddress.of(number));
            }
        });
        return asked;
    }

    /** One that never did is missing. */
    Map<NodeId, Boolean> answers() {
        return answers.snapshot().toMap();
    }

    @Override
    public void close() {
        watcher.close();
        derivation.close();
    }
}
